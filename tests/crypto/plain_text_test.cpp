#include "crypto/plain_text.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/note_key.hpp"
#include "tests/support/nasty_text.hpp"

namespace cpl::testing::plain_text_test {
namespace {

constexpr char32_t code_max = 0x10FFFF;

bool is_surrogate(char32_t code) { return code >= 0xD800 && code <= 0xDFFF; }

bool is_hidden(char32_t code) { return find_hidden(utf8_of(code)).has_value(); }

}  // namespace

TEST_CASE("plain text: each character of Unicode is written and read back as itself") {
  for (char32_t code = 0; code <= code_max; ++code) {
    if (is_surrogate(code)) continue;
    const std::string text = utf8_of(code);
    const Character read = first_character(text);
    if (read.code != code || read.size != text.size() || !is_utf8(text))
      FAIL("U+" << static_cast<std::uint32_t>(code));
  }
}

TEST_CASE("plain text: what nobody sees, and what turns what is seen, is found") {
  for (const char32_t code : std::initializer_list<char32_t>{
           0x00,    0x1B,    0x7F,    0x85,     0x9F,    0xAD,    0x34F,   0x61C,   0x115F,
           0x180E,  0x200B,  0x200C,  0x200D,   0x200E,  0x200F,  0x2028,  0x2029,  0x202A,
           0x202E,  0x2060,  0x2064,  0x2066,   0x2069,  0x2800,  0x3164,  0xE000,  0xF8FF,
           0xFDD0,  0xFDEF,  0xFE00,  0xFE0F,   0xFEFF,  0xFFA0,  0xFFF9,  0xFFFB,  0xFFFC,
           0xFFFD,  0xFFFE,  0xFFFF,  0x1D173,  0x1FFFE, 0x2FFFF, 0xE0001, 0xE0041, 0xE007F,
           0xE0100, 0xEFFFF, 0xF0000, 0x10FFFD, 0x10FFFF}) {
    CAPTURE(static_cast<std::uint32_t>(code));
    CHECK(is_hidden(code));
  }
  for (char32_t plane = 0; plane <= 16; ++plane) {
    CHECK(is_hidden(plane * 0x10000 + 0xFFFE));
    CHECK(is_hidden(plane * 0x10000 + 0xFFFF));
  }
}

TEST_CASE("plain text: what people write is left alone") {
  for (const std::string_view text :
       {"", "Aldersyke Meters Ltd", "caf\u00e9", "\u2018quoted\u2019 \u2013 \u2026 \u20ac",
        "\u0395\u03bb\u03bb\u03ac\u03b4\u03b1", "\u041c\u043e\u0441\u043a\u0432\u0430",
        "\u05e9\u05dc\u05d5\u05dd", "\u6771\u4eac", "\u00a0", "\U0001F4A1"}) {
    CHECK(is_plain_text(text));
    CHECK(shown(text) == text);
  }
  std::size_t hidden = 0;
  for (char32_t code = 0; code < 0xE000; ++code) hidden += !is_surrogate(code) && is_hidden(code);
  CHECK(hidden < 130);
}

TEST_CASE("plain text: what is hidden is shown by its number, with what it does") {
  CHECK(shown("a\u202Eb") == "a[U+202E]b");
  CHECK(shown("\U000E0041\x1b[2J") == "[U+E0041][U+001B][2J");
  CHECK(shown("a\nb\t", "\n") == "a\nb[U+0009]");
  CHECK(shown("\xFF\xC2") == "[0xFF][0xC2]");
  CHECK(describe(*find_hidden("ab\u202E")) ==
        "the character [U+202E], which turns the direction of reading");
  CHECK(find_hidden("a\nb\u200Bc", "\n")->at == 3);
  CHECK(find_hidden("a\nb\u200Bc", "\n")->size == 3);
  CHECK_FALSE(is_plain_text("\xFF"));
}

TEST_CASE(
    "plain text: whatever a text holds, what is shown of it is plain, and JSON stays itself") {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = nasty_text(random);
    if (!is_plain_text(shown(text)) || !is_plain_text(shown(text, "\n"), "\n")) FAIL(text);
    if (!is_utf8(text)) continue;
    const nlohmann::json json = {{"text", text}};
    const std::string written = shown_json(json.dump(2));
    if (!is_plain_text(written, "\n") || nlohmann::json::parse(written) != json) FAIL(text);
  }
}

TEST_CASE("plain text: what mail or an editor did to a file is said") {
  CHECK_FALSE(damage_of("cpl/statement/v1\n", LineEnds::lf_only));
  CHECK(damage_of("\uFEFFcpl", LineEnds::any) == "begins with a byte order mark");
  CHECK(damage_of("a\r\nb\r\n", LineEnds::lf_only) == "has the line ends of Windows (CR LF)");
  CHECK_FALSE(damage_of("{\r\n}", LineEnds::any));
  CHECK(damage_of("> cpl/statement/v1\n", LineEnds::lf_only).has_value());
  CHECK(damage_of("\xFF\xFE"
                  "c",
                  LineEnds::any)
            .has_value());
}

TEST_CASE("plain text: two keys cannot have names that look the same by what is not seen") {
  CHECK(is_note_key_name("panel-1"));
  CHECK(is_note_key_name("caf\u00e9"));
  for (const std::string_view piece : nasty_pieces) {
    if (is_plain_text(piece)) continue;
    CHECK_FALSE(is_note_key_name("panel" + std::string(piece) + "-1"));
  }
}

}  // namespace cpl::testing::plain_text_test
