// What a file is that should be something else: CSV, told by how it begins, or a text that had to
// come octet for octet.
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

// Nothing where it may be text in UTF-8.
std::optional<Error> no_csv(BytesView text);

// `file-damaged`, with what to do; `damage` is what damage_of says (crypto/plain_text.hpp).
Error file_damaged(const std::string& name, std::string_view damage);

}  // namespace cpl
