// What pages are put together from: each has its markup here alone, and one look everywhere.
#pragma once

#include <optional>
#include <vector>

#include "api/html/href.hpp"

namespace cpl {

// How a state looks; what it is stands in words beside it.
enum class Tone : std::uint8_t { info, good, warn, bad, grey };

void write_tag(HtmlWriter& html, Tone tone, std::string_view words);

// A box that says what must not be missed. Written by `start`, what it holds, `end`.
void note_start(HtmlWriter& html, Tone tone, std::string_view heading);
void note_end(HtmlWriter& html);

// A model's id in its own type, as a link to its page.
void write_model_link(HtmlWriter& html, std::string_view id);
// The number of an entry, as a link to it.
void write_entry_link(HtmlWriter& html, std::uint64_t entry);
// Words that come from the log, which may read from right to left.
void write_said(HtmlWriter& html, std::string_view words);
void write_hash(HtmlWriter& html, std::string_view hash);

// "panel-1, panel-3 and panel-5"
std::string joined(const std::vector<std::string>& words);

// A list of facts, each with its name. Ends with the object: let it end before its page is handed
// on.
class Facts {
 public:
  explicit Facts(HtmlWriter& html);
  ~Facts();
  Facts(const Facts&) = delete;
  Facts& operator=(const Facts&) = delete;

  // What is written after it, up to the next, is the fact.
  HtmlWriter& fact(std::string_view name);
  // Left out where there are no words.
  void fact(std::string_view name, std::string_view words);

 private:
  HtmlWriter& html_;
  bool is_open_ = false;
};

// A table that is a list of cards where the page is narrow: each cell has its column's name. Ends
// with the object.
class Table {
 public:
  // Headings of columns; one that begins with "#" is for numbers, without the sign.
  Table(HtmlWriter& html, std::string_view caption, std::vector<std::string_view> columns);
  ~Table();
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  // What is written after it is the next cell; the first of each row is the row's heading.
  HtmlWriter& cell();

 private:
  void end_cell();

  HtmlWriter& html_;
  const std::vector<std::string_view> columns_;
  std::size_t at_ = 0;
  bool has_cell_ = false;
};

// What led to something, one after the other; a step that is open is still to come. Ends with the
// object.
class Steps {
 public:
  explicit Steps(HtmlWriter& html);
  ~Steps();
  Steps(const Steps&) = delete;
  Steps& operator=(const Steps&) = delete;

  // What is written after it, up to the next, belongs to the step. It begins inside a paragraph.
  void step(std::string_view name, bool is_open);

 private:
  HtmlWriter& html_;
  std::uint64_t count_ = 0;
};

// What was looked at, each passed or not. Written by `checks_start`, checks, `checks_end`.
void checks_start(HtmlWriter& html);
void write_check(HtmlWriter& html, bool passed, std::string_view words);
void checks_end(HtmlWriter& html);

// The beginning of a form that is sent (POST); it ends with "</form>". `key` is what the form must
// bring along: empty where nothing is asked.
void form_start(HtmlWriter& html, const Href& to, std::string_view key);
void write_hidden(HtmlWriter& html, std::string_view name, std::string_view value);

// A field of a form for a day, in three parts, as people give it.
struct DayParts {
  std::string day;
  std::string month;
  std::string year;
};
void write_day_field(HtmlWriter& html, std::string_view question, const DayParts& given);

struct Choice {
  std::string_view value;
  std::string_view words;
};
void write_select(HtmlWriter& html, std::string_view name, std::string_view label,
                  const std::vector<Choice>& choices, std::string_view chosen);
void write_text_field(HtmlWriter& html, std::string_view name, std::string_view label,
                      std::string_view value, std::string_view hint = "");

void write_text_area(HtmlWriter& html, std::string_view name, std::string_view label,
                     std::string_view value, std::string_view hint);

// A file that somebody chooses; its form is multipart/form-data.
void write_file_field(HtmlWriter& html, std::string_view name, std::string_view label);

// Boxes to tick, under one question. Written by `choices_start`, checkboxes, `choices_end`.
void choices_start(HtmlWriter& html, std::string_view legend);
void write_checkbox(HtmlWriter& html, std::string_view name, std::string_view label,
                    bool is_ticked);
void choices_end(HtmlWriter& html);

// What of a form was wrong: on top, with a link to each field, and again at the field itself.
struct FieldFault {
  std::string_view field;  // Its id.
  std::string words;
};
void write_error_summary(HtmlWriter& html, const std::vector<FieldFault>& faults);
void write_field_error(HtmlWriter& html, std::string_view field, std::string_view words);

// The link to the next page of a list, where there is one.
void write_next(HtmlWriter& html, const std::optional<Href>& next, std::string_view words);

}  // namespace cpl
