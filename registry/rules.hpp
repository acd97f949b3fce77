// The rules: a pure function from the list and one signed statement to what changes, or a refusal
// with its code, a sentence and the rule's number. The service, the auditor and whoever judges
// evidence use this one function. registry/FORMAT.md lists the rules and every code.
#pragma once

#include "registry/signers.hpp"

namespace cpl {

// Where and when the statement enters the log.
struct EntryContext {
  std::string_view origin;
  EntryIndex index;
  UnixMillis time;
};

// The statement must have been opened against the charter in force in `list`.
Result<Change> apply(const List& list, const SignedStatement& signed_statement,
                     const EntryContext& context);

// What final minutes make of a decision; the minutes are the meeting's newest final ones.
DecisionStanding standing_of(const Decision& decision, const MeetingRecord& meeting);

}  // namespace cpl
