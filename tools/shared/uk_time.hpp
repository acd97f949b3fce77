// Times as people in Great Britain read them. The log and its formats keep UTC.
#pragma once

#include "registry/base/time.hpp"

namespace cpl {

std::string uk_time(UnixMillis time);  // "9 Jul 2026 11:15:30 BST"
// A sentence with each of its UTC times ("2026-07-09T10:15:30Z") as people read them.
std::string in_uk_time(std::string_view sentence);
std::string uk_day(const Date& day);  // "9 Jul 2026"
// From now on in this program: uk_time gives "9 Jul 2026 10:15:30 UTC".
void show_times_in_utc();

}  // namespace cpl
