// A day that a form asks for, in three fields.
#pragma once

#include "api/html/parts.hpp"
#include "api/pages/page_source.hpp"

namespace cpl {

struct AskedDay {
  Date day;
  UnixMillis begin;  // The first second of it in London,
  UnixMillis end;    // and the last.
};

// Nothing where no field is filled in. Errors: `day-malformed`.
Result<std::optional<AskedDay>> asked_day(const PageRequest& request);
DayParts asked_parts(const PageRequest& request);

}  // namespace cpl
