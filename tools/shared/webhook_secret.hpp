// The notices' own secret, from which every webhook's keys are derived: 32 octets, in base64 in a
// file, or in a file that only a token opens.
#pragma once

#include <filesystem>

#include "crypto/pkcs11/key.hpp"

namespace cpl {

inline constexpr std::size_t notice_key_size = 32;

// For a file that a token opens, the PIN is found as for other keys (tools/shared/pin.hpp).
Result<Bytes> read_notice_key(const std::filesystem::path& file);

enum class NoticeKeyKind : std::uint8_t { in_file, in_token };
// That the file is one of the two; a token is not asked.
Result<NoticeKeyKind> check_notice_key(const std::filesystem::path& file);

}  // namespace cpl
