#include "tools/shared/markdown.hpp"

#include <algorithm>
#include <array>

#include "crypto/encoding.hpp"
#include "crypto/plain_text.hpp"

namespace cpl {
namespace {

constexpr std::string_view markup = "\\`*_[]<>|&~!$#@";

bool continues(std::string_view text, std::size_t at, std::string_view with) {
  return std::equal(with.begin(), with.end(), text.substr(at, with.size()).begin(),
                    text.substr(at, with.size()).end(),
                    [](char a, char b) { return a == ascii_lower(b); });
}

// GFM makes links of bare addresses: of "www." and of what stands before "://".
bool is_in_address(std::string_view text, std::size_t at) {
  if (continues(text, at, "://")) return true;
  return text[at] == '.' && at >= 3 && continues(text, at - 3, "www.");
}

}  // namespace

std::string markdown_text(std::string_view text) {
  std::string out;
  const std::string seen = shown(text, "\n");
  for (std::size_t at = 0; at < seen.size(); ++at) {
    const char c = seen[at];
    if (markup.find(c) != markup.npos || is_in_address(seen, at)) out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

}  // namespace cpl
