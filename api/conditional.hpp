// Conditional requests (RFC 9110, 13): what a client holds already is not sent again.
#pragma once

#include "api/http.hpp"

namespace cpl {

// A strong tag for a representation made from a log of this size: "57-7c1e0a9b52f3d846".
std::string entity_tag(TreeSize size, BytesView body);

// Whether the client holds the representation with this tag already.
bool holds(const HttpRequest& request, std::string_view tag);

// The response, or 304 where its ETag is one that If-None-Match names.
HttpResponse conditional(const HttpRequest& request, HttpResponse response);

}  // namespace cpl
