#include "crypto/plain_text.hpp"

#include <algorithm>
#include <array>

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

struct Range {
  char32_t first;
  char32_t last;
  std::string_view what;
};

constexpr std::string_view controls = "is a control character";
constexpr std::string_view unseen = "cannot be seen";
constexpr std::string_view turns = "turns the direction of reading";
constexpr std::string_view ends_line = "ends a line without being a line end";
constexpr std::string_view varies = "changes how the character before it looks";
constexpr std::string_view private_use =
    "looks different, or like nothing, from machine to machine";
constexpr std::string_view lost = "stands where a conversion lost what was written";
constexpr std::string_view none = "is no character";

// By rising number: Unicode's Default_Ignorable_Code_Point, Bidi_Control, private use and
// noncharacters, and what else is blank or breaks a line without saying so.
constexpr std::array<Range, 46> hidden_ranges = {
    {{0x0, 0x1F, controls},           {0x7F, 0x9F, controls},        {0xAD, 0xAD, unseen},
     {0x34F, 0x34F, unseen},          {0x61C, 0x61C, turns},         {0x115F, 0x1160, unseen},
     {0x17B4, 0x17B5, unseen},        {0x180B, 0x180D, varies},      {0x180E, 0x180E, unseen},
     {0x180F, 0x180F, varies},        {0x200B, 0x200D, unseen},      {0x200E, 0x200F, turns},
     {0x2028, 0x2029, ends_line},     {0x202A, 0x202E, turns},       {0x2060, 0x2065, unseen},
     {0x2066, 0x2069, turns},         {0x206A, 0x206F, unseen},      {0x2800, 0x2800, unseen},
     {0x3164, 0x3164, unseen},        {0xE000, 0xF8FF, private_use}, {0xFDD0, 0xFDEF, none},
     {0xFE00, 0xFE0F, varies},        {0xFEFF, 0xFEFF, unseen},      {0xFFA0, 0xFFA0, unseen},
     {0xFFF0, 0xFFFB, unseen},        {0xFFFC, 0xFFFD, lost},        {0xFFFE, 0xFFFF, none},
     {0x13430, 0x1345F, unseen},      {0x1BCA0, 0x1BCA3, unseen},    {0x1D173, 0x1D17A, unseen},
     {0x1FFFE, 0x1FFFF, none},        {0x2FFFE, 0x2FFFF, none},      {0x3FFFE, 0x3FFFF, none},
     {0x4FFFE, 0x4FFFF, none},        {0x5FFFE, 0x5FFFF, none},      {0x6FFFE, 0x6FFFF, none},
     {0x7FFFE, 0x7FFFF, none},        {0x8FFFE, 0x8FFFF, none},      {0x9FFFE, 0x9FFFF, none},
     {0xAFFFE, 0xAFFFF, none},        {0xBFFFE, 0xBFFFF, none},      {0xCFFFE, 0xCFFFF, none},
     {0xDFFFE, 0xDFFFF, none},        {0xE0000, 0xE0FFF, unseen},    {0xEFFFE, 0xEFFFF, none},
     {0xF0000, 0x10FFFF, private_use}}};

const Range* range_of(char32_t code) {
  const auto found =
      std::lower_bound(hidden_ranges.begin(), hidden_ranges.end(), code,
                       [](const Range& range, char32_t value) { return range.last < value; });
  return found == hidden_ranges.end() || code < found->first ? nullptr : &*found;
}

std::string hex_of(std::uint32_t value, std::size_t digits_min) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (; value != 0 || out.size() < digits_min; value >>= 4U) out += digits[value & 0xFU];
  std::reverse(out.begin(), out.end());
  return out;
}

bool is_visible_ascii(char c) { return c >= ' ' && c <= '~'; }

// Takes the text apart: `plain` gets its parts that stand for themselves, `hidden` the rest, with a
// size of 1 and no range where an octet is no UTF-8.
template <class Plain, class Hidden>
void each_part(std::string_view text, std::string_view allowed, const Plain& plain,
               const Hidden& hidden) {
  std::size_t start = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    if (is_visible_ascii(text[at]) || allowed.find(text[at]) != allowed.npos) {
      ++at;
      continue;
    }
    const Character next = first_character(text.substr(at));
    const Range* range = next.size == 0 ? nullptr : range_of(next.code);
    if (next.size != 0 && range == nullptr) {
      at += next.size;
      continue;
    }
    plain(text.substr(start, at - start));
    hidden(next, range, at);
    at += std::max<std::size_t>(next.size, 1);
    start = at;
  }
  plain(text.substr(start));
}

std::string json_escape(char32_t code) {
  if (code < 0x10000) return "\\u" + hex_of(code, 4);
  const std::uint32_t above = static_cast<std::uint32_t>(code) - 0x10000U;
  return "\\u" + hex_of(0xD800U + (above >> 10U), 4) + "\\u" +
         hex_of(0xDC00U + (above & 0x3FFU), 4);
}

}  // namespace

std::optional<std::string_view> damage_of(std::string_view text, LineEnds line_ends) {
  if (text.starts_with("\xEF\xBB\xBF")) return "begins with a byte order mark";
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return "is UTF-16, not UTF-8";
  if (text.starts_with("> ")) return "is quoted line by line, as in a reply";
  if (line_ends == LineEnds::lf_only && text.find('\r') != text.npos) {
    return "has the line ends of Windows (CR LF)";
  }
  return std::nullopt;
}

std::string character_name(char32_t code) { return "[U+" + hex_of(code, 4) + "]"; }

Character first_character(std::string_view text) {
  if (text.empty()) return {};
  const auto lead = static_cast<std::uint8_t>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size || !is_utf8(text.substr(0, size))) return {};
  std::uint32_t code = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    code = (code << 6U) | (static_cast<std::uint8_t>(text[i]) & 0x3FU);
  }
  return {code, size};
}

std::string utf8_of(char32_t code) {
  const auto octet = [](std::uint32_t value) { return static_cast<char>(value); };
  const std::uint32_t bits = code;
  if (bits < 0x80) return {octet(bits)};
  const char last = octet(0x80U | (bits & 0x3FU));
  if (bits < 0x800) return {octet(0xC0U | (bits >> 6U)), last};
  const char third = octet(0x80U | ((bits >> 6U) & 0x3FU));
  if (bits < 0x10000) return {octet(0xE0U | (bits >> 12U)), third, last};
  return {octet(0xF0U | (bits >> 18U)), octet(0x80U | ((bits >> 12U) & 0x3FU)), third, last};
}

std::optional<HiddenCharacter> find_hidden(std::string_view text, std::string_view allowed) {
  std::optional<HiddenCharacter> first;
  each_part(
      text, allowed, [](std::string_view) {},
      [&](Character next, const Range* range, std::size_t at) {
        if (!first && range != nullptr) first = {next.code, at, next.size, range->what};
      });
  return first;
}

std::string describe(const HiddenCharacter& hidden) {
  return "the character " + character_name(hidden.code) + ", which " + std::string(hidden.what);
}

bool is_plain_text(std::string_view text, std::string_view allowed) {
  bool plain = true;
  each_part(
      text, allowed, [](std::string_view) {},
      [&](Character, const Range*, std::size_t) { plain = false; });
  return plain;
}

std::string shown(std::string_view text, std::string_view allowed) {
  std::string out;
  each_part(
      text, allowed, [&](std::string_view part) { out += part; },
      [&](Character next, const Range* range, std::size_t at) {
        out += range != nullptr ? character_name(next.code)
                                : "[0x" + hex_of(static_cast<std::uint8_t>(text[at]), 2) + "]";
      });
  return out;
}

std::string shown_json(std::string_view json) {
  std::string out;
  each_part(
      json, "\n", [&](std::string_view part) { out += part; },
      [&](Character next, const Range* range, std::size_t) {
        out += json_escape(range != nullptr ? next.code : U'\uFFFD');
      });
  return out;
}

}  // namespace cpl
