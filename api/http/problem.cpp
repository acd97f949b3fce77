#include "api/http/problem.hpp"

#include <nlohmann/json.hpp>

#include "registry/base/fault_teller.hpp"

namespace cpl {
namespace {

// Where HTTP has a word of its own for what is wrong.
constexpr std::array<std::pair<std::string_view, unsigned>, 10> statuses_of_codes = {
    {{"credentials-missing", 401},
     {"credentials-unknown", 401},
     {"operator-not-configured", 401},
     {"session-ended", 401},
     {"method-not-allowed", 405},
     {"not-acceptable", 406},
     {"precondition-failed", 412},
     {"media-type-unsupported", 415},
     {"idempotency-key-reused", 422},
     {"precondition-required", 428}}};

std::string_view title_of(Errc errc) {
  switch (errc) {
    case Errc::invalid:
      return "Invalid request";
    case Errc::unauthorized:
      return "The signatures or credentials do not suffice";
    case Errc::not_found:
      return "There is no such thing here";
    case Errc::conflict:
      return "The rules or the present state refuse this";
    case Errc::too_large:
      return "The request is too large";
    case Errc::overloaded:
      return "Too much is waiting";
    case Errc::unavailable:
      return "Not available at present";
    case Errc::indeterminate:
      return "The outcome is not known";
    case Errc::corrupt:
      return "The registry's stored data is damaged";
  }
  return "Error";
}

}  // namespace

unsigned status_of(const Error& error) {
  for (const auto& [code, status] : statuses_of_codes) {
    if (error.code == code) return status;
  }
  switch (error.errc) {
    case Errc::invalid:
      return 400;
    case Errc::unauthorized:
      return 403;
    case Errc::not_found:
      return 404;
    case Errc::conflict:
      return 409;
    case Errc::too_large:
      return 413;
    case Errc::overloaded:
      return 429;
    case Errc::unavailable:
    case Errc::indeterminate:
      return 503;
    case Errc::corrupt:
      return 500;
  }
  return 500;
}

Json problem_json(const Error& error, std::string_view problem_base) {
  Json body = {{"type", std::string(problem_base) + error.code},
               {"title", title_of(error.errc)},
               {"status", status_of(error)},
               {"detail", is_fault(error) ? "the operator has been told" : error.detail},
               {"code", error.code}};
  if (error.rule != 0) body["rule"] = error.rule;
  for (const Fault& fault : error.faults) {
    body["errors"].push_back(
        {{"pointer", fault.pointer}, {"code", fault.code}, {"detail", fault.detail}});
  }
  return body;
}

HttpResponse problem_response(const Error& error, std::string_view problem_base) {
  const unsigned status = status_of(error);
  HttpResponse response = json_response(status, problem_json(error, problem_base));
  set_header(response, "Content-Type", "application/problem+json");
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (status == 429 || status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

HttpResponse json_response(unsigned status, const Json& body) {
  // A refusal may quote what was sent, and that need not be UTF-8.
  return text_response(status, "application/json",
                       body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

HttpResponse text_response(unsigned status, std::string_view content_type, Bytes body) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", std::string(content_type)}, {"Cache-Control", "no-store"}};
  response.body = std::make_shared<const Bytes>(std::move(body));
  return response;
}

}  // namespace cpl
