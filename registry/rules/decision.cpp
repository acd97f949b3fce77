// Rule 8: minutes and decisions, and what the one makes of the other.
#include "registry/list/firmware.hpp"
#include "registry/rules/detail.hpp"

namespace cpl {

DecisionStanding standing_of(const Decision& decision, const MeetingRecord& meeting) {
  if (!meeting.final_minutes || !decision.meeting) return DecisionStanding::provisional;
  bool may_be_told_later = false;
  for (const MinutesDecision& minuted : meeting.minuted) {
    if (minuted.place != decision.place || minuted.verb != to_string(decision.verb)) continue;
    const auto same = same_text(minuted.text, decision.text);
    if (same == true) return DecisionStanding::confirmed;
    if (!same) may_be_told_later = true;
  }
  return may_be_told_later ? DecisionStanding::provisional : DecisionStanding::contradicted;
}

namespace rules {
namespace {

bool of_one_hardware(const ModelId& a, const ModelId& b) {
  return hardware_of(a) == hardware_of(b);
}

// B22: whoever decides has looked at what the hardware is left with.
Result<void> check_successors(const List& list, const Decision& decision) {
  for (const ModelId& id : decision.successors) {
    const auto record = TRY(list.model(id));
    const bool stays =
        record && record->status == ModelStatus::listed && !decision.names(id, Act::remove);
    if (stays) continue;
    return refuse("successor-not-listed",
                  id.text() + " is named as a successor: it must be on the list, and stay there",
                  4);
  }
  for (const Authorisation& authorisation : decision.authorises) {
    if (authorisation.act != Act::remove) continue;
    for (const ModelId& id : authorisation.models) {
      const auto& bare = decision.without_successor;
      const bool named =
          std::find(bare.begin(), bare.end(), id) != bare.end() ||
          std::any_of(decision.successors.begin(), decision.successors.end(),
                      [&](const ModelId& successor) { return of_one_hardware(successor, id); });
      if (named) continue;
      return refuse("no-successor-named",
                    "the decision says neither which listed model bears the hardware of " +
                        id.text() + " nor that none does",
                    4);
    }
  }
  return {};
}

}  // namespace

Result<MeetingRecord> meeting_or_new(const List& list, const MeetingRef& ref) {
  auto record = TRY(list.meeting(ref));
  if (record) return *std::move(record);
  MeetingRecord fresh;
  fresh.meeting = ref;
  return fresh;
}

Result<Change> apply_minutes(const List& list, const Minutes& minutes,
                             const EntryContext& context) {
  TRY_VOID(check_date_came("the meeting", minutes.date, context.time));
  MeetingRecord meeting = TRY(meeting_or_new(list, minutes.meeting));
  Change change;
  TRY_VOID(note_actions(list, minutes, context, change));
  if (!minutes.is_final) {
    meeting.drafts.push_back(context.index);
    change.meetings.push_back(std::move(meeting));
    return change;
  }
  meeting.final_minutes = context.index;
  meeting.minuted = minutes.decisions;
  for (const EntryIndex entry : meeting.decisions) {
    auto decision = TRY(list.decision(entry));
    if (!decision) return corrupt("a meeting names a decision that is not there");
    decision->standing = standing_of(decision->decision, meeting);
    decision->final_minutes = context.index;
    change.decisions.push_back(*std::move(decision));
  }
  change.meetings.push_back(std::move(meeting));
  return change;
}

Result<Change> apply_decision(const List& list, const Decision& decision,
                              const EntryContext& context) {
  TRY_VOID(check_date_came("the decision", decision.date, context.time));
  if (list.charter()->charter.policy.decision_names_successors && authorises(decision.verb)) {
    TRY_VOID(check_successors(list, decision));
  }
  Change change;
  DecisionRecord record{context.index, decision, DecisionStanding::provisional, {}};
  if (decision.meeting) {
    MeetingRecord meeting = TRY(meeting_or_new(list, *decision.meeting));
    meeting.decisions.push_back(context.index);
    record.standing = standing_of(decision, meeting);
    record.final_minutes = meeting.final_minutes;
    change.meetings.push_back(std::move(meeting));
  }
  change.decisions.push_back(std::move(record));
  return change;
}

}  // namespace rules
}  // namespace cpl
