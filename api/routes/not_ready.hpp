// What those outside are told of a log that takes no statements: that it takes none, and by a code
// why. The reason itself is for those who look after the service.
#pragma once

#include "api/http/http.hpp"
#include "registry/log/log.hpp"

namespace cpl {

Error without_reason(const Error& refused);
std::optional<Error> public_refusal(const Log& log);

// What is read of a log that was rolled back, damaged or contradicted may be old, or not all.
void mark_not_ready(HttpResponse& response, const Log& log);

}  // namespace cpl
