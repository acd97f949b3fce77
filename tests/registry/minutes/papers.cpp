#include "tests/registry/minutes/papers.hpp"

#include <algorithm>
#include <cctype>

namespace cpl {
namespace {

constexpr std::string_view heading[] = {"SEC Panel Meeting 44",
                                        "Meeting SECP_44_1204, 12th April 2019",
                                        "",
                                        "Hall 1, London",
                                        "",
                                        "Final Minutes",
                                        ""};

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

}  // namespace

std::string Paper::text() const {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

std::uint64_t PaperMaker::below(std::uint64_t bound) {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return (z ^ (z >> 31)) % bound;
}

std::string PaperMaker::model_id() {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string id = "ESME-9A01-";
  for (int i = 0; i < 8; ++i) id += digits[below(i % 2 == 0 ? 10 : 16)];
  id += '-';
  for (int i = 0; i < 8; ++i) id += digits[below(i % 3 == 0 ? 10 : 16)];
  return id;
}

// What is decided on, as the object of a verb; half of them name a model.
std::string PaperMaker::matter() {
  static constexpr const char* things[] = {"the budget of the help desk",
                                           "the plan to certify gas meters",
                                           "the updated register of risks",
                                           "the contents of the paper",
                                           "the leaflet for new installers",
                                           "the terms of reference as set out in Appendix A",
                                           "the removal of two meters from the list"};
  if (one_in(2)) return pick(things) + (one_in(2) ? "" : " for the coming year");
  std::string text = "the removal of Device Model " + model_id();
  if (one_in(3)) text += " and " + model_id();
  if (one_in(2)) text += " from the Certified Products List";
  return text;
}

void PaperMaker::decide(const std::string& verb, const std::string& text) {
  item_->decisions.push_back({upper(verb), text});
}

std::vector<std::string> PaperMaker::wrapped(const std::string& text) {
  if (style_.width == 0) return {text};
  std::vector<std::string> lines(1);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (!lines.back().empty() && lines.back().size() + 1 + word.size() > style_.width) {
      lines.emplace_back();
    }
    lines.back() += (lines.back().empty() ? "" : " ") + word;
    at = end + 1;
  }
  return lines;
}

void PaperMaker::break_page() {
  shape("page-break");
  emit("");
  emit("SECP_44_1204 | Page " + std::to_string(1 + below(8)) + " of 9");
  emit("\fSEC Panel Meeting 44");
  emit("");
}

std::string PaperMaker::with_odd_characters(const std::string& text) {
  static constexpr const char* spaces[] = {"\u00A0", "\u2009", "\u202F", "\u2007"};
  static constexpr const char* unseen[] = {"\u00AD", "\u200B", "\u2060", "\uFEFF"};
  static constexpr const char* hyphens[] = {"\u2011", "\u2010", "\u2013", "\u2212"};
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool in_word = i > 0 && std::isalpha(static_cast<unsigned char>(text[i])) &&
                         std::isalpha(static_cast<unsigned char>(text[i - 1]));
    if (in_word && one_in(20)) out += pick(unseen);
    if (text.compare(i, 2, "fi") == 0 && one_in(2)) {
      out += "\uFB01";
      ++i;
    } else if (text[i] == ' ' && i > 3 && one_in(12)) {
      out += pick(spaces);
    } else if (text[i] == '-' && text.compare(i > 4 ? i - 4 : 0, 4, "ESME") == 0 && one_in(2)) {
      // One kind of hyphen for the whole id.
      const std::string hyphen = pick(hyphens);
      for (; i < text.size() && text[i] != ' ' && text[i] != '.' && text[i] != ';'; ++i) {
        out += text[i] == '-' ? hyphen : std::string(1, text[i]);
      }
      --i;
    } else {
      out += text[i];
    }
  }
  return out;
}

// A paragraph, or a bullet with its mark, in lines; now and then one that something cuts through.
void PaperMaker::paragraph(const std::string& text, const std::string& mark) {
  std::string whole = mark + text;
  if (mark.empty() && style_.numbered) {
    whole = std::to_string(paper_->items.size()) + "." + std::to_string(++paragraph_) +
            (one_in(2) ? " " : ". ") + text;
  }
  std::vector<std::string> lines = wrapped(whole);
  const std::size_t cut = lines.size() > 1 && style_.odd_layout ? 1 + below(lines.size() - 1) : 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (cut != 0 && i == cut) {
      switch (below(3)) {
        case 0:
          shape("blank-line");
          emit("");
          break;
        case 1:
          break_page();
          break;
        default:
          shape("footnote");
          emit("");
          emit("1 See Section F2 of the Code.");
          emit("");
      }
      item_->plain = false;
    }
    emit(style_.odd_characters ? with_odd_characters(lines[i]) : lines[i]);
  }
  emit("");
}

void PaperMaker::add_narrative() {
  static constexpr const char* sentences[] = {
      "SECAS presented the paper and told the members what had changed.",
      "It was noted that the timescales had moved since the winter.",
      "The Panel were given a paper on the work of the test houses.",
      "SECAS agreed to look into the matter.",
      "The SSC approved their Work Package for the following quarter.",
      "There was a discussion of the quality of the documents."};
  shape("narrative");
  paragraph(pick(sentences));
}

void PaperMaker::add_running(bool known) {
  static constexpr const char* subjects[] = {"The Panel", "Panel Members", "Members",
                                             "Following discussion, the Panel", "The SEC Panel"};
  static constexpr const char* verbs[] = {"agreed",   "AGREED",   "approved", "APPROVED",
                                          "NOTED",    "endorsed", "REJECTED", "supported",
                                          "deferred", "ACCEPTED"};
  static constexpr const char* odd_subjects[] = {"All Panel Members",
                                                 "The majority of the Panel",
                                                 "The Committee",
                                                 "After discussion the Panel",
                                                 "The meeting",
                                                 "The Panel (quorate)",
                                                 "The Panel - having read the paper -",
                                                 "Having heard the DCC the Panel",
                                                 "The Panel",
                                                 "Those present",
                                                 "The Panel and SECAS",
                                                 "The Board"};
  static constexpr const char* odd_verbs[] = {"decided on",
                                              "resolved on",
                                              "ratified",
                                              "confirmed its approval of",
                                              "gave its approval to",
                                              "was content with",
                                              "agree",
                                              "voted unanimously in favour of",
                                              "were in agreement with",
                                              "determined"};
  const std::string object = matter();
  if (known) {
    const std::string verb = pick(verbs);
    shape("running");
    decide(verb, verb + " " + object);
    return paragraph(pick(subjects) + " " + verb + " " + object + ".");
  }
  const bool odd_verb = one_in(2);
  const std::string subject = odd_verb ? pick(subjects) : pick(odd_subjects);
  const std::string verb = odd_verb || subject == "The Panel" ? pick(odd_verbs) : pick(verbs);
  shape("odd-sentence");
  item_->plain = false;
  decide(verb, verb + " " + object);
  paragraph(subject + " " + verb + " " + object + ".");
}

void PaperMaker::add_bullets() {
  static constexpr const char* leads[] = {
      "The Panel:", "The SEC Panel:", "Panel Members:", "The Panel unanimously:"};
  static constexpr const char* marks[] = {"\u2022 ", "- ", "\u2013 ", "(a) ", "\uF0B7 ", "* "};
  static constexpr const char* verbs[] = {"NOTED", "APPROVED", "AGREED",  "SUPPORTED",
                                          "noted", "agreed",   "Approved"};
  shape("bullets");
  paragraph(pick(leads));
  const std::string mark = pick(marks);
  const std::uint64_t count = 1 + below(3);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string verb = pick(verbs);
    const std::string object = matter();
    decide(verb, verb + " " + object);
    paragraph(verb + " " + object + (i + 1 < count ? "; and" : "."), mark);
  }
}

void PaperMaker::add_passive() {
  static constexpr const char* objects[] = {"The minutes of the previous meeting",
                                            "The updated register of risks", "The leaflet"};
  const std::string object = pick(objects);
  shape("passive");
  decide("approved", object + " were approved");
  paragraph(object + " were approved.");
}

void PaperMaker::add_label() {
  static constexpr const char* labels[] = {
      "DECISION:", "Decision 44/02:", "Resolution:", "AGREED:", "Panel decision -", "Outcome:"};
  static constexpr const char* words[] = {"The Panel approved", "approved", "that it supports"};
  const std::string object = matter();
  shape("label");
  item_->plain = false;
  decide("approved", "approved " + object);
  paragraph(pick(labels) + " " + pick(words) + " " + object + ".");
}

// What sounds like a decision and is none of this meeting.
void PaperMaker::add_history() {
  static constexpr const char* sentences[] = {
      "The Panel NOTED that it had APPROVED the leaflet at Meeting 43.",
      "The Panel NOTED that the SSC APPROVED the leaflet.",
      "The Panel NOTED that, if the test fails, the leaflet would be REJECTED."};
  const std::string sentence = pick(sentences);
  shape("history");
  item_->plain = false;
  decide("NOTED", sentence.substr(10, sentence.size() - 11));
  paragraph(sentence);
}

void PaperMaker::add_note() {
  static constexpr const char* leads[] = {
      "Post-meeting update:", "Post Meeting Note:", "Update after the meeting:"};
  shape("note");
  item_->plain = false;
  decide("approved", "approved " + matter());
  paragraph(pick(leads) + " The Panel " + item_->decisions.back().text + " by e-mail.");
}

void PaperMaker::add_table_row() {
  shape("table");
  item_->plain = false;
  const std::string object = matter();
  decide("approved", "approved " + object);
  paragraph("The Panel   approved   " + object);
}

void PaperMaker::add_statement(bool plain_only) {
  switch (below(plain_only ? 5 : 11)) {
    case 0:
      return add_narrative();
    case 1:
    case 2:
      return add_running(true);
    case 3:
      return add_bullets();
    case 4:
      return add_passive();
    case 5:
    case 6:
      return add_running(false);
    case 7:
      return add_label();
    case 8:
      return add_history();
    case 9:
      return add_note();
    default:
      return add_table_row();
  }
}

void PaperMaker::add_item(Paper& paper, bool plain_only, Style style) {
  static constexpr const char* titles[] = {"Changes", "Budget", "Use of the List", "Test Houses",
                                           "Any Other Business"};
  paper_ = &paper;
  paper.items.emplace_back();
  item_ = &paper.items.back();
  style_ = style;
  paragraph_ = 0;
  item_->first_line = paper.lines.size() + 1;
  emit(std::to_string(paper.items.size()) + ". " + pick(titles));
  const std::uint64_t count = 1 + below(3);
  for (std::uint64_t i = 0; i < count; ++i) add_statement(plain_only);
  item_->last_line = paper.lines.size();
}

void PaperMaker::begin(Paper& paper) {
  for (const std::string_view line : heading) paper.lines.emplace_back(line);
}

Paper PaperMaker::make() {
  static constexpr std::size_t widths[] = {0, 64, 88, 100};
  Paper paper;
  begin(paper);
  const std::uint64_t count = 1 + below(3);
  for (std::uint64_t i = 0; i < count; ++i) {
    add_item(paper, one_in(3),
             {.numbered = one_in(3),
              .width = widths[below(std::size(widths))],
              .odd_characters = one_in(3),
              .odd_layout = one_in(4)});
  }
  return paper;
}

Paper PaperMaker::make_plain(std::size_t width) {
  Paper paper;
  begin(paper);
  const std::uint64_t count = 2 + below(4);
  for (std::uint64_t i = 0; i < count; ++i) add_item(paper, true, {.width = width});
  return paper;
}

}  // namespace cpl
