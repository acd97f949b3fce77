#include "notifier/mail/text.hpp"

#include "crypto/encoding.hpp"
#include "crypto/plain_text.hpp"

namespace cpl {
namespace {

constexpr std::size_t body_line_max = 76;
constexpr std::size_t header_line_max = 78;
// A line of a message holds 998 octets (RFC 5322, 2.1.1), and a header breaks at spaces alone.
constexpr std::size_t unbroken_max = 900;
constexpr std::size_t flowed_line_max = 72;
constexpr std::string_view hex_digits = "0123456789ABCDEF";

std::string escaped(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return {'=', hex_digits[octet >> 4U], hex_digits[octet & 0xfU]};
}

bool stands_for_itself(char c) { return c >= ' ' && c <= '~' && c != '='; }

void append_quoted_line(std::string& out, std::string_view line) {
  std::size_t column = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool ends_in_space = line[i] == ' ' && i + 1 == line.size();
    const std::string next =
        stands_for_itself(line[i]) && !ends_in_space ? std::string(1, line[i]) : escaped(line[i]);
    if (column + next.size() >= body_line_max) {
      out += "=\r\n";
      column = 0;
    }
    out += next;
    column += next.size();
  }
  out += "\r\n";
}

template <class Use>
void each_line(std::string_view text, const Use& use) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    use(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// Readers take one space off a line that begins with one, and would take the others for a quotation
// or, in mailboxes, for the beginning of a message (RFC 3676, 4.4).
void append_stuffed(std::string& out, std::string_view line) {
  if (line.starts_with(' ') || line.starts_with('>') || line.starts_with("From ")) out += ' ';
  out.append(line).append("\n");
}

void append_flowed_line(std::string& out, std::string_view line) {
  // Only a line that goes on ends with a space.
  while (line.ends_with(' ')) line.remove_suffix(1);
  const bool is_kept = line.starts_with(' ');
  while (!is_kept && line.size() > flowed_line_max) {
    const auto space = line.rfind(' ', flowed_line_max - 1);
    if (space == line.npos || space == 0) break;
    append_stuffed(out, line.substr(0, space + 1));
    line.remove_prefix(space + 1);
  }
  append_stuffed(out, line);
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool breaks_into_lines(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > unbroken_max) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

// Words of at most 60 octets, none of which splits a character: a line has room for the field's
// name beside one.
std::string encoded_words(std::string_view text) {
  constexpr std::size_t octets_per_word = 36;
  std::string out;
  while (!text.empty()) {
    const std::string_view part = utf8_prefix(text, octets_per_word);
    if (part.empty()) break;
    out += (out.empty() ? "=?UTF-8?B?" : " =?UTF-8?B?") + to_base64(part) + "?=";
    text.remove_prefix(part.size());
  }
  return out;
}

// Breaks before spaces, so that unfolding gives the value back.
std::string fold(std::string line) {
  std::string out;
  while (line.size() > header_line_max) {
    auto space = line.rfind(' ', header_line_max);
    // The space behind the name is not one to break at.
    if (space == line.npos || space == 0 || line[space - 1] == ':') {
      space = line.find(' ', header_line_max);
    }
    if (space == line.npos) break;
    out += line.substr(0, space) + "\r\n";
    line.erase(0, space);
  }
  return out + line + "\r\n";
}

}  // namespace

std::string quoted_printable(std::string_view text) {
  std::string out;
  each_line(text, [&](std::string_view line) { append_quoted_line(out, line); });
  return out;
}

std::string base64_lines(std::string_view octets) {
  const std::string text = to_base64(octets);
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += body_line_max) {
    out += text.substr(at, body_line_max) + "\r\n";
  }
  return out;
}

std::string flowed(std::string_view text) {
  std::string out;
  each_line(text, [&](std::string_view line) { append_flowed_line(out, line); });
  return out;
}

std::string header_field(std::string_view name, std::string_view value, Folding folding) {
  std::string line = shown(value);
  // What looks like an encoded word would be read as one.
  const bool stands_for_itself =
      is_ascii(line) && line.find("=?") == line.npos && breaks_into_lines(line);
  if (!stands_for_itself) line = encoded_words(line);
  line = std::string(name) + ": " + line;
  return folding == Folding::folded ? fold(std::move(line)) : line + "\r\n";
}

}  // namespace cpl
