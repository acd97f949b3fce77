// The address of a page of one's own: a path, with what is filled into it encoded (RFC 3986), so
// that no text of the log can lead a reader elsewhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "api/html/html_writer.hpp"

namespace cpl {

class Href {
 public:
  explicit Href(HtmlWriter::Markup path) : text_(path.text()) {}  // "/models"

  Href& segment(std::string_view text);  // "/" and the text.
  Href& segment(std::uint64_t number);
  Href& query(std::string_view name, std::string_view value);
  Href& fragment(HtmlWriter::Markup id);

  const std::string& text() const { return text_; }

 private:
  std::string text_;
  bool has_query_ = false;
};

void write_link(HtmlWriter& html, const Href& to, std::string_view words);

}  // namespace cpl
