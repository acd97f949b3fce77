// Each output has one escaping. Random texts out of nasty pieces go through each, and are read back
// by another's reader, or by one written here from the standard: they come back as words, all of
// them, and as nothing else.
#include <expat.h>

#include <catch2/catch.hpp>

#include "api/feed/atom.hpp"
#include "api/html/html_writer.hpp"
#include "crypto/encoding.hpp"
#include "crypto/plain_text.hpp"
#include "notifier/mail/message.hpp"
#include "notifier/mail/text.hpp"
#include "registry/base/csv.hpp"
#include "tests/support/nasty_text.hpp"
#include "tools/shared/markdown.hpp"

namespace cpl::testing::escaping_test {
namespace {

constexpr int nasty_texts = 20'000;

template <class Try>
void each_nasty_text(const Try& attempt) {
  std::mt19937 random(7);
  for (int i = 0; i < nasty_texts; ++i) attempt(nasty_text(random));
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// In the order in which they are undone.
const std::array<std::pair<std::string, std::string>, 5> entities = {
    {{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}};

bool is_punctuation(char c) {
  return std::string_view("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~").find(c) != std::string_view::npos;
}

// The cells of a row as GFM splits it: a pipe that a backslash escapes ends none.
std::vector<std::string> markdown_cells(const std::string& row) {
  std::vector<std::string> cells(1);
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == '\\' && i + 1 < row.size() && is_punctuation(row[i + 1])) {
      cells.back() += row.substr(i++, 2);
    } else if (row[i] == '|') {
      cells.emplace_back();
    } else {
      cells.back() += row[i];
    }
  }
  return cells;
}

// What a cell says; nothing where an unescaped character may begin markup.
std::optional<std::string> markdown_words(const std::string& cell) {
  std::string words;
  std::string bare;  // With a space for each escape: an address must not stand in it.
  for (std::size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] == '\\' && i + 1 < cell.size() && is_punctuation(cell[i + 1])) {
      words += cell[++i];
      bare += ' ';
      continue;
    }
    if (std::string_view("\\`*_[]<>&~|\n").find(cell[i]) != std::string_view::npos) return {};
    words += cell[i];
    bare += cell[i];
  }
  if (bare.find("://") != bare.npos || bare.find("www.") != bare.npos) return {};
  return words;
}

// RFC 4180, read by the letter; nothing where the text is not of it.
std::optional<std::vector<std::string>> csv_row(const std::string& text) {
  std::vector<std::string> fields(1);
  std::size_t i = 0;
  while (true) {
    if (i < text.size() && text[i] == '"') {
      for (++i;; ++i) {
        if (i >= text.size()) return {};
        if (text[i] != '"') {
          fields.back() += text[i];
        } else if (i + 1 < text.size() && text[i + 1] == '"') {
          fields.back() += text[i++];
        } else {
          break;
        }
      }
      ++i;
    }
    for (; i < text.size() && text[i] != ',' && text.compare(i, 2, "\r\n") != 0; ++i) {
      if (text[i] == '"' || text[i] == '\r' || text[i] == '\n') return {};
      fields.back() += text[i];
    }
    if (i + 2 == text.size()) return fields;
    if (i >= text.size() || text[i] != ',') return {};
    fields.emplace_back();
    ++i;
  }
}

// What some spreadsheet would run.
bool runs(std::string_view cell) {
  constexpr std::array<std::string_view, 6> spaces = {" ", "\t", "\r", "\n", "\u00A0", "\u3000"};
  bool dropped = true;
  while (dropped) {
    dropped = false;
    for (const std::string_view space : spaces) {
      if (!cell.starts_with(space)) continue;
      cell.remove_prefix(space.size());
      dropped = true;
    }
  }
  for (const std::string_view sign : {"=", "+", "-", "@", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"}) {
    if (cell.starts_with(sign)) return true;
  }
  return false;
}

// All text of the elements of that name, read by expat.
struct XmlTexts {
  std::string wanted;
  std::vector<std::string> found;
  std::size_t elements = 0;
  bool inside = false;

  static void XMLCALL start(void* user, const XML_Char* name, const XML_Char**) {
    auto& self = *static_cast<XmlTexts*>(user);
    ++self.elements;
    self.inside = name == self.wanted;
    if (self.inside) self.found.emplace_back();
  }
  static void XMLCALL end(void* user, const XML_Char*) {
    static_cast<XmlTexts*>(user)->inside = false;
  }
  static void XMLCALL text(void* user, const XML_Char* octets, int size) {
    auto& self = *static_cast<XmlTexts*>(user);
    if (self.inside) self.found.back().append(octets, static_cast<std::size_t>(size));
  }
};

std::optional<XmlTexts> read_xml(const Bytes& xml, std::string wanted) {
  XmlTexts texts{std::move(wanted), {}};
  XML_Parser parser = XML_ParserCreate("UTF-8");
  XML_SetUserData(parser, &texts);
  XML_SetElementHandler(parser, &XmlTexts::start, &XmlTexts::end);
  XML_SetCharacterDataHandler(parser, &XmlTexts::text);
  const auto status = XML_Parse(parser, xml.data(), static_cast<int>(xml.size()), XML_TRUE);
  XML_ParserFree(parser);
  if (status != XML_STATUS_OK) return {};
  return texts;
}

// RFC 2045, 6.7.
std::string unquoted(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      out += text[i];
    } else if (text.compare(i, 3, "=\r\n") == 0) {
      i += 2;
    } else {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    }
  }
  replace_all(out, "\r\n", "\n");
  return out;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::string line;
  for (const char c : text) {
    if (c != '\n') {
      line += c;
      continue;
    }
    lines.push_back(line);
    line.clear();
  }
  if (!line.empty()) lines.push_back(line);
  return lines;
}

// RFC 3676: the paragraphs; nothing where a line would be taken for a quotation.
std::optional<std::vector<std::string>> unflowed(const std::string& text) {
  std::vector<std::string> paragraphs;
  bool goes_on = false;
  for (std::string line : lines_of(text)) {
    if (line.starts_with('>') || line.starts_with("From ")) return {};
    if (line.starts_with(' ')) line.erase(0, 1);
    if (!goes_on) paragraphs.emplace_back();
    paragraphs.back() += line;
    goes_on = line.ends_with(' ');
  }
  return paragraphs;
}

// Unfolded, and its encoded words decoded (RFC 2047).
std::string header_value(std::string field) {
  replace_all(field, "\r\n", "");
  field.erase(0, field.find(": ") + 2);
  replace_all(field, "?= =?UTF-8?B?", "?==?UTF-8?B?");
  std::string out;
  for (auto at = field.find("=?UTF-8?B?"); at != field.npos; at = field.find("=?UTF-8?B?")) {
    const auto end = field.find("?=", at + 10);
    REQUIRE(end != field.npos);
    out += field.substr(0, at) + from_base64(field.substr(at + 10, end - at - 10)).value();
    field.erase(0, end + 2);
  }
  return out + field;
}

}  // namespace

TEST_CASE("escaping: a cell of the Panel's paper stays one cell of words") {
  each_nasty_text([](const std::string& text) {
    const std::string written = markdown_text(text);
    const auto cells = markdown_cells("| " + written + " | next |");
    if (cells.size() != 4) FAIL(text << "\nas " << written);
    std::string expected = shown(text, "\n");
    std::replace(expected.begin(), expected.end(), '\n', ' ');
    if (markdown_words(cells[1]) != " " + expected + " ") FAIL(text << "\nas " << written);
  });
}

TEST_CASE("escaping: a cell of CSV is read as its text, and no spreadsheet runs it") {
  each_nasty_text([](const std::string& text) {
    const std::string cell = text_for_spreadsheet(text);
    std::string row;
    append_csv_row(row, std::vector<std::string>{"before", cell, "after"});
    const auto read = csv_row(row);
    if (!read || *read != std::vector<std::string>{"before", cell, "after"}) FAIL(text);
    if (runs(cell) || text_from_spreadsheet(cell) != text) FAIL(text << "\nas " << cell);
  });
}

TEST_CASE("escaping: a text of a page holds no markup") {
  each_nasty_text([](const std::string& text) {
    std::string read = HtmlWriter().text(text).html();
    if (read.find_first_of("<>\"'") != read.npos) FAIL(text);
    for (const auto& [entity, character] : {std::pair{"&lt;", "<"},
                                            {"&gt;", ">"},
                                            {"&quot;", "\""},
                                            {"&#39;", "'"},
                                            {"&amp;", "&"}}) {
      replace_all(read, entity, character);
    }
    if (read != shown(text, "\n")) FAIL(text << "\nas " << read);
  });
}

TEST_CASE("escaping: a feed is XML, whatever the texts of its entries hold") {
  std::mt19937 random(7);
  for (int feeds = 0; feeds < 100; ++feeds) {
    AtomFeed feed;
    std::vector<std::string> expected = {""};
    for (int i = 0; i < 100; ++i) {
      AtomEntry entry;
      entry.title = nasty_text(random);
      entry.content = nasty_text(random);
      entry.links = {{"alternate", "text/html", nasty_text(random), nasty_text(random)}};
      expected.push_back(shown(entry.title, "\t\n"));
      feed.entries.push_back(std::move(entry));
    }
    const auto read = read_xml(to_xml(feed), "title");
    REQUIRE(read);
    CHECK(read->found == expected);
  }
}

TEST_CASE("escaping: a mail's text is read as it was, line by line") {
  each_nasty_text([](const std::string& text) {
    const std::string seen = shown(text, "\n");
    const std::string written = quoted_printable(flowed(seen));
    for (const char c : written) {
      if ((c < ' ' || c > '~') && c != '\r' && c != '\n') FAIL(text);
    }
    auto expected = lines_of(seen);
    for (std::string& line : expected) line.erase(line.find_last_not_of(' ') + 1);
    const auto read = unflowed(unquoted(written));
    if (!read || *read != expected) FAIL(text << "\nas " << written);
  });
}

TEST_CASE("escaping: a mail's header field is one field that says its value") {
  each_nasty_text([](const std::string& text) {
    const std::string value = "[CPL] " + text + " end";
    const std::string field = header_field("Subject", value);
    std::string lines = field;
    replace_all(lines, "\r\n ", "");
    if (lines.find('\r') != lines.size() - 2 || lines.find('\n') != lines.size() - 1) FAIL(text);
    if (header_value(field) != shown(value)) FAIL(text << "\nas " << field);
  });
}

TEST_CASE("escaping: a whole message holds its text once, and no field of the text's making") {
  const auto address = MailAddress::parse("notices@cpl.example");
  REQUIRE(address);
  each_nasty_text([&](const std::string& text) {
    const MailMessage message{
        "CPL", *address, *address, text, UnixMillis{0}, "id", {}, "List", "https://cpl.example/u/1",
        "1",   text,     {}};
    const std::string fields = format_mail_fields(message);
    if (fields.find("\nBcc:") != fields.npos) FAIL(text);
    const std::string content = format_mail_content(message);
    if (content.find("\nBcc:") != content.npos && text.find("\nBcc:") == text.npos) FAIL(text);
  });
}

}  // namespace cpl::testing::escaping_test
