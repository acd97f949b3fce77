// Rules 4 to 7: the notice to the Service Desk, its receipts, and the removal.
#include "registry/rules/detail.hpp"

namespace cpl::rules {
namespace {

// The DCC's word for a removal on a certificate's account follows from the account.
std::optional<std::string_view> word_for(RemovalBasis basis) {
  switch (basis) {
    case RemovalBasis::cert_withdrawn:
      return "Withdrawn";
    case RemovalBasis::cert_cancelled:
      return "Cancelled";
    case RemovalBasis::cpa_expired:
      return "Expired";
    case RemovalBasis::panel_decision:
    case RemovalBasis::superseded_ts:
    case RemovalBasis::entry_error:
      return std::nullopt;
  }
  return std::nullopt;
}

NoticeState state_after(ReceiptStatus status) {
  switch (status) {
    case ReceiptStatus::received:
      return NoticeState::received;
    case ReceiptStatus::validated:
      return NoticeState::validated;
    case ReceiptStatus::rejected:
      return NoticeState::rejected;
    case ReceiptStatus::applied:
      return NoticeState::applied;
  }
  return NoticeState::issued;
}

// Rule 6: received, then validated or rejected, then applied.
bool may_follow(NoticeState state, ReceiptStatus next) {
  switch (next) {
    case ReceiptStatus::received:
      return state == NoticeState::issued;
    case ReceiptStatus::validated:
    case ReceiptStatus::rejected:
      return state == NoticeState::received;
    case ReceiptStatus::applied:
      return state == NoticeState::validated;
  }
  return false;
}

Result<void> check_notice_allows(const List& list, const NoticeRecord& notice) {
  if (notice.withdrawn_by) {
    return refuse("notice-withdrawn",
                  "the notice in " + name_of(notice.entry) + " was taken back by " +
                      name_of(*notice.withdrawn_by) + ": a new notice is needed",
                  7);
  }
  if (notice.state == NoticeState::rejected) {
    return refuse("notice-rejected",
                  "the Service Desk rejected the notice in " + name_of(notice.entry) +
                      ": a new notice is needed",
                  7);
  }
  const bool validated =
      notice.state == NoticeState::validated || notice.state == NoticeState::applied;
  if (list.charter()->charter.policy.removal_needs_validation && !validated) {
    return refuse("removal-not-validated",
                  "the Service Desk has not yet validated the notice in " + name_of(notice.entry) +
                      " (it is " + to_string(notice.state) + ")",
                  7);
  }
  return {};
}

Result<void> check_matches_notice(const Removal& removal, const NoticeRecord& notice) {
  const auto& models = notice.notice.models;
  if (std::find(models.begin(), models.end(), removal.model) == models.end()) {
    return refuse("model-not-in-notice",
                  removal.model.text() + " is not named by the notice in " + name_of(notice.entry),
                  7);
  }
  if (removal.basis != notice.notice.basis) {
    return refuse("basis-mismatch",
                  "the removal's basis is " + to_string(removal.basis) + ", its notice's is " +
                      to_string(notice.notice.basis),
                  7);
  }
  const auto word = word_for(removal.basis);
  if (word && removal.status_word != *word) {
    return refuse("status-word-mismatch",
                  "the basis " + to_string(removal.basis) + " goes with the status " +
                      std::string(*word) + ", not " + removal.status_word,
                  7);
  }
  return {};
}

// Neither before its notice's time nor before the desk's word, and not ahead of its entry: nobody
// is to read that a model was off the list while nobody could know it.
Result<void> check_effect(UnixMillis from, const NoticeRecord& notice,
                          const EntryContext& context) {
  if (from < notice.effective_from() || from > context.time) {
    return refuse("not-yet-effective",
                  "the removal takes effect at " + format_time(from) +
                      "; that must not be before its notice's time, " +
                      format_time(notice.effective_from()) + ", nor after now, " +
                      format_time(context.time),
                  7);
  }
  // Of two clocks that tell whole seconds, both right, one may be a second behind.
  constexpr std::uint64_t second = 1000;
  if (!notice.validated ||
      from.value + second >= effective_time(std::nullopt, *notice.validated).value) {
    return {};
  }
  return refuse("effective-before-validation",
                "the removal takes effect at " + format_time(from) +
                    ", before the Service Desk validated its notice, at " +
                    format_time(*notice.validated) + ": leave the time out, or give a later one",
                7);
}

// Nothing is due to anybody any more once a notice is applied, so nothing may follow.
Result<void> check_removed(const NoticeRecord& notice) {
  for (const ModelId& id : notice.notice.models) {
    if (notice.removals.contains(id)) continue;
    return refuse("removal-missing",
                  id.text() + " is not removed yet: the notice in " + name_of(notice.entry) +
                      " is applied once all of its removals are in the log",
                  6);
  }
  return {};
}

}  // namespace

Result<NoticeRecord> notice_at(const List& list, EntryIndex entry, int rule) {
  auto notice = TRY(list.notice(entry));
  if (!notice) return refuse("notice-not-found", name_of(entry) + " is not a notice", rule);
  return *std::move(notice);
}

Result<ModelRecord> listed_model(const List& list, const ModelId& id, int rule) {
  auto model = TRY(list.model(id));
  if (!model) return refuse("model-not-listed", id.text() + " was never on the list", rule);
  if (model->status != ModelStatus::listed) {
    return refuse("model-not-listed", id.text() + " was removed by " + name_of(model->changed_at),
                  rule);
  }
  return *std::move(model);
}

Result<void> check_models_of(const NoticeRecord& notice, const std::vector<ModelId>& models,
                             int rule) {
  const std::set<ModelId> given(models.begin(), models.end());
  const std::set<ModelId> of_notice(notice.notice.models.begin(), notice.notice.models.end());
  if (given == of_notice) return {};
  return refuse("models-mismatch",
                "it must name the models of the notice in " + name_of(notice.entry) +
                    ", all of them and no others",
                rule);
}

Result<Change> apply_notice(const List& list, const Notice& notice, const EntryContext& context) {
  const DecisionRecord decision = TRY(decision_at(list, notice.decision, 5));
  TRY_VOID(check_verb(decision));
  TRY_VOID(check_not_contradicted(decision, 8));
  const UnixMillis from = effective_time(notice.effective_from, context.time);
  TRY_VOID(check_after_decision(from, decision, 5));
  TRY_VOID(check_not_far(from, context.time, 5));
  Change change;
  for (const ModelId& id : notice.models) {
    if (!decision.decision.names(id, Act::remove)) {
      return refuse("model-not-authorised",
                    "the decision in " + name_of(decision.entry) + " does not name " + id.text() +
                        " for removal",
                    5);
    }
    ModelRecord model = TRY(listed_model(list, id, 5));
    TRY_VOID(check_decided_since(decision, model, 5));
    if (model.notice) {
      return refuse("model-under-notice",
                    id.text() + " is under the notice in " + name_of(*model.notice) + " already",
                    5);
    }
    TRY_VOID(check_not_before(from, model.effective_from, id.text() + " came onto the list", 5));
    apply_to_record(model, notice, folded(context));
    change.models.push_back(std::move(model));
  }
  change.notices.push_back({context.index, context.time, notice, NoticeState::issued, {}, {}, {}});
  return change;
}

Result<Change> apply_receipt(const List& list, const Receipt& receipt,
                             const EntryContext& context) {
  NoticeRecord notice = TRY(notice_at(list, receipt.notice, 6));
  if (!may_follow(notice.state, receipt.status)) {
    return refuse("receipt-out-of-order",
                  "the notice in " + name_of(notice.entry) + " is " + to_string(notice.state) +
                      ", so it cannot become " + to_string(state_after(receipt.status)) +
                      ": received comes first, then validated or rejected, then applied",
                  6);
  }
  if (receipt.status == ReceiptStatus::rejected) {
    TRY_VOID(check_models_of(notice, receipt.models, 6));
  }
  if (receipt.status == ReceiptStatus::applied) {
    TRY_VOID(check_removed(notice));
    TRY_VOID(check_not_before(*receipt.applied_at, notice.effective_from(),
                              "the notice takes effect", 6));
    TRY_VOID(check_has_happened(*receipt.applied_at, context.time, 6));
  }
  notice.state = state_after(receipt.status);
  notice.receipts.push_back(context.index);
  if (notice.state == NoticeState::validated) notice.validated = context.time;
  Change change;
  if (notice.state == NoticeState::rejected) {
    for (const ModelId& id : notice.notice.models) {
      auto model = TRY(list.model(id));
      if (!model) return corrupt("a notice names a model that is not there");
      if (model->status == ModelStatus::removed) continue;  // It stays bound to its notice.
      apply_to_record(*model, receipt, folded(context));
      change.models.push_back(*std::move(model));
    }
  }
  change.notices.push_back(std::move(notice));
  return change;
}

Result<Change> apply_removal(const List& list, const Removal& removal,
                             const EntryContext& context) {
  NoticeRecord notice = TRY(notice_at(list, removal.notice, 7));
  TRY_VOID(check_matches_notice(removal, notice));
  TRY_VOID(check_notice_allows(list, notice));
  const UnixMillis from = effective_time(removal.effective_from, context.time);
  TRY_VOID(check_concerns_since(removal.concerns_since, context.time));
  TRY_VOID(check_effect(from, notice, context));
  const DecisionRecord decision = TRY(decision_at(list, notice.notice.decision, 7));
  TRY_VOID(check_not_contradicted(decision, 7));
  ModelRecord model = TRY(listed_model(list, removal.model, 7));
  // A notice that led to a removal is spent: a reinstated model takes a new one.
  if (model.notice != notice.entry) {
    return refuse("model-not-under-notice",
                  removal.model.text() + " is not, or no longer, under the notice in " +
                      name_of(notice.entry),
                  7);
  }
  apply_to_record(model, removal, folded(context, decision.entry));
  notice.removals.insert_or_assign(removal.model, context.index);
  Change change;
  change.models.push_back(std::move(model));
  change.notices.push_back(std::move(notice));
  change.state_changed = removal.model;
  return change;
}

}  // namespace cpl::rules
