#include "api/html/href.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string url_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    out += {'%', digits[octet >> 4U], digits[octet & 0xfU]};
  }
  return out;
}

Href& Href::segment(std::string_view text) {
  text_.append("/").append(url_encoded(text));
  return *this;
}

Href& Href::segment(std::uint64_t number) { return segment(std::to_string(number)); }

Href& Href::query(std::string_view name, std::string_view value) {
  text_.append(has_query_ ? "&" : "?").append(name).append("=").append(url_encoded(value));
  has_query_ = true;
  return *this;
}

Href& Href::fragment(HtmlWriter::Markup id) {
  text_.append("#").append(id.text());
  return *this;
}

void write_link(HtmlWriter& html, const Href& to, std::string_view words) {
  html.markup("<a href=\"").text(to.text()).markup("\">").text(words).markup("</a>");
}

}  // namespace cpl
