#include "api/pages/content.hpp"

#include <set>

namespace cpl {
namespace {

// Members whose number is that of an entry.
const std::set<std::string, std::less<>> entry_members = {"decision", "notice", "entry",
                                                          "replaces"};

std::string name_in_words(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') {
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
  }
  return name;
}

bool is_hash(std::string_view text) {
  constexpr std::size_t hash_digits = 64;
  return text.size() == hash_digits && text.find_first_not_of("0123456789abcdef") == text.npos;
}

void write_value(HtmlWriter& html, std::string_view name, Said value);

void write_list(HtmlWriter& html, std::string_view name, const std::vector<Said>& items) {
  if (items.empty()) {
    html.markup("none");
    return;
  }
  html.markup("<ul class=\"plain\">");
  for (const Said& item : items) {
    html.markup("<li>");
    write_value(html, name, item);
    html.markup("</li>");
  }
  html.markup("</ul>\n");
}

void write_text(HtmlWriter& html, std::string_view text) {
  if (is_model_id(text)) {
    write_model_link(html, text);
  } else if (is_hash(text)) {
    write_hash(html, text);
  } else if (Date::parse(text) || parse_time(text)) {
    write_time(html, text);
  } else {
    write_said(html, text);
  }
}

void write_value(HtmlWriter& html, std::string_view name, Said value) {
  if (value["sealed"].exists()) {
    write_words(html, value, "");
  } else if (const auto members = value.members(); !members.empty()) {
    write_content(html, value);
  } else if (const auto number = value.number()) {
    if (entry_members.contains(name)) {
      write_entry_link(html, *number);
    } else {
      html.number(*number);
    }
  } else if (!value.text().empty()) {
    write_text(html, value.text());
  } else {
    write_list(html, name, value.items());
  }
}

}  // namespace

void write_content(HtmlWriter& html, Said content) {
  Facts facts(html);
  for (const auto& [name, value] : content.members()) {
    write_value(facts.fact(name_in_words(name)), name, value);
  }
}

}  // namespace cpl
