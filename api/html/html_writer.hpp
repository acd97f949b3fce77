// HTML in which nothing but a literal of this program can be markup: all other text is escaped.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace cpl {

class HtmlWriter {
 public:
  // Takes a constant of the program and nothing that is only known when it runs.
  class Markup {
   public:
    template <std::size_t size>
    consteval Markup(const char (&literal)[size])  // NOLINT: the conversion is the point.
        : text_(literal, size - 1) {}
    std::string_view text() const { return text_; }

   private:
    std::string_view text_;
  };

  HtmlWriter& markup(Markup literal);
  // Escaped for content and for quoted attributes; what no reader should act on is made visible.
  HtmlWriter& text(std::string_view text);
  HtmlWriter& number(std::uint64_t number);  // "1,513"
  // <name>text</name>, with a line end: a paragraph, a heading.
  HtmlWriter& element(Markup name, std::string_view text);
  // What another writer wrote.
  HtmlWriter& append(const HtmlWriter& other);

  void table_start(std::string_view caption, std::initializer_list<std::string_view> columns);
  // The first cell is the row's heading.
  void row(std::initializer_list<std::string_view> cells);
  void table_end();

  const std::string& html() const { return html_; }
  std::string take() { return std::move(html_); }

 private:
  std::string html_;
};

// "1,513"
std::string grouped(std::uint64_t number);

}  // namespace cpl
