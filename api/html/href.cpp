#include "api/html/href.hpp"

#include "api/http/percent.hpp"

namespace cpl {
Href& Href::segment(std::string_view text) {
  text_.append("/").append(percent_encoded(text));
  return *this;
}

Href& Href::segment(std::uint64_t number) { return segment(std::to_string(number)); }

Href& Href::query(std::string_view name, std::string_view value) {
  text_.append(has_query_ ? "&" : "?").append(name).append("=").append(percent_encoded(value));
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
