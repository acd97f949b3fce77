// The days that count where the Code counts in Working Days: any day but a Saturday, a Sunday,
// Christmas Day, Good Friday or a bank holiday (SEC Section A). Which calendar of bank holidays
// applies is not settled, and holidays are proclaimed late: the calendar is data with a version,
// and an operator may put another in its place. Days begin and end at midnight in
// London.
#pragma once

#include <set>

#include "crypto/result.hpp"
#include "registry/base/time.hpp"

namespace cpl {

class WorkingDays {
 public:
  // A calendar file: {"name", "version", "source", "from", "to", "holidays": ["2026-12-25", …]}.
  static Result<WorkingDays> parse(BytesView json);
  // England and Wales, as this version of the software knows it.
  static const WorkingDays& built_in();

  const std::string& name() const { return name_; }
  const std::string& version() const { return version_; }

  bool is_working(const Date& day) const;
  // The end of the last of `days` Working Days after this day: midnight, when the next day begins.
  // Beyond what the calendar covers only Saturdays and Sundays are known to be none.
  UnixMillis end_of(const Date& after, unsigned days) const;
  bool covers(const Date& day) const { return from_ <= day && day <= to_; }

 private:
  WorkingDays(Date from, Date to) : from_(std::move(from)), to_(std::move(to)) {}

  std::string name_;
  std::string version_;
  Date from_;
  Date to_;
  std::set<Date> holidays_;
};

inline constexpr std::size_t working_days_size_max = std::size_t{256} << 10U;

}  // namespace cpl
