// A small file of the service's own that shows by itself whether it is as it was written: canonical
// JSON with the member `checksum`, the SHA-256 of the same without it, in hexadecimal digits.
#pragma once

#include "registry/base/json.hpp"

namespace cpl {

Bytes format_checked_json(Json json);
// What was written, without the checksum. A file from before there were any is taken as it is.
Result<Json> parse_checked_json(BytesView text);

}  // namespace cpl
