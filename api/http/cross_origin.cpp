#include "api/http/cross_origin.hpp"

namespace cpl {
namespace {

constexpr const char* any_origin = "*";
// Headers of ours that a browser would keep from a script otherwise.
constexpr const char* exposed =
    "Allow, CPL-Cursor, CPL-Log-Head, CPL-Not-Ready, CPL-Stream-From, Content-Digest, "
    "Content-Disposition, Date, ETag, Link, Location, Retry-After";
// What a script may send beyond what every script may.
constexpr const char* accepted =
    "Accept, Cache-Control, Content-Type, If-Modified-Since, If-None-Match, Last-Event-ID";
constexpr const char* a_day = "86400";

}  // namespace

HttpResponse options_response(const std::string& allowed, Scripts scripts) {
  HttpResponse response;
  response.status = 204;
  response.headers = {{"Allow", allowed}};
  if (scripts == Scripts::of_all_pages) {
    response.headers.emplace_back("Access-Control-Allow-Methods", allowed);
    response.headers.emplace_back("Access-Control-Allow-Headers", accepted);
    response.headers.emplace_back("Access-Control-Max-Age", a_day);
  }
  return response;
}

HttpReply open_to_scripts(HttpReply reply) {
  return [reply = std::move(reply)](HttpResponse response) {
    response.headers.emplace_back("Access-Control-Allow-Origin", any_origin);
    response.headers.emplace_back("Access-Control-Expose-Headers", exposed);
    reply(std::move(response));
  };
}

}  // namespace cpl
