// What stands before the first item: the heading, attendance and apologies.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "registry/minutes/lines.hpp"
#include "registry/minutes/minutes.hpp"

namespace cpl {

struct MinutesFront {
  OutlineMeeting meeting;
  std::string body_name;  // As the title has it: "SEC Panel". May be empty.
  std::vector<OutlineAttendance> attendance;
  std::vector<OutlineAttendance> apologies;
};

// Refuses a front without a meeting reference: whatever it is, it is not minutes.
Result<MinutesFront> read_minutes_front(const std::vector<MinutesLine>& lines,
                                        std::vector<OutlineUnplaced>& unplaced);

// The rows of one table: a category and a name on one line, or a category and names below it.
class AttendanceTable {
 public:
  // False if the row is none: nothing was taken.
  bool add(std::string_view row);
  std::vector<OutlineAttendance> take() { return std::move(rows_); }
  // A new table begins: the next name needs a category of its own.
  void close_category() { current_.reset(); }

 private:
  bool add_names(std::string_view text);
  bool add_category(std::string_view category, std::string_view names);

  std::vector<OutlineAttendance> rows_;
  std::map<std::string, std::size_t> row_of_;  // By category.
  std::optional<std::size_t> current_;         // The row that names belong to.
};

}  // namespace cpl
