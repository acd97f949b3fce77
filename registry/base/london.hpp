// The calendar day in Great Britain, in which the Code counts. The log and its formats keep UTC; a
// day that people name begins and ends at midnight in London, an hour before UTC's in summer.
#pragma once

#include "registry/base/time.hpp"

namespace cpl {

// From one in the morning, UTC, of the last Sunday of March to that of October (the Summer Time
// Order 2002).
bool is_summer_time(UnixMillis time);

Date london_day(UnixMillis time);
UnixMillis london_midnight(const Date& day);  // When that day begins.

}  // namespace cpl
