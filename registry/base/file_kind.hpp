// What a file is that should be CSV and is something else: told by how it begins.
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

// Nothing where it may be text in UTF-8.
std::optional<Error> no_csv(BytesView text);

}  // namespace cpl
