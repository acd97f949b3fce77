// Opening a sealed text, and what the opened text makes of a decision's standing (rule 8).
#include "crypto/encoding.hpp"
#include "registry/rules/detail.hpp"

namespace cpl::rules {
namespace {

// The minuted decision that the field "/decisions/3/text" names.
MinutesDecision* minuted_at(MeetingRecord& meeting, std::string_view field) {
  constexpr std::string_view before = "/decisions/";
  constexpr std::string_view after = "/text";
  if (!field.starts_with(before) || !field.ends_with(after)) return nullptr;
  field.remove_prefix(before.size());
  field.remove_suffix(after.size());
  const auto position = from_decimal(field);
  if (!position || *position >= meeting.minuted.size()) return nullptr;
  return &meeting.minuted[*position];
}

Result<void> open_in_decision(const List& list, const Disclosure& disclosure, Change& change) {
  auto decision = TRY(list.decision(disclosure.entry));
  if (!decision || disclosure.field != "/text") return {};
  decision->decision.text.words = disclosure.words;
  if (decision->decision.meeting) {
    const auto meeting = TRY(list.meeting(*decision->decision.meeting));
    if (!meeting) return corrupt("a decision names a meeting that is not there");
    decision->standing = standing_of(decision->decision, *meeting);
  }
  change.decisions.push_back(*std::move(decision));
  return {};
}

Result<void> open_in_minutes(const List& list, const SealRecord& seals,
                             const Disclosure& disclosure, Change& change) {
  if (!seals.meeting) return {};
  auto meeting = TRY(list.meeting(*seals.meeting));
  if (!meeting) return corrupt("minutes name a meeting that is not there");
  MinutesDecision* minuted = minuted_at(*meeting, disclosure.field);
  if (meeting->final_minutes != disclosure.entry || minuted == nullptr) return {};
  minuted->text.words = disclosure.words;
  for (const EntryIndex entry : meeting->decisions) {
    auto decision = TRY(list.decision(entry));
    if (!decision) return corrupt("a meeting names a decision that is not there");
    decision->standing = standing_of(decision->decision, *meeting);
    change.decisions.push_back(*std::move(decision));
  }
  change.meetings.push_back(*std::move(meeting));
  return {};
}

}  // namespace

Result<Change> apply_disclosure(const List& list, const Disclosure& disclosure,
                                const EntryContext& context) {
  auto seals = TRY(list.seals(disclosure.entry));
  const auto sealed = seals ? seals->seals.find(disclosure.field) : decltype(seals->seals.end()){};
  if (!seals || sealed == seals->seals.end()) {
    return refuse("seal-not-found",
                  name_of(disclosure.entry) + " has no sealed text at \"" + disclosure.field + "\"",
                  9);
  }
  if (sealed->second.disclosed_by) {
    return refuse("seal-already-open",
                  "the text was opened by " + name_of(*sealed->second.disclosed_by), 9);
  }
  if (seal_of(disclosure.salt, disclosure.words) != sealed->second.seal) {
    return refuse("disclosure-mismatch",
                  "the salt and the text do not give the seal in " + name_of(disclosure.entry) +
                      ": it is another text, or another salt",
                  9);
  }
  sealed->second.disclosed_by = context.index;
  Change change;
  TRY_VOID(open_in_decision(list, disclosure, change));
  TRY_VOID(open_in_minutes(list, *seals, disclosure, change));
  change.seals.push_back(*std::move(seals));
  return change;
}

}  // namespace cpl::rules
