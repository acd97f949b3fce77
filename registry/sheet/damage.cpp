#include "registry/sheet/damage.hpp"

#include "crypto/encoding.hpp"
#include "crypto/plain_text.hpp"

namespace cpl::sheet {
namespace {

using Severity = SheetProblem::Severity;
using Found = std::optional<CellDamage>;

constexpr std::string_view digits = "0123456789";
constexpr std::string_view upper_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

Found error(std::string detail) { return CellDamage{Severity::error, std::move(detail)}; }
Found warning(std::string detail) { return CellDamage{Severity::warning, std::move(detail)}; }

bool only_of(std::string_view text, std::string_view alphabet) {
  return !text.empty() && text.find_first_not_of(alphabet) == text.npos;
}

template <class Take>
void each_part(std::string_view text, std::string_view separators, const Take& take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// #REF!, #N/A, #NAME?, #DIV/0!, #SPILL!, in other languages #BEZUG! or #NV; LibreOffice's Err:502.
bool is_error_value(std::string_view part) {
  constexpr std::array<std::string_view, 11> words = {"#REF!",   "#N/A",   "#NAME?", "#VALUE!",
                                                      "#DIV/0!", "#NULL!", "#NUM!",  "#SPILL!",
                                                      "#NV",     "#N/V",   "#N/D"};
  const std::string text = ascii_upper(part);
  if (text.starts_with("ERR:5")) return text.size() == 7 && only_of(text.substr(4), digits);
  if (std::find(words.begin(), words.end(), text) != words.end()) return true;
  // Others, and those of other languages, are in capitals and end in a mark.
  if (text != part || !text.starts_with('#') || text.size() < 4 || text.size() > 20) return false;
  return (text.ends_with('!') || text.ends_with('?')) &&
         text.find_first_of(upper_letters) ==
             (text.starts_with("#\u00A1") ? std::size_t{3} : std::size_t{1});
}

Found find_error_value(std::string_view cell) {
  std::optional<std::string_view> found;
  each_part(cell, " ;,\n()", [&](std::string_view part) {
    if (is_error_value(part)) found = part;
  });
  if (!found) return {};
  return error(
      quoted(*found) +
      " is what a spreadsheet shows where a formula failed: mend the formula, or enter the "
      "value");
}

Found find_unshown(std::string_view cell) {
  if (cell.size() < 2 || !only_of(cell, "#")) return {};
  return error(quoted(cell) +
               " is what a spreadsheet shows where the column is too narrow: widen it, and save "
               "again");
}

Found find_formula(std::string_view cell) {
  if (!cell.starts_with('=') || text_from_spreadsheet(cell) != cell) return {};
  return error(quoted(cell) + " is a formula, not its value: copy the column and paste its values");
}

// 2.01603E+15, as spreadsheets and statistics programs write numbers that are long.
Found find_scientific(std::string_view cell) {
  const std::string text = ascii_upper(cell);
  const std::size_t exponent = text.rfind('E');
  if (exponent == text.npos || exponent + 2 >= text.size()) return {};
  const std::string_view power = std::string_view(text).substr(exponent + 1);
  std::string_view number = std::string_view(text).substr(0, exponent);
  if (number.starts_with('-') || number.starts_with('+')) number.remove_prefix(1);
  const bool is_number = only_of(number, "0123456789.,") && only_of(number.substr(0, 1), digits);
  const bool is_power = (power[0] == '+' || power[0] == '-') && only_of(power.substr(1), digits);
  if (!is_number || !is_power) return {};
  return error(quoted(cell) +
               " is a number as a spreadsheet rewrites it, so the digits are lost: " +
               std::string(text_format_advice));
}

Found find_unseen(std::string_view cell) {
  const auto hidden = find_hidden(cell, "\r\n");
  if (!hidden || hidden->code < 0x20) return {};  // The reader of the cell knows its line ends.
  return error("holds " + describe(*hidden) + ": type the value again");
}

bool is_month(std::string_view word) {
  constexpr std::array<std::string_view, 12> months = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                       "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
  return std::find(months.begin(), months.end(), ascii_upper(word)) != months.end();
}

// 05/03/2017, 5-Mar-17, Mar-05, 2017-03-05 00:00:00: what becomes of 5.3.17 or 3-05.
bool looks_like_date(std::string_view cell) {
  if (const auto clock = cell.find(" 00:00"); clock != cell.npos) cell = cell.substr(0, clock);
  std::vector<std::string_view> parts;
  each_part(cell, "/-", [&](std::string_view part) { parts.push_back(part); });
  const auto numbers = std::count_if(parts.begin(), parts.end(), [](std::string_view part) {
    return only_of(part, digits) && part.size() <= 4;
  });
  const auto months = std::count_if(parts.begin(), parts.end(), is_month);
  if (months == 1) return numbers == 1 || numbers == 2;
  const bool has_year = std::any_of(parts.begin(), parts.end(),
                                    [](std::string_view part) { return part.size() == 4; });
  return parts.size() == 3 && numbers == 3 && (has_year || cell.find('/') != cell.npos);
}

bool is_of_dates(std::string_view column) {
  return column.ends_with("_date") || column == "received_at";
}
bool is_of_versions(std::string_view column) {
  return column.ends_with("as_printed") || column.ends_with("_version") ||
         column == "firmware_version_printed";
}

Found find_made_date(std::string_view cell, const ColumnSpec& spec) {
  if (is_of_dates(spec.name) || !looks_like_date(cell)) return {};
  const std::string said = quoted(cell) +
                           " is a date, as spreadsheets make one of a version or a number such as "
                           "5.3.17: ";
  if (is_of_versions(spec.name)) return error(said + std::string(text_format_advice));
  if (spec.kind == CellKind::lines) return {};
  return warning(said + "compare it with the source");
}

// 44803, or 44803.5: a day as spreadsheets count them.
Found find_serial_day(std::string_view cell, const ColumnSpec& spec) {
  constexpr std::uint64_t day_of_1970 = 25569;
  constexpr std::uint64_t day_max = 80000;  // In 2119.
  constexpr std::uint64_t millis_per_day = 86'400'000;
  if (!is_of_dates(spec.name)) return {};
  const std::string_view whole = cell.substr(0, cell.find_first_of(".,"));
  const auto day = from_decimal(whole);
  if (!only_of(cell, "0123456789.,") || !day || *day < day_of_1970 || *day > day_max) return {};
  const Date date = Date::of(UnixMillis{(*day - day_of_1970) * millis_per_day});
  return error(quoted(cell) + " is a day as a spreadsheet counts them, it seems " + date.text() +
               ": give the column the format Text and write the date so");
}

// UTF-8 that was read as Windows-1252: the octet that each character stands for.
std::optional<std::uint8_t> octet_of(char32_t code) {
  constexpr std::array<char32_t, 32> from_0x80 = {
      0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
      0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};
  if (code >= 0x80 && code <= 0xFF) return static_cast<std::uint8_t>(code);
  const auto found = std::find(from_0x80.begin(), from_0x80.end(), code);
  if (found == from_0x80.end()) return std::nullopt;
  return static_cast<std::uint8_t>(0x80 + (found - from_0x80.begin()));
}

// What the text's first characters are when they are octets of UTF-8; with how many octets of it.
std::optional<std::pair<char32_t, std::size_t>> read_again(std::string_view text) {
  std::string octets;
  std::size_t size = 0;
  while (octets.size() < 4) {
    const Character next = first_character(text.substr(size));
    const auto octet = next.size > 1 ? octet_of(next.code) : std::nullopt;
    if (!octet) break;
    octets += static_cast<char>(*octet);
    size += next.size;
    const Character meant = first_character(octets);
    if (meant.size != octets.size() || meant.code < 0xA0) continue;
    // In two octets letters with accents and signs alone: others may stand beside each other.
    if (octets.size() > 2 || meant.code < 0x180) return std::pair(meant.code, size);
  }
  return std::nullopt;
}

Found find_misread(std::string_view cell) {
  for (std::size_t at = 0; at < cell.size();) {
    if (const auto again = read_again(cell.substr(at))) {
      return warning("the characters " + quoted(cell.substr(at, again->second)) + " look like " +
                     quoted(utf8_of(again->first)) +
                     " read in another encoding: save the list as \"CSV UTF-8\" again");
    }
    at += std::max<std::size_t>(first_character(cell.substr(at)).size, 1);
  }
  return {};
}

struct LookAlike {
  char32_t code;
  char like;
};
// Sorted by the letters of ours.
constexpr std::array<LookAlike, 58> look_alikes = {
    {{0x391, 'A'},  {0x410, 'A'},  {0x392, 'B'},  {0x412, 'B'}, {0x421, 'C'},  {0x3F9, 'C'},
     {0x395, 'E'},  {0x415, 'E'},  {0x397, 'H'},  {0x41D, 'H'}, {0x399, 'I'},  {0x406, 'I'},
     {0x4C0, 'I'},  {0x408, 'J'},  {0x39A, 'K'},  {0x41A, 'K'}, {0x39C, 'M'},  {0x41C, 'M'},
     {0x39D, 'N'},  {0x39F, 'O'},  {0x41E, 'O'},  {0x3A1, 'P'}, {0x420, 'P'},  {0x51A, 'Q'},
     {0x405, 'S'},  {0x3A4, 'T'},  {0x422, 'T'},  {0x51C, 'W'}, {0x3A7, 'X'},  {0x425, 'X'},
     {0x3A5, 'Y'},  {0x423, 'Y'},  {0x4AE, 'Y'},  {0x396, 'Z'}, {0x430, 'a'},  {0x3F2, 'c'},
     {0x441, 'c'},  {0x501, 'd'},  {0x435, 'e'},  {0x4BB, 'h'}, {0x456, 'i'},  {0x458, 'j'},
     {0x3BF, 'o'},  {0x43E, 'o'},  {0x440, 'p'},  {0x51B, 'q'}, {0x455, 's'},  {0x3BD, 'v'},
     {0x475, 'v'},  {0x51D, 'w'},  {0x445, 'x'},  {0x443, 'y'}, {0x2010, '-'}, {0x2011, '-'},
     {0x2012, '-'}, {0x2013, '-'}, {0x2014, '-'}, {0x2212, '-'}}};

bool is_greek(char32_t code) { return code >= 0x370 && code <= 0x3FF; }
bool is_cyrillic(char32_t code) { return code >= 0x400 && code <= 0x52F; }
bool is_full_width(char32_t code) { return code >= 0xFF01 && code <= 0xFF5E; }

std::optional<char> like_which(char32_t code) {
  if (is_full_width(code)) return static_cast<char>(code - 0xFEE0);
  const auto found = std::find_if(look_alikes.begin(), look_alikes.end(),
                                  [&](const LookAlike& one) { return one.code == code; });
  if (found == look_alikes.end()) return std::nullopt;
  return found->like;
}

template <class Use>
void each_character(std::string_view text, const Use& use) {
  while (!text.empty()) {
    const Character next = first_character(text);
    use(next.code);
    text.remove_prefix(std::max<std::size_t>(next.size, 1));
  }
}

// A word of another language has letters that look like none of ours; what has none is suspected.
bool is_disguised(std::string_view word) {
  bool looks_alike = false;
  bool is_foreign = false;
  each_character(word, [&](char32_t code) {
    const bool like = like_which(code).has_value();
    looks_alike |= like && (is_greek(code) || is_cyrillic(code) || is_full_width(code));
    is_foreign |= !like && (is_greek(code) || is_cyrillic(code));
  });
  return looks_alike && !is_foreign;
}

Found find_disguise(std::string_view cell, const ColumnSpec& spec) {
  if (spec.kind == CellKind::code) {
    const auto found = find_look_alike(cell);
    if (found) return error(quoted(cell) + " holds " + *found + ": type it again");
    return {};
  }
  Found found;
  each_part(cell, " \n", [&](std::string_view word) {
    if (found || !is_disguised(word)) return;
    found =
        warning(quoted(word) + " holds " + find_look_alike(word).value_or("") + ": is it meant?");
  });
  return found;
}

// Of long numbers a spreadsheet keeps fifteen digits.
Found find_cut_number(std::string_view cell) {
  constexpr std::size_t kept = 15;
  if (cell.size() <= kept || cell.size() > 40 || !only_of(cell, digits)) return {};
  if (cell.find_first_not_of('0', kept) != cell.npos) return {};
  return warning(
      quoted(cell) +
      " ends in zeros from its sixteenth digit on: a spreadsheet keeps fifteen digits of "
      "a number, so compare it with the source");
}

Found find_word_for_nothing(std::string_view cell) {
  constexpr std::array<std::string_view, 8> words = {"TRUE", "FALSE", "NAN",       "NONE",
                                                     "NULL", "NIL",   "UNDEFINED", "(NULL)"};
  const std::string text = ascii_upper(cell);
  if (std::find(words.begin(), words.end(), text) == words.end()) return {};
  return warning(quoted(cell) +
                 " is what programs write for an empty cell or a comparison: is it meant?");
}

}  // namespace

const std::string_view text_format_advice =
    "give the column the format Text before entering or importing values, enter all digits "
    "again, and save as CSV; or write =\"00050203\"";

std::string quoted(std::string_view text) {
  constexpr std::size_t size_max = 64;
  const std::string_view start = utf8_prefix(text, size_max);
  return "\"" + std::string(start) + (start.size() < text.size() ? "…\"" : "\"");
}

std::optional<std::string> find_look_alike(std::string_view text) {
  std::optional<std::string> found;
  each_character(text, [&](char32_t code) {
    const auto like = found ? std::nullopt : like_which(code);
    if (!like) return;
    const std::string kind = is_greek(code)        ? "a Greek letter"
                             : is_cyrillic(code)   ? "a Cyrillic letter"
                             : is_full_width(code) ? "a full-width character"
                                                   : "a dash";
    found = "the character " + character_name(code) + ", " + kind + " that looks like \"" +
            std::string(1, *like) + "\"";
  });
  return found;
}

std::string with_plain_spaces(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Character next = first_character(text);
    const bool is_space = next.code == 0xA0 || next.code == 0x1680 ||
                          (next.code >= 0x2000 && next.code <= 0x200A) || next.code == 0x202F ||
                          next.code == 0x205F || next.code == 0x3000;
    const std::size_t size = std::max<std::size_t>(next.size, 1);
    out += is_space ? " " : text.substr(0, size);
    text.remove_prefix(size);
  }
  return out;
}

Found find_damage(std::string_view cell, const ColumnSpec& spec) {
  if (auto found = find_formula(cell)) return found;
  const std::string_view text = text_from_spreadsheet(cell);
  for (const auto find : {&find_error_value, &find_unshown, &find_scientific, &find_unseen}) {
    if (auto found = find(text)) return found;
  }
  for (const auto find : {&find_disguise, &find_made_date, &find_serial_day}) {
    if (auto found = find(text, spec)) return found;
  }
  for (const auto find : {&find_misread, &find_cut_number, &find_word_for_nothing}) {
    if (auto found = find(text)) return found;
  }
  return {};
}

}  // namespace cpl::sheet
