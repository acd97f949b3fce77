// Times and days on pages: as people in Great Britain say them, with the zone, and the same in UTC
// for programs beside it. Never how long ago: a page is kept and shown again.
#pragma once

#include "api/html/html_writer.hpp"
#include "registry/base/time.hpp"

namespace cpl {

std::string said_day(const Date& day);           // "9 July 2026"
std::string said_time(UnixMillis time);          // "11:15:30 BST, 9 July 2026"
std::string said_month(std::string_view month);  // "July 2026", of "2026-07"

// Of a time or a day as JSON has it; what is neither is written as it is.
void write_time(HtmlWriter& html, std::string_view text);

}  // namespace cpl
