// Small files, read and written whole.
#pragma once

#include <filesystem>

#include "crypto/bytes.hpp"
#include "crypto/plain_text.hpp"
#include "crypto/result.hpp"

namespace cpl {

// "-" is standard input. Refuses more than `size_max` octets.
Result<Bytes> read_file(const std::filesystem::path& path, std::size_t size_max);

// The same of what must come octet for octet, notes, keys, seals: where mail or an editor changed
// it, that is said.
Result<Bytes> read_exact_file(const std::filesystem::path& path, std::size_t size_max,
                              LineEnds line_ends = LineEnds::lf_only);

enum class Secrecy : std::uint8_t { open, secret };

// Whole or not at all: written beside, made durable, then renamed. A secret file is readable by its
// owner alone, and is never written over. "-" is standard output, and not for secrets.
// That a secret can be written there, before something is done of which it is the only outcome.
Result<void> check_secret_can_be_written(const std::filesystem::path& path);
Result<void> write_file(const std::filesystem::path& path, BytesView content, Secrecy secrecy);

}  // namespace cpl
