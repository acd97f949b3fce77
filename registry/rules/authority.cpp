// Rule 4, and what else makes a decision one that can be acted on.
#include "registry/rules/detail.hpp"

namespace cpl::rules {

Result<DecisionRecord> decision_at(const List& list, EntryIndex entry, int rule) {
  auto decision = TRY(list.decision(entry));
  if (!decision) {
    return refuse("decision-not-found",
                  name_of(entry) + " is not a decision: one that is in the log is needed", rule);
  }
  return *std::move(decision);
}

Result<void> check_not_contradicted(const DecisionRecord& decision, int rule) {
  if (decision.standing != DecisionStanding::contradicted) return {};
  return refuse("decision-contradicted",
                "the final minutes in " + name_of(*decision.final_minutes) +
                    " hold another text than the decision in " + name_of(decision.entry) +
                    ", or none",
                rule);
}

Result<void> check_verb(const DecisionRecord& decision) {
  if (authorises(decision.decision.verb)) return {};
  return refuse("verb-does-not-authorise",
                "the decision in " + name_of(decision.entry) + " says " +
                    to_string(decision.decision.verb) + "; only APPROVED and AGREED authorise",
                4);
}

Result<void> check_decided_since(const DecisionRecord& decision, const ModelRecord& model,
                                 int rule) {
  if (decision.entry > model.changed_at) return {};
  const char* what = model.status == ModelStatus::removed ? "removed"
                     : model.changed_at == model.added    ? "added"
                                                          : "reinstated";
  return refuse("decision-spent",
                "the decision in " + name_of(decision.entry) + " was taken before " +
                    model.model.id().text() + " was " + what + " by " + name_of(model.changed_at) +
                    ": a newer one is needed",
                rule);
}

}  // namespace cpl::rules
