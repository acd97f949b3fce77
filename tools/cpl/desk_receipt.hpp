// What the Service Desk's receipts need, in the command line and on pages alike: what the evidence
// of a notice holds, whose key may sign, whether there is anything to apply.
#pragma once

#include "registry/tlog/entry.hpp"
#include "tools/cpl/asked_evidence.hpp"

namespace cpl {

// The last statement of that type in the evidence, or the one in that entry.
template <class Body>
Result<std::optional<Body>> last_in(const Evidence& evidence,
                                    std::optional<EntryIndex> index = std::nullopt) {
  std::optional<Body> last;
  for (const ProvenEntry& proven : evidence.entries) {
    const Entry entry = TRY(parse_entry(proven.leaf));
    if (index && entry.index != *index) continue;
    const Statement statement = TRY(parse_statement(TRY(parse_note(entry.statement)).text));
    if (const auto* body = std::get_if<Body>(&statement.body)) last = *body;
  }
  return last;
}

// The notice that the evidence is about.
Result<Notice> notice_in(const Evidence& evidence);
// A receipt is for the log whose key the policy names: a server cannot choose another. `given` says
// which, where the policy names several.
Result<std::string> receipt_origin(const TrustPolicy& policy, const std::string& policy_file,
                                   const std::string& given);
// That the charter in the evidence names the key for the Service Desk, or the registry would refuse
// what it signed (`wrong-role`).
Result<void> check_desk_key(const Evidence& evidence, const NoteVerifier& key);
// That all models of the notice are removed, by the proven states (`removal-missing`).
Result<void> check_removed(const Evidence& evidence);

}  // namespace cpl
