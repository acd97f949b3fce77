// Rule 9: what brings a removed model back.
#include "registry/rules/detail.hpp"

namespace cpl::rules {

Result<Change> apply_reinstatement(const List& list, const Reinstatement& reinstatement,
                                   const EntryContext& context) {
  ModelRecord model = TRY(known_model(list, reinstatement.model, 9));
  if (model.status == ModelStatus::listed) {
    return refuse("model-listed", reinstatement.model.text() + " is on the list", 9);
  }
  const DecisionRecord decision = TRY(decision_at(list, reinstatement.decision, 9));
  TRY_VOID(check_verb(decision));
  TRY_VOID(check_not_contradicted(decision, 8));
  if (!decision.decision.names(reinstatement.model, Act::reinstate)) {
    return refuse("model-not-authorised",
                  "the decision in " + name_of(decision.entry) + " does not name " +
                      reinstatement.model.text() + " for reinstatement",
                  9);
  }
  TRY_VOID(check_decided_since(decision, model, 9));
  const UnixMillis from = effective_time(reinstatement.effective_from, context.time);
  if (from > context.time) {
    return refuse("not-yet-effective",
                  "the reinstatement takes effect at " + format_time(from) +
                      ", which is yet to come: submit it then",
                  9);
  }
  TRY_VOID(check_after_decision(from, decision, 9));
  TRY_VOID(check_not_before(from, model.effective_from, "the removal took effect", 9));
  apply_to_record(model, reinstatement, folded(context));
  Change change;
  change.models.push_back(std::move(model));
  change.state_changed = reinstatement.model;
  return change;
}

}  // namespace cpl::rules
