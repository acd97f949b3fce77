#include "tools/cpl/minutes_option.hpp"

namespace cpl {

Result<Date> meeting_date(const MinutesOutline& outline, const std::string& file,
                          const std::string& given) {
  const std::string read = outline.meeting.date.value_or("");
  if (!given.empty() && !read.empty() && given != read) {
    return refuse("minutes-date-differs",
                  "--date says " + given + ", and " + file + " says " + read);
  }
  const auto date = Date::parse(read.empty() ? given : read);
  if (date) return *date;
  if (!given.empty())
    return malformed("date-malformed", "--date must be a date such as 2016-04-08");
  return malformed("minutes-unreadable",
                   "the day of the meeting cannot be read in " + file + "; give --date");
}

}  // namespace cpl
