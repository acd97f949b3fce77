// The rules: a pure function from the list and one signed statement to what changes, or a refusal
// with its code, a sentence and the rule's number. The service, the auditor and whoever judges
// evidence use this one function. registry/FORMAT.md lists the rules and every code.
#pragma once

#include "registry/rules/signers.hpp"

namespace cpl {

// Where and when the statement enters the log.
struct EntryContext {
  std::string_view origin;
  EntryIndex index;
  UnixMillis time;
  // The log's own, as far as whoever judges knows them: they are on a server, and count for nobody.
  std::span<const NoteVerifier> log_keys{};
};

// Whose keys a statement needs, and how many different ones of them (rule 1). A charter needs the
// panel's threshold, and that of the panel which it names (rule 2).
struct SignersNeeded {
  Role role;
  std::uint64_t count;
};
SignersNeeded signers_needed(const StatementBody& body, const Charter& in_force);

// The statement must have been opened against the charter in force in `list`.
Result<Change> apply(const List& list, const SignedStatement& signed_statement,
                     const EntryContext& context);

// Whether the rules would take what the statement says, its signatures apart: for one that nobody
// has signed yet.
Result<void> check_content(const List& list, const Statement& statement,
                           const EntryContext& context);

// What final minutes make of a decision; the minutes are the meeting's newest final ones.
DecisionStanding standing_of(const Decision& decision, const MeetingRecord& meeting);

}  // namespace cpl
