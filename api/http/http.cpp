#include "api/http/http.hpp"

#include <array>

#include "api/http/percent.hpp"
#include "crypto/encoding.hpp"
#include "registry/base/http_tokens.hpp"

namespace cpl {
namespace {

constexpr std::size_t target_octets_max = 8192;
constexpr std::size_t segments_max = 32;
constexpr std::size_t parameters_max = 64;
// By the position in HttpMethod.
constexpr std::array<std::string_view, 8> method_names = {"GET",   "HEAD",   "POST",    "PUT",
                                                          "PATCH", "DELETE", "OPTIONS", "?"};

Result<std::string> decoded(std::string_view text, Plus plus) {
  auto out = percent_decoded(text, plus);
  if (!out) {
    return malformed("target-malformed",
                     "a % in the request target is not followed by two hexadecimal digits");
  }
  if (is_printable_utf8(*out)) return *std::move(out);
  return malformed("target-malformed",
                   "the request target does not decode to printable UTF-8 text");
}

// The text up to `separator`, which is taken off the front of `rest` with it.
std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return taken;
}

Result<std::vector<std::string>> parse_path(std::string_view path) {
  std::vector<std::string> segments;
  if (path == "/") return segments;
  if (static_cast<std::size_t>(std::ranges::count(path, '/')) > segments_max) {
    return malformed("target-malformed", "the path has more than 32 segments");
  }
  // Every "/" begins a segment, so that a trailing one leaves an empty segment.
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view raw = path.substr(0, path.find('/'));
    path.remove_prefix(raw.size());
    auto segment = TRY(decoded(raw, Plus::literal));
    if (segment == "." || segment == "..") {
      return malformed("target-malformed", "the path has a \".\" or \"..\" segment");
    }
    segments.push_back(std::move(segment));
  }
  return segments;
}

Result<HttpParameters> parse_query(std::string_view query) {
  HttpParameters parameters;
  while (!query.empty()) {
    std::string_view value = take_until(query, '&');
    if (value.empty()) continue;
    if (parameters.size() == parameters_max) {
      return malformed("target-malformed", "the query has more than 64 parameters");
    }
    const std::string_view name = take_until(value, '=');
    auto decoded_name = TRY(decoded(name, Plus::space));
    auto decoded_value = TRY(decoded(value, Plus::space));
    parameters.emplace_back(std::move(decoded_name), std::move(decoded_value));
  }
  return parameters;
}

// "https://host/path" is "/path" to us.
std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!same_token(target.substr(0, scheme.size()), scheme)) continue;
    const std::size_t path = target.find_first_of("/?", scheme.size());
    return path == std::string_view::npos ? "/" : target.substr(path);
  }
  return target;
}

}  // namespace

std::string_view name_of(HttpMethod method) {
  return method_names[static_cast<std::size_t>(method)];
}

HttpHeaders::HttpHeaders() {
  text_.reserve(512);
  fields_.reserve(16);
}

std::string_view HttpHeaders::name_of(const Field& field) const {
  return std::string_view(text_).substr(field.name, field.value - field.name);
}

void HttpHeaders::add(std::string_view name, std::string_view value) {
  Field field;
  field.name = static_cast<std::uint32_t>(text_.size());
  text_ += name;
  field.value = static_cast<std::uint32_t>(text_.size());
  text_ += value;
  field.end = static_cast<std::uint32_t>(text_.size());
  fields_.push_back(field);
}

std::optional<std::string_view> HttpHeaders::find(std::string_view name) const {
  const auto field = std::ranges::find_if(
      fields_, [&](const Field& candidate) { return same_token(name_of(candidate), name); });
  if (field == fields_.end()) return std::nullopt;
  return std::string_view(text_).substr(field->value, field->end - field->value);
}

std::size_t HttpHeaders::count(std::string_view name) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      fields_, [&](const Field& candidate) { return same_token(name_of(candidate), name); }));
}

std::string HttpHeaders::list(std::string_view name) const {
  std::string out;
  for (const Field& field : fields_) {
    if (!same_token(name_of(field), name)) continue;
    if (!out.empty()) out += ", ";
    out += std::string_view(text_).substr(field.value, field.end - field.value);
  }
  return out;
}

Result<HttpTarget> parse_target(std::string_view target) {
  if (target.size() > target_octets_max) {
    return Error{Errc::too_large, "target-too-long",
                 "the request target is longer than 8192 octets", 0};
  }
  if (std::ranges::any_of(target, [](char c) { return c <= 0x20 || c >= 0x7f || c == '#'; })) {
    return malformed("target-malformed",
                     "the request target has a character that must be percent-encoded");
  }
  if (target == "*") return HttpTarget{};
  std::string_view rest = without_authority(target);
  const bool absolute = rest.size() != target.size();
  const std::string_view path = take_until(rest, '?');
  if (path.empty() ? !absolute : path.front() != '/') {
    return malformed("target-malformed", "the request target does not begin with \"/\"");
  }
  HttpTarget out;
  out.segments = TRY(parse_path(path.empty() ? "/" : path));
  out.query = TRY(parse_query(rest));
  return out;
}

std::optional<std::string_view> HttpRequest::parameter(std::string_view name) const {
  const auto found = std::ranges::find(query, name, &std::pair<std::string, std::string>::first);
  if (found == query.end()) return std::nullopt;
  return std::string_view(found->second);
}

void set_header(HttpResponse& response, std::string_view name, std::string value) {
  const auto at =
      std::ranges::find(response.headers, name, &std::pair<std::string, std::string>::first);
  if (at != response.headers.end()) {
    at->second = std::move(value);
  } else {
    response.headers.emplace_back(name, std::move(value));
  }
}

std::string http_date(std::chrono::sys_seconds time) {
  constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  const auto two_digits = [](auto number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  return std::string(days[std::chrono::weekday(day).c_encoding()]) + ", " +
         two_digits(static_cast<unsigned>(date.day())) + " " +
         months[static_cast<unsigned>(date.month()) - 1] + " " +
         std::to_string(static_cast<int>(date.year())) + " " + two_digits(clock.hours().count()) +
         ":" + two_digits(clock.minutes().count()) + ":" + two_digits(clock.seconds().count()) +
         " GMT";
}

}  // namespace cpl
