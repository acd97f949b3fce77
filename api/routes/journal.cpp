// What is kept in the journal of what is asked here, and the journal for the operator to read.
#include <nlohmann/json.hpp>

#include "api/routes/read.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t lines_default = 50;
constexpr std::uint64_t lines_max = 500;
constexpr std::array<std::string_view, 7> method_words = {"GET",   "HEAD",   "POST",   "PUT",
                                                          "PATCH", "DELETE", "OPTIONS"};
// What an answer says of what was done. All else may be a secret.
constexpr std::array<std::string_view, 11> told_members = {
    "entry", "kept",   "classification", "readers", "party",  "name",
    "code",  "folder", "size",           "number",  "details"};

std::string what_of(const HttpRequest& request) {
  const auto method = static_cast<std::size_t>(request.method);
  return std::string(method < method_words.size() ? method_words[method] : "?") + " " +
         request.target;
}

Bytes about(const HttpResponse& response) {
  if (response.body == nullptr) return {};
  const auto body = parse_json(*response.body);
  if (!body || !body->is_object()) return {};
  Json told = Json::object();
  for (const std::string_view name : told_members) {
    const auto member = body->find(name);
    if (member != body->end()) told[std::string(name)] = *member;
  }
  return told.empty() ? Bytes() : told.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_reading(const HttpRequest& request) {
  return request.method == HttpMethod::get || request.method == HttpMethod::head;
}

}  // namespace

// A deed is written down before it is done, and what came of it after: if the first cannot be,
// nothing is done.
HttpResponse Api::recorded(const HttpRequest& request,
                           const std::function<HttpResponse()>& act) const {
  if (options_.journal == nullptr || !authenticate_operator(request)) return act();
  JournalLine line{"operator", request.peer, what_of(request)};
  if (!is_reading(request)) {
    if (const auto kept = options_.journal->add(line); !kept) {
      return for_them_alone(problem(kept.error()));
    }
  }
  HttpResponse response = act();
  line.status = response.status;
  if (!is_reading(request)) line.about = about(response);
  const auto kept = options_.journal->add(line);
  if (kept || !is_reading(request)) return response;
  return for_them_alone(problem(kept.error()));
}

// Before the texts are shown.
Result<void> Api::record_opening_read(const HttpRequest& request, const PartyId& reader) const {
  if (options_.journal == nullptr) return {};
  if (!opening_rate_.allow(reader.name, clock_.now())) {
    return Error{Errc::overloaded, "rate-limited",
                 "sealed texts are read more often than they may: wait a second"};
  }
  return options_.journal->add({"party:" + reader.name, request.peer, what_of(request), 200});
}

// /v1/operator/journal
Result<HttpResponse> Api::get_journal(const HttpRequest& request) const {
  TRY_VOID(authenticate_operator(request));
  const auto view = log_.view();
  const Read read{request, *view, *view, options_};
  const std::uint64_t limit = TRY(read.number("limit", lines_default, 1, lines_max));
  std::optional<std::uint64_t> before;
  if (request.parameter("before")) {
    before = TRY(read.number("before", 0, 1, json_integer_max));
  }
  if (options_.journal == nullptr) {
    return Error{Errc::unavailable, "journal-not-kept", "this service keeps no journal"};
  }
  auto lines = TRY(options_.journal->newest(before, limit));
  const bool more = lines.size() == limit && lines.back()["number"] != 1;
  const Json next = more ? lines.back()["number"] : Json();
  return json_response(200, {{"lines", std::move(lines)}, {"next", next}});
}

}  // namespace cpl
