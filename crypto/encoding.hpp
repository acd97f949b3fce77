// Strict text encodings: each value has one spelling, and every other spelling is refused, so that
// no two different texts mean the same signed thing (wire-format primitives of C2SP and RFC 4648).
#pragma once

#include <cstdint>
#include <optional>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

std::string to_hex(BytesView bytes);                   // Lower case.
std::optional<Bytes> from_hex(std::string_view text);  // Lower case only, even length.

// RFC 4648 section 4, padded. Decoding refuses white space, wrong padding and stray trailing bits.
std::string to_base64(BytesView bytes);
std::optional<Bytes> from_base64(std::string_view text);

// RFC 4648 section 5, unpadded.
std::string to_base64url(BytesView bytes);

// "0" or [1-9][0-9]*, at most 2^63-1.
std::optional<std::uint64_t> from_decimal(std::string_view text);

void append_u16(Bytes& out, std::uint16_t value);  // Big endian, as are the next three.
void append_u32(Bytes& out, std::uint32_t value);
void append_u64(Bytes& out, std::uint64_t value);
std::uint64_t read_big_endian(BytesView bytes);  // At most 8 octets.

// How far the text goes without a control character below the space.
std::size_t uncontrolled_prefix_size(std::string_view text);

// With ASCII letters in one case; every other octet stays.
constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
std::string ascii_lower(std::string_view text);
std::string ascii_upper(std::string_view text);

// Well-formed UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text);

// Well-formed UTF-8 without control characters other than those in `allowed`, and without DEL.
bool is_printable_utf8(std::string_view text, std::string_view allowed = "");

// The longest start of UTF-8 text that has at most `size_max` octets and splits no character.
std::string_view utf8_prefix(std::string_view text, std::size_t size_max);

// "1 model", "2 models"; "1 entry", "2 entries"; "1 witness", "2 witnesses".
std::string counted(std::uint64_t count, std::string_view noun);

// Takes the next line, without its newline, off `rest`; nothing where no newline is left.
std::optional<std::string_view> take_line(std::string_view& rest);

std::optional<Hash> hash_from_bytes(BytesView bytes);
std::optional<Hash> hash_from_hex(std::string_view text);
std::optional<Hash> hash_from_base64(std::string_view text);
inline std::string to_hex(const Hash& hash) { return to_hex(hash.view()); }
inline std::string to_base64(const Hash& hash) { return to_base64(hash.view()); }

}  // namespace cpl
