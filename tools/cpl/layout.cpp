#include "tools/cpl/layout.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t usual_width = 80;
constexpr std::size_t width_min = 40;

// Characters, not octets: UTF-8's further octets take no place.
std::size_t width_of(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
  return count;
}

struct Breaking {
  std::size_t width;
  std::size_t indent;
  std::size_t used;
  std::string_view before_break;
};

std::string broken(std::string_view text, const Breaking& how) {
  std::string result;
  std::size_t used = how.used;
  bool is_first = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool is_last = text.empty();
    const std::size_t room = width_of(word) + (is_last ? 0 : how.before_break.size());
    if (!is_first && used + 1 + room > how.width) {
      result.append(how.before_break).append("\n").append(how.indent, ' ');
      used = how.indent;
    } else if (!is_first) {
      result += ' ';
      ++used;
    }
    is_first = false;
    result.append(word);
    used += width_of(word);
  }
  return result;
}

}  // namespace

std::size_t terminal_width() {
  const char* const set = std::getenv("COLUMNS");
  if (const auto columns = from_decimal(set == nullptr ? "" : set)) {
    return std::max<std::size_t>(*columns, width_min);
  }
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    return std::max<std::size_t>(size.ws_col, width_min);
  }
  return usual_width;
}

bool is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent,
                    std::size_t used) {
  return broken(text, {width, indent, used, ""});
}

std::string wrapped_command(std::string_view text, std::size_t width, std::size_t indent) {
  return std::string(indent, ' ') + broken(text, {width, indent + 4, indent, " \\"});
}

std::string two_columns(const std::string& left, const std::string& right, std::size_t column,
                        std::size_t width) {
  std::string line = "  " + left;
  if (line.size() + 2 > column) {
    line += "\n" + std::string(column, ' ');
  } else {
    line.resize(column, ' ');
  }
  for (const char c : wrapped(right, width - column)) {
    line += c;
    if (c == '\n') line.append(column, ' ');
  }
  return line + "\n";
}

}  // namespace cpl
