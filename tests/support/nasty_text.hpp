// Texts out of pieces that one output or another trips over.
#pragma once

#include <array>
#include <random>
#include <string>
#include <string_view>

namespace cpl {

// What people write, what has a meaning in some language of outputs, and what nobody sees.
inline constexpr std::array<std::string_view, 74> nasty_pieces = {"a",
                                                                  "B",
                                                                  "7",
                                                                  "word",
                                                                  "APPROVED",
                                                                  "caf\u00e9",
                                                                  "\u20ac",
                                                                  "\U0001F4A1",
                                                                  " ",
                                                                  "  ",
                                                                  "\n",
                                                                  "\n\n",
                                                                  "\\",
                                                                  "|",
                                                                  "\\|",
                                                                  "\\\\|",
                                                                  "`",
                                                                  "``",
                                                                  "*",
                                                                  "**",
                                                                  "_",
                                                                  "[x](https://evil.example/)",
                                                                  "![x](http://evil.example/b.png)",
                                                                  "www.evil.example",
                                                                  "https://evil.example",
                                                                  "<script>",
                                                                  "</td>",
                                                                  "<!--",
                                                                  "-->",
                                                                  "]]>",
                                                                  "&lt;",
                                                                  "&#60;",
                                                                  "&",
                                                                  "\"",
                                                                  "'",
                                                                  "~~",
                                                                  "$",
                                                                  "#",
                                                                  "@panel",
                                                                  "=",
                                                                  "=1+1",
                                                                  "+",
                                                                  "-",
                                                                  "@",
                                                                  "\uFF1D1",
                                                                  "\uFF0B",
                                                                  "\uFF0D",
                                                                  "\uFF20",
                                                                  ",",
                                                                  ";",
                                                                  "\t",
                                                                  "\r",
                                                                  "\r\n",
                                                                  "\x1b[31m",
                                                                  "\x7f",
                                                                  "\u0085",
                                                                  "From ",
                                                                  "> quoted",
                                                                  "=?UTF-8?B?QUJD?=",
                                                                  "=3D",
                                                                  ".",
                                                                  "\nBcc: x@y.example",
                                                                  "\u202E",
                                                                  "\u2066",
                                                                  "\u200B",
                                                                  "\u200D",
                                                                  "\uFEFF",
                                                                  "\u2028",
                                                                  "\uFFFD",
                                                                  "\uFFFE",
                                                                  "\uFFFF",
                                                                  "\U000E0041",
                                                                  "\xFF",
                                                                  "\xED\xA0\x80"};

inline std::string nasty_text(std::mt19937& random, std::size_t pieces_max = 8) {
  std::string text;
  const std::size_t count = random() % (pieces_max + 1);
  for (std::size_t i = 0; i < count; ++i) text += nasty_pieces[random() % nasty_pieces.size()];
  return text;
}

}  // namespace cpl
