// That the cover of a listed model's certificate ends, told so many months ahead and on the day: an
// event of no entry, which any two readers of one log make alike from the log and the calendar.
// registry/FORMAT.md, "Certificates' ends".
#pragma once

#include <set>

#include "registry/base/json.hpp"
#include "registry/event/event.hpp"
#include "registry/statement/statement.hpp"

namespace cpl {

struct CoverEnding {
  ModelId model;
  CpaCertificate::Kind kind{};  // A dated certificate expires, a lifetime one is to be renewed.
  Date end;                     // The day on the certificate.
  unsigned months = 0;          // Ahead of it; 0: the day itself.
  EntryIndex entry;             // Whose statement says the certificate that holds.
};

// How many months ahead, beside the day itself.
inline constexpr unsigned months_ahead_max = 60;

// The same day of the month so many months earlier, or that month's last day where it has no such.
Date months_before(const Date& day, unsigned months);
// The days whose `months_before` is this one, in order: none, one, or up to four.
std::vector<Date> days_told_on(const Date& day, unsigned months);

Date told_on(const CoverEnding& ending);
// "ending-ESME-1063-00050203-38040404-2027-03-01-06"
std::string ending_id(const CoverEnding& ending);
// `leaf` is that of `ending.entry`; the event has its sequence, and the time at which its day
// begins in London.
Event event_of(const CoverEnding& ending, Bytes leaf);

// The CPA certificate that a statement gives a model, if it gives one.
std::optional<CpaCertificate> cpa_given(const StatementBody& body, const ModelId& model);

// What an event's data say of its ending, held to the leaf that it carries and to the calendar.
// Errors: `event-malformed`, `event-altered`.
Result<CoverEnding> read_ending(const Json& data, BytesView leaf);

}  // namespace cpl
