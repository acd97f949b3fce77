// Conditional requests (RFC 9110, 13): what a client holds already is not sent again.
#pragma once

#include "api/http/http.hpp"

namespace cpl {

// A strong tag for a representation made from a log of this size: "57-7c1e0a9b52f3d846".
std::string entity_tag(TreeSize size, BytesView body);

// Lets a client that holds the answer ask whether it is still the same: gives it a strong tag of
// its octets, where the route gave it none.
void add_entity_tag(HttpResponse& response);

// Whether the client holds the representation with this tag already.
bool holds(const HttpRequest& request, std::string_view tag);

// What a write demands of what it changes, so that nobody undoes a change that they never saw.
class WritePrecondition {
 public:
  // Errors: `precondition-required` where the request has no If-Match.
  static Result<WritePrecondition> read(const HttpRequest& request);
  // Errors: `precondition-failed` where what is there now has another tag than the client saw.
  Result<void> check(std::string_view tag) const;

 private:
  WritePrecondition(std::string match, std::string none_match)
      : match_(std::move(match)), none_match_(std::move(none_match)) {}

  std::string match_;
  std::string none_match_;
};

// The response, or 304 where its ETag is one that If-None-Match names, or, without that, its date
// the one of If-Modified-Since.
HttpResponse conditional(const HttpRequest& request, HttpResponse response);

}  // namespace cpl
