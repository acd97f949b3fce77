#include "api/server/message.hpp"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>
#include <charconv>

#include "registry/base/http_tokens.hpp"

namespace cpl {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t fields_max = 100;
constexpr std::size_t empty_lines_max = 8;
constexpr std::string_view line_end = "\r\n";

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

HttpMethod method_of(http::verb verb) {
  switch (static_cast<int>(verb)) {
    case static_cast<int>(http::verb::get):
      return HttpMethod::get;
    case static_cast<int>(http::verb::head):
      return HttpMethod::head;
    case static_cast<int>(http::verb::post):
      return HttpMethod::post;
    case static_cast<int>(http::verb::put):
      return HttpMethod::put;
    case static_cast<int>(http::verb::patch):
      return HttpMethod::patch;
    case static_cast<int>(http::verb::delete_):
      return HttpMethod::delete_;
    case static_cast<int>(http::verb::options):
      return HttpMethod::options;
    default:
      return HttpMethod::other;
  }
}

ServerProblem bad_request(std::string detail) {
  return {400, "bad-request", "The request is not well-formed HTTP/1.1", std::move(detail)};
}

ServerProblem fields_too_large() {
  return {431, "header-too-large", "The request's header is too large",
          "The header has more or longer fields than this server takes. Send fewer or shorter "
          "ones."};
}

ServerProblem problem_of(const boost::beast::error_code& error) {
  if (error == http::error::header_limit) return fields_too_large();
  if (error == http::error::body_limit) {
    return {413, "body-too-large", "The request's body is too large",
            "The body is larger than this server takes."};
  }
  return bad_request("The request cannot be read: " + error.message() + ".");
}

ServerProblem problem_of(const Error& refusal) {
  if (refusal.errc == Errc::too_large) {
    return {414, "target-too-long", "The request target is too long", refusal.detail + "."};
  }
  return {400, "bad-target", "The request target is not well-formed", refusal.detail + "."};
}

// Of text of ours, which has no control characters.
std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

// A control character from a handler would end the field early and begin another: never let one
// out, whatever the handler was made to echo.
void append_field_text(std::string& out, std::string_view text) {
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
}

bool has_content_length(unsigned status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

HttpResponse problem_response(const std::string& problem_base, const ServerProblem& problem) {
  HttpResponse response;
  response.status = problem.status;
  response.headers.emplace_back("Content-Type", "application/problem+json");
  if (problem.status == 503) response.headers.emplace_back("Retry-After", "1");
  response.body = std::make_shared<const Bytes>(
      "{\"type\":" + json_string(problem_base + std::string(problem.slug)) +
      ",\"title\":" + json_string(problem.title) + ",\"status\":" + std::to_string(problem.status) +
      ",\"detail\":" + json_string(problem.detail) + ",\"code\":" + json_string(problem.slug) +
      "}");
  return response;
}

RequestParser::RequestParser(const ServerLimits& limits)
    : header_octets_max_(limits.header_octets_max) {
  header_limit(limits.header_octets_max);
  body_limit(limits.body_octets_max);
}

std::size_t RequestParser::feed(BytesView received) {
  std::size_t taken = pass_empty_lines(received);
  if (!begun_) return taken;
  while (!problem_ && !is_done() && taken < received.size()) {
    Code error;
    const std::size_t used =
        put(boost::asio::buffer(received.data() + taken, received.size() - taken), error);
    taken += used;
    if (error == http::error::need_more) break;
    if (error && !problem_) problem_ = problem_of(error);
  }
  return taken;
}

// Old clients send one behind a body, some proxies before a request (RFC 9112, 2.2).
std::size_t RequestParser::pass_empty_lines(BytesView received) {
  std::size_t passed = 0;
  while (!begun_ && received.substr(passed).starts_with(line_end) &&
         empty_lines_ < empty_lines_max) {
    passed += line_end.size();
    ++empty_lines_;
  }
  const std::string_view rest = received.substr(passed);
  const bool may_be_another = empty_lines_ < empty_lines_max && line_end.starts_with(rest);
  begun_ = begun_ || !may_be_another;
  return passed;
}

void RequestParser::on_request_impl(http::verb method, Text /*name*/, Text target, int version,
                                    Code& error) {
  version_ = version;
  request_.method = method_of(method);
  request_.target = view(target);
  auto parsed = cpl::parse_target(request_.target);
  if (!parsed) {
    problem_ = problem_of(std::as_const(parsed).error());
    error = http::error::bad_target;
    return;
  }
  request_.segments = std::move(parsed->segments);
  request_.query = std::move(parsed->query);
}

void RequestParser::on_field_impl(http::field /*field*/, Text name, Text value, Code& error) {
  request_.headers.add(view(name), view(value));
  // Beast's own limit is for each piece that it is given; this one is for the whole header.
  if (request_.headers.size() > fields_max || request_.headers.octets() > header_octets_max_) {
    error = http::error::header_limit;
  }
}

std::optional<ServerProblem> RequestParser::refusal_of_head() const {
  const HttpHeaders& headers = request_.headers;
  if (headers.count("Transfer-Encoding") > 0) {
    return ServerProblem{411, "length-required", "The request needs a Content-Length",
                         "This server takes no Transfer-Encoding. Send the body whole, with its "
                         "Content-Length."};
  }
  const std::string coding = headers.list("Content-Encoding");
  if (!coding.empty() && !same_token(coding, "identity")) {
    return ServerProblem{415, "content-encoding-unsupported", "The body is in a coding",
                         "This server takes bodies as they are. Send it without Content-Encoding."};
  }
  const auto length = headers.find("Content-Length");
  if (headers.count("Content-Length") > 1 ||
      (length && length->find_first_not_of("0123456789") != std::string_view::npos)) {
    return bad_request("The Content-Length is not one decimal number.");
  }
  const std::size_t hosts = headers.count("Host");
  if (hosts > 1 || (hosts == 0 && version_ == 11)) {
    return bad_request("The request does not have exactly one Host field.");
  }
  const auto expect = headers.find("Expect");
  if (expect && !same_token(*expect, "100-continue")) {
    return ServerProblem{417, "expectation-failed", "The expectation cannot be met",
                         "The only expectation this server knows is 100-continue."};
  }
  return std::nullopt;
}

void RequestParser::on_header_impl(Code& error) {
  problem_ = refusal_of_head();
  if (problem_) error = http::error::bad_field;
  expects_continue_ = version_ == 11 && request_.headers.count("Expect") > 0;
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, Code&) {
  // The stated length is only a promise: reserve for what is likely, not for what is claimed.
  constexpr std::uint64_t reserved_max = 64 * 1024;
  request_.body.reserve(static_cast<std::size_t>(std::min(length.value_or(0), reserved_max)));
}

std::size_t RequestParser::on_body_impl(Text body, Code&) {
  request_.body.append(body.data(), body.size());
  return body.size();
}

void RequestParser::on_finish_impl(Code&) {}

void append_response_head(std::string& out, const HttpResponse& response, const HeadFacts& facts) {
  out += "HTTP/1.1 ";
  append_number(out, response.status);
  out += ' ';
  out += view(http::obsolete_reason(static_cast<http::status>(response.status)));
  out += "\r\nServer: cpld\r\nX-Content-Type-Options: nosniff\r\nDate: ";
  out += facts.date;
  for (const auto& [name, value] : response.headers) {
    out += "\r\n";
    append_field_text(out, name);
    out += ": ";
    append_field_text(out, value);
  }
  if (response.stream != nullptr) {
    if (facts.chunked) out += "\r\nTransfer-Encoding: chunked";
  } else if (has_content_length(response.status)) {
    out += "\r\nContent-Length: ";
    append_number(out, response.body == nullptr ? 0 : response.body->size());
  }
  if (facts.closing) out += "\r\nConnection: close";
  out += "\r\n\r\n";
}

}  // namespace cpl
