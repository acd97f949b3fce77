#include "registry/query/decision_progress.hpp"

namespace cpl {
namespace {

// Whether the act is still to be done to the model on that decision.
bool is_to_be_done(Act act, const ModelRecord& model, const DecisionRecord& decision) {
  const ModelStatus before = act == Act::remove ? ModelStatus::listed : ModelStatus::removed;
  return model.status == before && decision.entry > model.changed_at;
}

}  // namespace

Result<DecisionProgress> decision_progress(const List& list, const DecisionRecord& decision,
                                           unsigned notify_working_days,
                                           const WorkingDays& calendar) {
  DecisionProgress progress;
  if (!authorises(decision.decision.verb)) return progress;
  if (decision.standing == DecisionStanding::contradicted) return progress;
  bool wants_notice = false;
  for (const auto& [act, models] : decision.decision.authorises) {
    for (const ModelId& id : models) {
      const auto model = TRY(list.model(id));
      if (!model || !is_to_be_done(act, *model, decision)) continue;
      progress.remaining.push_back(id);
      if (act == Act::remove && !model->notice) wants_notice = true;
    }
  }
  if (wants_notice) progress.due = calendar.end_of(decision.decision.date, notify_working_days);
  return progress;
}

}  // namespace cpl
