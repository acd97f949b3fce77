// Octets as they stand in addresses and forms: by their hexadecimal digits behind a % (RFC 3986,
// 2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cpl {

enum class Plus : std::uint8_t { literal, space };

// Nothing where a % is not followed by two hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text, Plus plus);

// As a value of a query or a segment of a path: all but unreserved characters by their digits.
std::string percent_encoded(std::string_view text);

}  // namespace cpl
