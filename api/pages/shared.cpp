#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"

namespace cpl {

std::string signers_words(Said signed_by) {
  if (!signed_by.exists()) return "nobody can tell: stored data is damaged";
  const std::vector<std::string> names = signed_by.texts();
  return names.empty() ? "no key of the charter" : joined(names);
}

void write_device_type(HtmlWriter& html, std::string_view chosen) {
  write_select(html, "device_type", "Device type",
               {{"", "All"},
                {"ESME", "ESME"},
                {"GSME", "GSME"},
                {"CH", "CH"},
                {"PPMID", "PPMID"},
                {"HCALCS", "HCALCS"},
                {"SAPC", "SAPC"}},
               chosen);
}

std::vector<std::string> pasted_words(std::string_view text) {
  constexpr std::string_view between = " \t\r\n,;|\"'";
  std::vector<std::string> words;
  while (true) {
    const auto from = text.find_first_not_of(between);
    if (from == text.npos) return words;
    text.remove_prefix(from);
    const std::string_view word = text.substr(0, text.find_first_of(between));
    text.remove_prefix(word.size());
    if (std::find(words.begin(), words.end(), word) == words.end()) words.emplace_back(word);
  }
}

bool is_model_id(std::string_view text) {
  constexpr std::size_t shortest = 24;
  constexpr std::size_t longest = 32;
  return std::count(text.begin(), text.end(), '-') == 3 && text.size() >= shortest &&
         text.size() <= longest && std::all_of(text.begin(), text.end(), [](char c) {
           return c == '-' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

void write_summary(HtmlWriter& html, std::string_view summary) {
  html.markup("<span class=\"said\">");
  bool is_first = true;
  while (!summary.empty()) {
    const auto end = std::min(summary.find(' '), summary.size());
    const std::string_view word = summary.substr(0, end);
    if (!is_first) html.markup(" ");
    if (is_model_id(word)) {
      write_model_link(html, word);
    } else if (is_first && !word.empty()) {
      html.text(ascii_upper(word.substr(0, 1))).text(word.substr(1));
    } else {
      html.text(word);
    }
    is_first = false;
    summary.remove_prefix(std::min(end + 1, summary.size()));
  }
  html.markup("</span>");
}

void write_entries(HtmlWriter& html, std::string_view caption, const std::vector<Said>& entries) {
  Table table(html, caption, {"When", "What", "Signed by", "#Entry"});
  for (const Said& entry : entries) {
    write_time(table.cell(), entry["time"].text());
    write_summary(table.cell(), entry["summary"].text());
    table.cell().text(signers_words(entry["signed_by"]));
    write_entry_link(table.cell(), entry["index"].count());
  }
}

void write_words(HtmlWriter& html, Said text, std::string_view disclosed) {
  const std::string_view words = text.text().empty() ? disclosed : text.text();
  if (words.empty()) {
    write_tag(html, Tone::grey, "Sealed");
    html.markup(" Its words are known to those for whom they were sealed.");
    return;
  }
  html.markup("<q class=\"said\">").text(words).markup("</q>");
  if (text.text().empty()) html.markup(" (sealed at first, and opened since)");
}

void write_minuted_place(HtmlWriter& html, Said reference) {
  const std::string_view meeting = reference["meeting"].text();
  if (meeting.empty()) {
    html.markup("ex-committee decision ");
    write_said(html, reference["ex_committee"].text());
    return;
  }
  write_link(html, Href("/meetings").segment(meeting), meeting);
  html.markup(", item ").number(reference["item"].count());
  html.markup(", decision ").number(reference["ordinal"].count());
}

void write_authorised(HtmlWriter& html, Said decision) {
  html.markup("<ul class=\"plain\">\n");
  for (const Said& authorised : decision["authorises"].items()) {
    for (const Said& model : authorised["models"].items()) {
      html.markup("<li>").text(authorised["act"].text()).markup(" ");
      write_model_link(html, model.text());
      html.markup("</li>\n");
    }
  }
  html.markup("</ul>\n");
}

void write_signed(HtmlWriter& html, const PageSource& source, std::uint64_t entry) {
  write_link(html, Href("/entries").segment(entry), "Entry " + std::to_string(entry));
  const auto json = source.get(Href("/v1/entries").segment(entry));
  if (!json) return;
  const Said made(*json);
  html.markup(", ");
  write_time(html, made["time"].text());
  html.markup(", signed by ").text(signers_words(made["signed_by"]));
}

std::vector<Said> reversed(std::vector<Said> items) {
  std::reverse(items.begin(), items.end());
  return items;
}

}  // namespace cpl
