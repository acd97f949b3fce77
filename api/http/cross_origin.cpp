#include "api/http/cross_origin.hpp"

#include "registry/base/http_tokens.hpp"

namespace cpl {
namespace {

constexpr const char* any_origin = "*";
// Headers of ours that a browser would keep from a script otherwise.
constexpr const char* exposed =
    "Allow, CPL-Cursor, CPL-Log-Head, CPL-Not-Ready, CPL-Stream-From, Content-Digest, "
    "Content-Disposition, Date, ETag, Link, Location, Retry-After";
// What a script may send beyond what every script may.
constexpr const char* accepted =
    "Accept, Cache-Control, If-Modified-Since, If-None-Match, Last-Event-ID";
constexpr const char* open_methods = "GET, HEAD, OPTIONS";
constexpr const char* a_day = "86400";

Error cross_site_request() {
  return Error{Errc::unauthorized, "cross-site-request",
               "a page of another site asks for this, and may not: only reads are open to it"};
}

// "https://cpl.example/a" is of "https://cpl.example".
std::string_view origin_of(std::string_view url) {
  const auto scheme = url.find("://");
  return url.substr(0, scheme == url.npos ? url.npos : url.find('/', scheme + 3));
}

// That of the service's own pages, by the name that it is known by or the one that was asked.
bool is_own(std::string_view origin, const HttpRequest& request, std::string_view public_url) {
  if (same_token(origin, origin_of(public_url))) return true;
  const auto scheme = origin.find("://");
  const auto host = request.headers.find("host");
  return host && scheme != origin.npos && same_token(origin.substr(scheme + 3), *host);
}

}  // namespace

HttpResponse options_response(const std::string& allowed, Scripts scripts) {
  HttpResponse response;
  response.status = 204;
  response.headers = {{"Allow", allowed}};
  if (scripts == Scripts::of_all_pages) {
    response.headers.emplace_back("Access-Control-Allow-Methods", open_methods);
    response.headers.emplace_back("Access-Control-Allow-Headers", accepted);
    response.headers.emplace_back("Access-Control-Max-Age", a_day);
  }
  return response;
}

Result<void> refuse_other_sites(const HttpRequest& request, std::string_view public_url) {
  const auto site = request.headers.find("sec-fetch-site");
  const bool is_told_own = site && (*site == "same-origin" || *site == "none");
  if (site && !is_told_own) return cross_site_request();
  const auto origin = request.headers.find("origin");
  // Browsers hide the origin of a page whose links are to tell nothing.
  const bool is_hidden = origin && *origin == "null" && is_told_own;
  if (origin && !is_hidden && !is_own(*origin, request, public_url)) return cross_site_request();
  return {};
}

Result<void> require_own_page(const HttpRequest& request, std::string_view public_url) {
  const std::string_view own = origin_of(public_url);
  const auto origin = request.headers.find("origin");
  const auto site = request.headers.find("sec-fetch-site");
  const bool is_own_site = !site || *site == "same-origin";
  if (origin && same_token(*origin, own) && is_own_site) return {};
  return Error{Errc::unauthorized, "cross-site-request",
               "This was not sent from a page of " + std::string(own) +
                   ", and nothing was done: open that address, and send it from there."};
}

HttpReply open_to_scripts(HttpReply reply) {
  return [reply = std::move(reply)](HttpResponse response) {
    response.headers.emplace_back("Access-Control-Allow-Origin", any_origin);
    response.headers.emplace_back("Access-Control-Expose-Headers", exposed);
    reply(std::move(response));
  };
}

}  // namespace cpl
