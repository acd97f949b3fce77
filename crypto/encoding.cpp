#include "crypto/encoding.hpp"

#include <charconv>
#include <cstring>
#include <limits>

namespace cpl {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<std::int16_t, 256> make_reverse(std::string_view alphabet) {
  std::array<std::int16_t, 256> reverse{};
  reverse.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    reverse[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::int16_t>(i);
  }
  return reverse;
}
constexpr auto base64_reverse = make_reverse(base64_alphabet);
constexpr auto hex_reverse = make_reverse(hex_digits);

std::string encode_base64(BytesView bytes, std::string_view alphabet) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t window = 0;
  int bits = 0;
  for (const char c : bytes) {
    window = (window << 8) | static_cast<std::uint8_t>(c);
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      out.push_back(alphabet[(window >> bits) & 63U]);
    }
  }
  if (bits > 0) out.push_back(alphabet[(window << (6 - bits)) & 63U]);
  return out;
}

// Eight octets at a time: nearly all that is read is ASCII.
std::size_t ascii_prefix_size(std::string_view text) {
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  std::size_t size = 0;
  while (text.size() - size >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + size, sizeof word);
    if ((word & high_bits) != 0) break;
    size += sizeof word;
  }
  while (size < text.size() && static_cast<std::uint8_t>(text[size]) < 0x80) ++size;
  return size;
}

// Length of the well-formed UTF-8 sequence that `text` starts with, 0 if it starts with none.
std::size_t utf8_sequence_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = at(0);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  std::uint32_t low = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2, low = 0x80;
  } else if ((lead & 0xF0U) == 0xE0) {
    length = 3, low = 0x800;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4, low = 0x10000;
  } else {
    return 0;
  }
  if (text.size() < length) return 0;
  std::uint32_t point = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0U) != 0x80) return 0;
    point = (point << 6) | (at(i) & 0x3FU);
  }
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return point >= low && point <= 0x10FFFF && !surrogate ? length : 0;
}

}  // namespace

std::string to_hex(BytesView bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto octet = static_cast<std::uint8_t>(c);
    out.push_back(hex_digits[octet >> 4]);
    out.push_back(hex_digits[octet & 15U]);
  }
  return out;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_reverse[static_cast<std::uint8_t>(text[i])];
    const int low = hex_reverse[static_cast<std::uint8_t>(text[i + 1])];
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
  }
  return out;
}

std::string to_base64(BytesView bytes) {
  std::string out = encode_base64(bytes, base64_alphabet);
  while (out.size() % 4 != 0) out.push_back('=');
  return out;
}

std::string to_base64url(BytesView bytes) { return encode_base64(bytes, base64url_alphabet); }

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  Bytes out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t window = 0;
  int bits = 0;
  for (const char c : text.substr(0, text.size() - padding)) {
    const int digit = base64_reverse[static_cast<std::uint8_t>(c)];
    if (digit < 0) return std::nullopt;
    window = (window << 6) | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<char>((window >> bits) & 255U));
    }
  }
  const bool stray_bits = (window & ((1U << bits) - 1U)) != 0;
  if (stray_bits || bits >= 6) return std::nullopt;
  return out;
}

std::optional<std::uint64_t> from_decimal(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return std::nullopt;
  }
  return value;
}

void append_u16(Bytes& out, std::uint16_t value) {
  out.push_back(static_cast<char>(value >> 8));
  out.push_back(static_cast<char>(value & 255U));
}
void append_u32(Bytes& out, std::uint32_t value) {
  append_u16(out, static_cast<std::uint16_t>(value >> 16));
  append_u16(out, static_cast<std::uint16_t>(value & 65535U));
}
void append_u64(Bytes& out, std::uint64_t value) {
  append_u32(out, static_cast<std::uint32_t>(value >> 32));
  append_u32(out, static_cast<std::uint32_t>(value & 0xFFFFFFFFU));
}

std::uint64_t read_big_endian(BytesView bytes) {
  check(bytes.size() <= 8);
  std::uint64_t value = 0;
  for (const char c : bytes) value = (value << 8) | static_cast<std::uint8_t>(c);
  return value;
}

std::size_t uncontrolled_prefix_size(std::string_view text) {
  constexpr std::uint64_t spaces = 0x2020202020202020U;
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  std::size_t size = 0;
  while (text.size() - size >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + size, sizeof word);
    // A high bit stays where an octet without it was less than a space.
    if (((word - spaces) & ~word & high_bits) != 0) break;
    size += sizeof word;
  }
  while (size < text.size() && static_cast<std::uint8_t>(text[size]) >= 0x20) ++size;
  return size;
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = ascii_lower(c);
  return out;
}

std::string ascii_upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

bool is_utf8(std::string_view text) {
  while (true) {
    text.remove_prefix(ascii_prefix_size(text));
    if (text.empty()) return true;
    const std::size_t length = utf8_sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
}

bool is_printable_utf8(std::string_view text, std::string_view allowed) {
  while (true) {
    std::size_t plain = 0;
    while (plain < text.size() && text[plain] >= 0x20 && text[plain] < 0x7F) ++plain;
    text.remove_prefix(plain);
    if (text.empty()) return true;
    const std::size_t length = utf8_sequence_length(text);
    if (length == 0) return false;
    const auto lead = static_cast<std::uint8_t>(text[0]);
    const bool control =
        lead < 0x20 || lead == 0x7F || (lead == 0xC2 && static_cast<std::uint8_t>(text[1]) < 0xA0);
    if (control && allowed.find(text[0]) == std::string_view::npos) return false;
    text.remove_prefix(length);
  }
}

std::string_view utf8_prefix(std::string_view text, std::size_t size_max) {
  if (text.size() <= size_max) return text;
  while (size_max > 0 && (static_cast<std::uint8_t>(text[size_max]) & 0xC0U) == 0x80) --size_max;
  return text.substr(0, size_max);
}

std::string counted(std::uint64_t count, std::string_view noun) {
  std::string words = std::to_string(count) + " " + std::string(noun);
  if (count == 1) return words;
  if (words.ends_with('s')) return words + "es";
  const bool after_vowel = std::string_view("aeou").find(words[words.size() - 2]) != words.npos;
  if (!words.ends_with('y') || after_vowel) return words + "s";  // Keys and days, but entries.
  words.pop_back();
  return words + "ies";
}

std::optional<std::string_view> take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  if (end == rest.npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

std::optional<Hash> hash_from_bytes(BytesView bytes) {
  Hash hash;
  if (bytes.size() != hash.octets.size()) return std::nullopt;
  std::memcpy(hash.octets.data(), bytes.data(), bytes.size());
  return hash;
}

std::optional<Hash> hash_from_hex(std::string_view text) {
  const auto bytes = from_hex(text);
  return bytes ? hash_from_bytes(*bytes) : std::nullopt;
}

std::optional<Hash> hash_from_base64(std::string_view text) {
  const auto bytes = from_base64(text);
  return bytes ? hash_from_bytes(*bytes) : std::nullopt;
}

}  // namespace cpl
