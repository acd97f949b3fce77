#include "registry/base/file_kind.hpp"

#include <algorithm>
#include <array>

namespace cpl {
namespace {

constexpr std::string_view save_list_as_utf8 = "save the list as \"CSV UTF-8\" and send that";

struct Kind {
  std::string_view begin;  // In lower case, where it is of letters.
  std::string_view code;
  std::string_view what;
};
constexpr std::array<Kind, 16> kinds = {{
    {"\xFF\xFE", "csv-utf16", "UTF-16 (\"Unicode text\" in a spreadsheet)"},
    {"\xFE\xFF", "csv-utf16", "UTF-16 (\"Unicode text\" in a spreadsheet)"},
    {"pk\x03\x04", "csv-workbook", "a spreadsheet workbook, not text"},
    {"\xD0\xCF\x11\xE0", "csv-workbook", "a workbook of an old spreadsheet, not text"},
    {"id;p", "csv-workbook", "a list in the spreadsheets' exchange format SYLK"},
    {"%pdf-", "csv-document", "a PDF document, not a list"},
    {"{\\rtf", "csv-document", "a text document (RTF), not a list"},
    {"\x1F\x8B", "csv-packed", "packed (gzip): unpack it, and"},
    {"7z\xBC\xAF", "csv-packed", "packed (7z): unpack it, and"},
    {"<?xml", "csv-xml", "XML, as spreadsheets and browsers write it, not CSV"},
    {"<!doctype", "csv-html", "a web page, not CSV: a web site gave it the name of a list"},
    {"<html", "csv-html", "a web page, not CSV: a web site gave it the name of a list"},
    {"<table", "csv-html", "a web page, not CSV: a web site gave it the name of a list"},
    {"<meta", "csv-html", "a web page, not CSV: a web site gave it the name of a list"},
    {"<!--", "csv-html", "a web page, not CSV: a web site gave it the name of a list"},
    {"<style", "csv-html", "a web page, not CSV: a web site gave it the name of a list"},
}};

bool begins(std::string_view text, std::string_view with) {
  return text.size() >= with.size() &&
         std::equal(with.begin(), with.end(), text.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + ('a' - 'A')) : b);
         });
}

// ASCII in UTF-16 without a mark: every other octet is zero.
bool is_bare_utf16(BytesView text) {
  return text.size() >= 4 && ((text[0] == '\0' && text[2] == '\0' && text[1] != '\0') ||
                              (text[1] == '\0' && text[3] == '\0' && text[0] != '\0'));
}

}  // namespace

std::optional<Error> no_csv(BytesView text) {
  const auto say = [](std::string_view code, std::string_view what) {
    return malformed(std::string(code), "the file is " + std::string(what) +
                                            (what.ends_with("and") ? " " : ": ") +
                                            std::string(save_list_as_utf8));
  };
  const std::string_view seen =
      text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  for (const Kind& kind : kinds) {
    if (begins(text, kind.begin) || begins(seen, kind.begin)) return say(kind.code, kind.what);
  }
  if (is_bare_utf16(text)) return say("csv-utf16", "UTF-16 without a mark");
  return std::nullopt;
}

Error file_damaged(const std::string& name, std::string_view damage) {
  return malformed("file-damaged",
                   name + " " + std::string(damage) +
                       ": a mail program, an editor or a copy changed it. Get it again as it was "
                       "made, as an attachment or in a zip archive, or save it as UTF-8 without a "
                       "byte order mark and with line ends of Unix (LF)");
}

}  // namespace cpl
