// Calendar months as "2027-03", in London.
#pragma once

#include "registry/base/time.hpp"

namespace cpl {

bool is_month(std::string_view text);  // Of a year from 2000 to 2999.
// So many months later; `months` may be negative.
std::string month_plus(const std::string& month, int months);
std::string month_of(const Date& day);
std::string month_of(UnixMillis time);
UnixMillis beginning_of_month(const std::string& month);

}  // namespace cpl
