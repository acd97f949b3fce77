// Papers made from shapes: numbering, lead, verb, subject, layout and typography by turns, as the
// papers of real bodies have them. What each of them decides is known, because it is made first.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cpl {

struct PaperDecision {
  std::string verb;  // Upper case.
  std::string text;  // In plain characters.
};

struct PaperItem {
  std::vector<PaperDecision> decisions;
  bool plain = true;  // Within the grammar: to be read without a report.
  std::size_t first_line = 0;
  std::size_t last_line = 0;
  std::string shapes;  // What it is made of, for whoever reads a failure.
};

struct Paper {
  std::vector<std::string> lines;  // A form feed at the start of a line begins a page.
  std::vector<PaperItem> items;

  std::string text() const;
};

class PaperMaker {
 public:
  explicit PaperMaker(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 1) {}

  // Of all shapes.
  Paper make();
  // Of the grammar's shapes alone, in lines of at most `width` characters and plain characters.
  Paper make_plain(std::size_t width);

  std::uint64_t below(std::uint64_t bound);  // Uniform enough: 0 … bound-1.
  bool one_in(std::uint64_t n) { return below(n) == 0; }

 private:
  struct Style {
    bool numbered = false;
    std::size_t width = 0;  // 0: a line a paragraph.
    bool odd_characters = false;
    bool odd_layout = false;
  };

  template <std::size_t size>
  std::string pick(const char* const (&from)[size]) {
    return from[below(size)];
  }

  void begin(Paper& paper);
  void add_item(Paper& paper, bool plain_only, Style style);
  void add_statement(bool plain_only);
  void add_narrative();
  void add_running(bool known);
  void add_bullets();
  void add_passive();
  void add_label();
  void add_history();
  void add_note();
  void add_table_row();
  std::string matter();
  std::string model_id();

  void paragraph(const std::string& text, const std::string& mark = "");
  void emit(const std::string& line) { paper_->lines.push_back(line); }
  std::vector<std::string> wrapped(const std::string& text);
  void break_page();
  std::string with_odd_characters(const std::string& text);
  void shape(const std::string& name) { item_->shapes += name + " "; }
  void decide(const std::string& verb, const std::string& text);

  std::uint64_t state_;
  Paper* paper_ = nullptr;
  PaperItem* item_ = nullptr;
  Style style_;
  std::size_t paragraph_ = 0;
};

}  // namespace cpl
