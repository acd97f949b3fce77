#include "crypto/encoding.hpp"
#include "registry/sheet/row.hpp"

namespace cpl::sheet {
namespace {

using Severity = SheetProblem::Severity;

constexpr std::string_view upper_hex_digits = "0123456789ABCDEF";
constexpr std::string_view decimal_digits = "0123456789";

bool only(std::string_view text, std::string_view alphabet) {
  return text.find_first_not_of(alphabet) == text.npos;
}

// 5.02E+07, 50203.0 or 50,203: how a spreadsheet shows what it took for a number.
bool is_rewritten_number(const std::string& text) {
  if (only(text, upper_hex_digits)) return false;
  return only(text.substr(0, 1), decimal_digits) && only(text, "0123456789.,E+-") &&
         text.find_first_of(".,+") != text.npos;
}

std::string explain_hex(std::string_view given, std::size_t digits) {
  const std::string text = ascii_upper(given);
  const std::string wanted = std::to_string(digits) + " hexadecimal digits";
  if (is_rewritten_number(text)) {
    return quoted(given) + " is a number as a spreadsheet rewrites it, so the digits are lost: " +
           std::string(text_format_advice);
  }
  if (text.size() < digits && only(text, decimal_digits)) {
    return quoted(given) + " has " + std::to_string(text.size()) + " digits instead of " +
           std::to_string(digits) +
           ": a spreadsheet drops the zeros in front when it takes a cell for a number. They are "
           "not put back here, for nobody can know that only zeros are missing; " +
           std::string(text_format_advice);
  }
  return quoted(given) + " must be " + wanted + ", it has " + std::to_string(given.size()) +
         (only(text, upper_hex_digits) ? "" : " characters, not all of them digits from 0 to F");
}

std::string choices(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

// DD/MM/YYYY, or with full stops or dashes, as YYYY-MM-DD.
std::optional<std::string> turned_date(std::string_view text) {
  constexpr std::string_view between = "/.-";
  if (text.size() != 10 || between.find(text[2]) == between.npos || text[5] != text[2]) {
    return std::nullopt;
  }
  std::string turned(text.substr(6));
  turned += "-" + std::string(text.substr(3, 2)) + "-" + std::string(text.substr(0, 2));
  return turned;
}

// 2022-08-30 00:00:00, as programs write a day that they keep as a time; 2022/08/30.
std::optional<Date> day_of_time(std::string_view text) {
  constexpr std::size_t day_size = 10;
  const std::string_view clock = text.substr(std::min(day_size, text.size()));
  if (!clock.empty() && clock != " 00:00:00" && clock != "T00:00:00" && clock != " 00:00") {
    return std::nullopt;
  }
  std::string day(text.substr(0, day_size));
  std::replace(day.begin(), day.end(), '/', '-');
  return Date::parse(day);
}

}  // namespace

Cells::Cells(const Header& header, const CsvRow& row, SheetDefaults::DateOrder dates,
             SheetReading& reading)
    : header_(header), row_(row), dates_(dates), reading_(reading) {}

std::string Cells::raw(std::size_t position) const {
  std::string text = with_plain_spaces(text_from_spreadsheet(trimmed(row_.fields[position])));
  // Spreadsheets on Windows write the line ends inside a cell as CRLF.
  std::erase(text, '\r');
  return text;
}

void Cells::check_damage() {
  for (std::size_t i = 0; i < column_count; ++i) {
    const auto column = static_cast<Column>(i);
    const auto position = header_.position(column);
    const auto damage = position ? damage_at(*position, spec_of(column)) : std::nullopt;
    if (!damage) continue;
    if (damage->severity == Severity::error) silence(column);
    reading_.note({row_.number, header_.name(column), damage->severity, damage->detail});
  }
  for (const Header::Extra& extra : header_.extras()) {
    const auto damage = damage_at(extra.position, {extra.name, CellKind::lines});
    if (!damage) continue;
    if (damage->severity == Severity::error) silence(Column::remarks);
    reading_.note({row_.number, extra.name, damage->severity, damage->detail});
  }
}

std::optional<CellDamage> Cells::damage_at(std::size_t position, const ColumnSpec& spec) const {
  const std::string_view cell = trimmed(row_.fields[position]);
  if (auto damage = find_damage(cell, spec)) return damage;
  if (with_plain_spaces(cell) == cell) return std::nullopt;
  return CellDamage{Severity::warning,
                    "holds a no-break space, or one of another width: it is read as a plain one"};
}

bool Cells::all_empty() const {
  return std::all_of(row_.fields.begin(), row_.fields.end(),
                     [](const std::string& field) { return trimmed(field).empty(); });
}

bool Cells::is_no_model() const {
  const auto is_empty = [&](Column column) {
    const auto position = header_.position(column);
    return !position || trimmed(row_.fields[*position]).empty();
  };
  return std::all_of(needed_columns.begin(), needed_columns.end(), is_empty) &&
         is_empty(Column::device_model) && is_empty(Column::ts);
}

void Cells::fail(Column column, std::string detail) {
  silence(column);
  reading_.note({row_.number, header_.name(column), Severity::error, std::move(detail)});
}

void Cells::warn(Column column, std::string detail) {
  reading_.note({row_.number, header_.name(column), Severity::warning, std::move(detail)});
}

std::string Cells::text(Column column) {
  const auto position = header_.position(column);
  if (!position || faulty(column)) return {};
  std::string text = raw(*position);
  const ColumnSpec& spec = spec_of(column);
  if (spec.kind == CellKind::code && normalized(text) == "na") return {};
  if (text.size() > spec.size_max) {
    fail(column, "is longer than " + std::to_string(spec.size_max) + " octets");
    return {};
  }
  if (!is_printable_utf8(text, spec.kind == CellKind::lines ? "\n" : "")) {
    fail(column, "holds a line end or a control character");
    return {};
  }
  return text;
}

std::string Cells::needed_text(Column column) {
  std::string value = text(column);
  if (value.empty() && !faulty(column)) fail(column, "is empty, but needed");
  return value;
}

std::optional<std::string> Cells::optional_text(Column column) {
  std::string value = text(column);
  if (value.empty()) return std::nullopt;
  return value;
}

std::string Cells::hex(Column column, std::size_t digits) {
  const std::string given = needed_text(column);
  if (given.empty()) return {};
  std::string value = ascii_upper(given);
  if (value.size() != digits || !only(value, upper_hex_digits)) {
    fail(column, explain_hex(given, digits));
    return {};
  }
  if (value != given) warn(column, quoted(given) + " is read as upper case, " + value);
  return value;
}

std::optional<std::size_t> Cells::word(Column column, std::span<const std::string_view> words) {
  const std::string given = text(column);
  if (given.empty()) return std::nullopt;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (normalized(words[i]) != normalized(given)) continue;
    if (given != words[i]) warn(column, quoted(given) + " is read as " + std::string(words[i]));
    return i;
  }
  fail(column, quoted(given) + " must be one of " + choices(words));
  return std::nullopt;
}

std::optional<std::string> Cells::word_text(Column column,
                                            std::span<const std::string_view> words) {
  const auto index = word(column, words);
  if (!index) return std::nullopt;
  return std::string(words[*index]);
}

std::optional<Date> Cells::date(Column column) {
  const std::string given = text(column);
  if (given.empty()) return std::nullopt;
  if (auto date = Date::parse(given)) return date;
  if (auto date = day_of_time(given)) {
    warn(column, quoted(given) + " is read as " + date->text());
    return date;
  }
  auto turned = turned_date(given);
  const bool is_said = dates_ != SheetDefaults::DateOrder::unsaid;
  if (turned && dates_ == SheetDefaults::DateOrder::mdy) {
    turned = turned->substr(0, 5) + turned->substr(8) + "-" + turned->substr(5, 2);
  }
  auto date = turned ? Date::parse(*turned) : std::nullopt;
  if (date && is_said) return date;
  if (!date) {
    fail(column, quoted(given) + " must be a date that exists, written like 2022-08-30");
    return std::nullopt;
  }
  if (given.substr(0, 2) <= "12") {
    fail(column, quoted(given) +
                     " could be read with the day or the month first: write the date like "
                     "2022-08-30");
    return std::nullopt;
  }
  warn(column, quoted(given) + " is read as " + date->text());
  return date;
}

std::optional<Hash> Cells::hash(Column column) {
  const std::string given = text(column);
  if (given.empty()) return std::nullopt;
  const auto hash = hash_from_hex(ascii_lower(given));
  if (!hash) fail(column, explain_hex(given, 64));
  return hash;
}

std::optional<UnixMillis> Cells::time(Column column) {
  const std::string given = text(column);
  if (given.empty()) return std::nullopt;
  const auto time = parse_time(given);
  if (!time) fail(column, quoted(given) + " must be a time in UTC like 2026-07-09T10:15:30Z");
  return time;
}

std::vector<std::string> Cells::list(Column column, std::string_view separators) {
  const std::string given = text(column);
  std::vector<std::string> parts;
  std::size_t start = 0;
  while (start <= given.size()) {
    const std::size_t end = std::min(given.find_first_of(separators, start), given.size());
    const std::string_view part = trimmed(std::string_view(given).substr(start, end - start));
    if (!part.empty()) parts.emplace_back(part);
    start = end + 1;
  }
  if (parts.size() == 1 && normalized(parts[0]) == "na") return {};
  if (parts.size() > references_max) {
    fail(column,
         "names " + std::to_string(parts.size()) + ", more than " + std::to_string(references_max));
    return {};
  }
  return parts;
}

std::string Cells::extras() {
  std::string out;
  for (const Header::Extra& extra : header_.extras()) {
    const std::string value = raw(extra.position);
    if (value.empty()) continue;
    if (extra.name.empty() || !is_printable_utf8(value, "\n")) {
      silence(Column::remarks);
      reading_.note({row_.number, extra.name, Severity::error,
                     extra.name.empty() ? "column " + std::to_string(extra.position + 1) +
                                              " has a value but no header"
                                        : "holds a control character"});
      continue;
    }
    out += (out.empty() ? "" : "; ") + extra.name + ": " + value;
  }
  return out;
}

}  // namespace cpl::sheet
