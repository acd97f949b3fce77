// Errors as RFC 9457 problem details: the stable code is the end of `type`.
#pragma once

#include "api/http/http.hpp"
#include "registry/base/json.hpp"

namespace cpl {

unsigned status_of(const Error& error);

// With the status that an answer of its own would have.
Json problem_json(const Error& error, std::string_view problem_base);
HttpResponse problem_response(const Error& error, std::string_view problem_base);

HttpResponse json_response(unsigned status, const Json& body);
HttpResponse text_response(unsigned status, std::string_view content_type, Bytes body);

}  // namespace cpl
