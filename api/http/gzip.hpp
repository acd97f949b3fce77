// Compression of answers: entry bundles are text and shrink to a third.
#pragma once

#include <string_view>

#include "crypto/bytes.hpp"

namespace cpl {

Bytes gzip(BytesView content);

// Whether an Accept-Encoding field wants gzip: by name or "*", and no less than the content as it
// is.
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace cpl
