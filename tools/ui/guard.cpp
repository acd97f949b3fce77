#include "tools/ui/guard.hpp"

#include <unistd.h>

#include "api/http/cookie.hpp"
#include "api/http/problem.hpp"
#include "api/http/sent_form.hpp"
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr std::size_t secret_octets = 32;
constexpr std::uint64_t start_millis = 60'000;

std::string new_secret() { return to_hex(random_bytes(secret_octets)); }

// What is refused says nothing of what is behind it.
HttpResponse refusal(unsigned status, const std::string& words) {
  return text_response(status, "text/plain; charset=utf-8", words + "\n");
}

std::string field_of(const HttpRequest& request, std::string_view name) {
  const auto form = parse_sent_form(request);
  return form ? std::string(form->field(name)) : std::string();
}

bool is_read(HttpMethod method) { return method == HttpMethod::get || method == HttpMethod::head; }

}  // namespace

UiGuard::UiGuard(std::string host, const Clock& clock, AskerOf asker_of)
    : host_(std::move(host)),
      cookie_name_("cpl-" + to_hex(random_bytes(4))),
      session_(new_secret()),
      form_secret_(new_secret()),
      clock_(clock),
      asker_of_(std::move(asker_of)) {}

std::string UiGuard::new_start_code() {
  const Lock lock(mutex_);
  start_code_ = new_secret();
  start_until_ = UnixMillis{clock_.now().value + start_millis};
  return start_code_;
}

bool UiGuard::has_begun() {
  const Lock lock(mutex_);
  return has_begun_;
}

std::optional<HttpResponse> UiGuard::answer(const HttpRequest& request) {
  const auto host = request.headers.find("host");
  if (!host || *host != host_) return refusal(421, "");
  const auto asker = asker_of_(request);
  if (asker && *asker != ::geteuid()) return refusal(403, "These pages are another user's.");
  if (request.target.starts_with("/assets/")) return std::nullopt;
  if (request.target == "/session") return begin_session(request);
  if (!has_session(request)) {
    return refusal(401,
                   "Start cpl ui again, or open the file that it names: these pages are for "
                   "the browser that it opened.");
  }
  if (!is_from_our_pages(request)) return refusal(403, "That was asked from another site.");
  const bool is_sent = request.method == HttpMethod::post;
  if (!is_read(request.method) && !is_sent) return refusal(405, "");
  if (is_sent && !has_form_key(request)) return refusal(403, "That form is not of these pages.");
  return std::nullopt;
}

std::string UiGuard::form_key(std::string_view path) const {
  return to_hex(hmac_sha256(form_secret_, path));
}

// The browser does not send a strict cookie along a redirection that began in a file, and does
// after a page that asks to be followed by another.
std::optional<HttpResponse> UiGuard::begin_session(const HttpRequest& request) {
  const std::string given = field_of(request, "code");
  {
    const Lock lock(mutex_);
    const bool holds = request.method == HttpMethod::post && !start_code_.empty() &&
                       clock_.now() < start_until_ && equal_in_constant_time(given, start_code_);
    if (!holds) return refusal(403, "That start code was used, or is too old. Start cpl ui again.");
    start_code_.clear();
    has_begun_ = true;
  }
  HttpResponse response = text_response(
      200, "text/html; charset=utf-8",
      "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>cpl ui</title>"
      "<link rel=\"icon\" href=\"data:,\"><meta http-equiv=\"refresh\" content=\"0; "
      "url=/\"></head><body><h1>cpl ui</h1>"
      "<p><a href=\"/\">Go on</a></p></body></html>\n");
  response.headers.emplace_back(
      "Set-Cookie", cookie_name_ + "=" + session_ + "; HttpOnly; SameSite=Strict; Path=/");
  return response;
}

bool UiGuard::has_session(const HttpRequest& request) const {
  const auto secret = cookie_of(request, cookie_name_);
  return secret && equal_in_constant_time(*secret, session_);
}

// A page on another port of this address is sent the cookie, too; what it cannot do is to name our
// origin as its own.
bool UiGuard::is_from_our_pages(const HttpRequest& request) const {
  const auto site = request.headers.find("sec-fetch-site");
  const auto origin = request.headers.find("origin");
  if (origin && *origin != "http://" + host_) return false;
  if (is_read(request.method)) return !site || *site == "same-origin" || *site == "none";
  return origin && (!site || *site == "same-origin");
}

bool UiGuard::has_form_key(const HttpRequest& request) const {
  return equal_in_constant_time(field_of(request, "form"), form_key(request.path()));
}

}  // namespace cpl
