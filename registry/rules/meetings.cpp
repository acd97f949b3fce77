// Rule 14: the calendar of meetings, the papers for them, and the actions that they gave.
#include "registry/rules/detail.hpp"

namespace cpl::rules {
namespace {

// As the list and what the same statement did before tell it.
Result<std::optional<ActionRecord>> action_so_far(const List& list, const WorkKey& key,
                                                  const Change& change) {
  for (auto record = change.work.rbegin(); record != change.work.rend(); ++record) {
    if (key_of(*record) == key) return std::optional(std::get<ActionRecord>(*record));
  }
  return work_of<ActionRecord>(list, key);
}

void put_state(ActionRecord& record, ActionState state, const std::optional<Date>& due,
               EntryIndex entry) {
  record.entries.push_back(entry);
  record.state = state;
  if (due) record.due = due;
  record.closed_by = state == ActionState::closed ? std::optional(entry) : std::nullopt;
}

ActionRecord new_action(const std::string& body, const std::string& ref) {
  ActionRecord record;
  record.body = body;
  record.ref = ref;
  return record;
}

}  // namespace

Result<void> note_actions(const List& list, const Minutes& minutes, const EntryContext& context,
                          Change& change) {
  const std::string& body = minutes.meeting.body;
  for (const MinutesAction& action : minutes.actions) {
    auto record = TRY(action_so_far(list, action_key(body, action.ref), change));
    // A newer draft, or the final minutes, say again what is known, and open nothing again.
    const ActionState state = record ? record->state : ActionState::open;
    const auto closed_by = record ? record->closed_by : std::nullopt;
    if (!record) record = new_action(body, action.ref);
    record->owner = action.owner;
    put_state(*record, state, action.due, context.index);
    record->closed_by = closed_by;
    change.work.emplace_back(*std::move(record));
  }
  for (const MinutesOutstanding& outstanding : minutes.outstanding) {
    auto record = TRY(action_so_far(list, action_key(body, outstanding.ref), change));
    if (!record) record = new_action(body, outstanding.ref);
    put_state(*record, outstanding.state, outstanding.due, context.index);
    change.work.emplace_back(*std::move(record));
  }
  return {};
}

Result<Change> apply_action(const List& list, const ActionUpdate& update,
                            const EntryContext& context) {
  auto record = TRY(work_of<ActionRecord>(list, action_key(update.body, update.ref)));
  if (!record) {
    return refuse("action-not-found",
                  "no minutes of " + update.body + " in the log name an action " + update.ref, 14);
  }
  if (update.state == ActionState::closed && record->state == ActionState::closed) {
    return refuse("action-closed",
                  update.ref + " was closed by " + name_of(*record->closed_by) + " already", 14);
  }
  put_state(*record, update.state, update.due, context.index);
  Change change;
  change.work.emplace_back(*std::move(record));
  return change;
}

Result<Change> apply_calendar(const MeetingCalendar& calendar, const EntryContext& context) {
  Change change;
  change.work.emplace_back(CalendarRecord{context.index, calendar});
  return change;
}

Result<Change> apply_paper(const List& list, const MeetingPaper& paper,
                           const EntryContext& context) {
  MeetingRecord meeting = TRY(meeting_or_new(list, paper.meeting));
  if (meeting.final_minutes) {
    return refuse("paper-late",
                  "the final minutes of " + paper.meeting.meeting + " are in " +
                      name_of(*meeting.final_minutes) + ": the paper is for another meeting",
                  14);
  }
  if (paper.until.value > context.index.value) {
    return refuse("paper-ahead",
                  "the paper tells of " + std::to_string(paper.until.value) +
                      " entries, and the log has not come so far",
                  14);
  }
  for (const RemovalProposal& proposal : paper.proposals) {
    for (const ModelId& id : proposal.models) TRY(listed_model(list, id, 14));
  }
  meeting.papers.push_back(context.index);
  Change change;
  change.meetings.push_back(std::move(meeting));
  return change;
}

}  // namespace cpl::rules
