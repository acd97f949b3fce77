// Rule 11: a notice is taken back before anything was removed on it.
#include "registry/rules/detail.hpp"

namespace cpl::rules {
namespace {

Result<void> check_decided(const List& list, const Withdrawal& withdrawal) {
  if (!withdrawal.decision) {
    if (!list.charter()->charter.policy.withdrawal_needs_decision) return {};
    return refuse("decision-missing", "the charter asks for a decision to take a notice back", 11);
  }
  const DecisionRecord decision = TRY(decision_at(list, *withdrawal.decision, 11));
  TRY_VOID(check_verb(decision));
  TRY_VOID(check_not_contradicted(decision, 11));
  if (decision.entry < withdrawal.notice) {
    return refuse("decision-spent",
                  "the decision in " + name_of(decision.entry) + " is older than the notice", 11);
  }
  for (const ModelId& id : withdrawal.models) {
    if (decision.decision.names(id, Act::withdraw)) continue;
    return refuse("model-not-authorised",
                  "the decision in " + name_of(decision.entry) +
                      " does not say that the notice for " + id.text() + " is withdrawn",
                  11);
  }
  return {};
}

}  // namespace

Result<Change> apply_withdrawal(const List& list, const Withdrawal& withdrawal,
                                const EntryContext& context) {
  NoticeRecord notice = TRY(notice_at(list, withdrawal.notice, 11));
  if (is_over(notice.state) || !notice.removals.empty()) {
    const std::string how = notice.removals.empty()
                                ? to_string(notice.state) + " already"
                                : "acted on: " + notice.removals.begin()->first.text() +
                                      " is removed. What is removed comes back by a reinstatement";
    return refuse("notice-over", "the notice in " + name_of(notice.entry) + " is " + how, 11);
  }
  TRY_VOID(check_models_of(notice, withdrawal.models, 11));
  TRY_VOID(check_decided(list, withdrawal));
  Change change;
  for (const ModelId& id : notice.notice.models) {
    auto model = TRY(list.model(id));
    if (!model) return corrupt("a notice names a model that is not there");
    apply_to_record(*model, withdrawal, folded(context));
    change.models.push_back(*std::move(model));
  }
  notice.state = NoticeState::withdrawn;
  notice.withdrawn_by = context.index;
  change.notices.push_back(std::move(notice));
  return change;
}

}  // namespace cpl::rules
