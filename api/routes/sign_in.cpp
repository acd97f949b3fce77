#include "api/routes/sign_in.hpp"

#include "api/http/client_address.hpp"
#include "api/http/cookie.hpp"
#include "api/http/form.hpp"
#include "api/http/problem.hpp"
#include "api/pages/sign_in.hpp"
#include "api/routes/pages.hpp"
#include "api/routes/services.hpp"
#include "crypto/hash.hpp"
#include "registry/base/ip_address.hpp"

namespace cpl {
namespace {

constexpr std::string_view cookie_attributes = "; Secure; HttpOnly; SameSite=Lax; Path=/";
constexpr std::string_view party_home = "/me";
constexpr std::string_view token_spaces = " \t\r\n";

// Browsers keep a Secure cookie of a site that is reached by TLS, and of their own machine.
bool keeps_cookies(std::string_view public_url) {
  constexpr std::string_view plain = "http://";
  if (public_url.starts_with("https://")) return true;
  if (!public_url.starts_with(plain)) return false;
  std::string_view host = public_url.substr(plain.size());
  host = host.substr(0, host.find('/'));
  const bool is_v6 = host.starts_with("[::1]");
  host = host.substr(0, host.rfind(':'));
  const auto address = parse_ip_address(host);
  return is_v6 || host == "localhost" || (address && !address->is_v6 && address->octets[0] == 127);
}

Error sign_in_needs_https(const std::string& public_url) {
  return refuse("sign-in-needs-https",
                "Nobody can sign in at " + public_url +
                    ": a browser keeps its session only with https. The registry's operator can "
                    "change that; programs can use the API with the token.");
}

Error sign_in_too_often() {
  return Error{Errc::overloaded, "sign-in-too-often",
               "That was tried five times within a minute from your address: wait a minute, and "
               "paste the whole token."};
}

std::string_view without_ends(std::string_view text) {
  const auto from = std::min(text.find_first_not_of(token_spaces), text.size());
  const auto last = text.find_last_not_of(token_spaces);
  return last == text.npos ? std::string_view() : text.substr(from, last + 1 - from);
}

// Where somebody wanted to go, if that is a page of a Party's own. What begins with a scheme is a
// target to a proxy, and leads elsewhere.
std::string place_after(std::string_view wanted) {
  if (!wanted.starts_with('/')) return std::string(party_home);
  const auto target = parse_target(wanted);
  const Path* const path = target ? find_path(target->segments) : nullptr;
  const Route* const route = path == nullptr ? nullptr : path->row(HttpMethod::get);
  const bool is_own = route != nullptr && route->caller == Caller::viewer;
  return std::string(is_own ? wanted : party_home);
}

HttpResponse go_to(const std::string& place) {
  HttpResponse response = text_response(303, "text/plain", "");
  response.headers.emplace_back("Location", place);
  return response;
}

std::string cookie_line(std::string_view secret) {
  return std::string(session_cookie) + "=" + std::string(secret) + std::string(cookie_attributes);
}

HttpResponse refused_at_sign_in(Services& services, const Call& call, std::string_view to,
                                const Error& error) {
  const HttpResponse problem = services.problems.response(error);
  Page page = sign_in_form(to, &error);
  page.status = problem.status;
  HttpResponse response = show(services, call, page);
  for (const auto& [name, value] : problem.headers) {
    if (name == "WWW-Authenticate") response.headers.emplace_back(name, value);
  }
  return response;
}

}  // namespace

Result<HttpResponse> sign_in(Services& services, const Call& call) {
  const HttpRequest& request = call.request;
  const HttpParameters form = TRY(parse_form(request.body));
  const std::string& public_url = services.options.public_url;
  if (!keeps_cookies(public_url)) return sign_in_needs_https(public_url);
  const std::string address = address_group(request.peer);
  if (!services.sign_in_rate.allow(address, services.subscriptions.clock.now(), sign_in_seconds)) {
    return sign_in_too_often();
  }
  const std::string_view to = form_field(form, "to");
  const auto secret = services.sessions.begin(sha256(without_ends(form_field(form, "token"))));
  if (!secret) return refused_at_sign_in(services, call, to, secret.error());
  if (const auto before = cookie_of(request, session_cookie)) services.sessions.end(*before);
  HttpResponse response = go_to(place_after(to));
  response.headers.emplace_back("Set-Cookie", cookie_line(*secret));
  return response;
}

Result<HttpResponse> sign_out(Services& services, const Call& call) {
  const auto secret = cookie_of(call.request, session_cookie);
  if (call.viewing->session.empty() || !secret) {
    return refuse("signed-in-by-certificate",
                  "Your certificate speaks for you, and the browser shows it: close the browser to "
                  "end that.");
  }
  services.sessions.end(*secret);
  HttpResponse response = go_to("/signed-out");
  response.headers.emplace_back("Set-Cookie", cookie_line("") + "; Max-Age=0");
  // Nor does the browser keep anything that it was shown.
  response.headers.emplace_back("Clear-Site-Data", "\"cookies\", \"storage\", \"cache\"");
  return response;
}

HttpResponse sign_in_first(const HttpRequest& request) {
  return go_to(Href("/sign-in").query("to", request.target).text());
}

Error session_ended() {
  return Error{Errc::unauthorized, "session-ended",
               "You are not signed in any more, and nothing was done: sign in, and send it again."};
}

}  // namespace cpl
