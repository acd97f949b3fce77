// Instants and dates in their one spelling each. The log orders by index, never by time; times say
// when people and machines acted.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/bytes.hpp"

namespace cpl {

using UnixMillis = Strong<struct UnixMillisTag>;  // Milliseconds since 1970-01-01T00:00:00Z.

std::string format_time(UnixMillis time);         // 2026-07-09T10:15:30Z
std::string format_time_millis(UnixMillis time);  // 2026-07-09T10:15:30.123Z
// Exactly those forms, of a date and time that exist, years 1970 to 9999.
std::optional<UnixMillis> parse_time(std::string_view text);
std::optional<UnixMillis> parse_time_millis(std::string_view text);

// A day of the calendar, YYYY-MM-DD, kept in that form: it sorts as it reads.
class Date {
 public:
  static std::optional<Date> parse(std::string_view text);
  static Date of(UnixMillis time);  // In UTC.

  const std::string& text() const { return text_; }
  int year() const;
  Date plus_years(int years) const;  // 29 February becomes 1 March.
  UnixMillis midnight() const;
  auto operator<=>(const Date&) const = default;

 private:
  explicit Date(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace cpl
