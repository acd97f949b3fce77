#include "registry/base/http_tokens.hpp"

#include "crypto/encoding.hpp"

#include <algorithm>
#include <limits>

namespace cpl {
namespace {

constexpr std::string_view spaces = " \t";
constexpr unsigned whole_weight = 1000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Where the first `separator` outside double quotes stands.
std::size_t end_of_element(std::string_view list, char separator) {
  bool quoted = false;
  for (std::size_t at = 0; at < list.size(); ++at) {
    if (quoted && list[at] == '\\') {
      ++at;
    } else if (list[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && list[at] == separator) {
      return at;
    }
  }
  return list.size();
}

// "0.25", "1.000": a digit, and up to three behind a dot.
unsigned read_weight(std::string_view text) {
  const bool whole = text.starts_with('1');
  if (!whole && !text.starts_with('0')) return 0;
  const std::string_view rest = text.substr(1);
  if (rest.empty()) return whole ? whole_weight : 0;
  if (rest.front() != '.' || rest.size() > 4) return 0;
  unsigned value = 0;
  unsigned unit = whole_weight / 10;
  for (const char c : rest.substr(1)) {
    if (!is_digit(c)) return 0;
    value += static_cast<unsigned>(c - '0') * unit;
    unit /= 10;
  }
  if (whole) return value == 0 ? whole_weight : 0;
  return value;
}

}  // namespace

bool same_token(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return ascii_lower(c); };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view without_spaces(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(spaces), text.size()));
  return text.substr(0, text.find_last_not_of(spaces) + 1);
}

std::optional<std::string_view> take_element(std::string_view& list, char separator) {
  while (!list.empty()) {
    const std::size_t end = end_of_element(list, separator);
    const std::string_view element = without_spaces(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    if (!element.empty()) return element;
  }
  return std::nullopt;
}

std::string media_type(std::string_view field) {
  return ascii_lower(without_spaces(field.substr(0, field.find(';'))));
}

unsigned weight_of(std::string_view element) {
  std::string_view rest = element;
  take_element(rest, ';');  // What is weighed.
  while (const auto parameter = take_element(rest, ';')) {
    if (parameter->size() >= 2 && same_token(parameter->substr(0, 2), "q=")) {
      return read_weight(parameter->substr(2));
    }
  }
  return whole_weight;
}

std::optional<std::uint64_t> read_digits(std::string_view text) {
  constexpr std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  if (text.empty() || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (max - digit) / 10) return max;
    value = value * 10 + digit;
  }
  return value;
}

std::string with_plain_scheme(std::string_view url) {
  const std::size_t colon = std::min(url.find(':'), url.size());
  std::size_t end = colon;
  if (url.substr(colon).starts_with("://")) {
    end = std::min(url.find_first_of("/?#", colon + 3), url.size());
  }
  return ascii_lower(url.substr(0, end)) + std::string(url.substr(end));
}

}  // namespace cpl
