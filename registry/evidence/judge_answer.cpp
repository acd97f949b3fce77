#include "crypto/encoding.hpp"
#include "registry/evidence/judge_detail.hpp"
#include "registry/list/state_record.hpp"

namespace cpl::judging {
namespace {

Error incomplete(std::string detail) { return refuse("evidence-incomplete", std::move(detail)); }

class Answer {
 public:
  Answer(const Shown& shown, Verdict& verdict, Checks& checks)
      : shown_(shown), verdict_(verdict), checks_(checks) {}

  Result<void> run() {
    checks_.begin("answer");
    switch (verdict_.question) {
      case Question::removal:
        return on_decision(TRY(decision_of_notice(TRY(on_removal()))));
      case Question::notice:
        return on_decision(TRY(decision_of_notice(TRY(on_notice()))));
      case Question::model:
        return on_model();
      case Question::decision:
        return on_decision(TRY(on_recorded()));
    }
    return {};
  }

 private:
  const List& list() const { return shown_.list; }

  const Bytes* state_of(const ModelId& id) const {
    const auto found = shown_.states.find(id);
    return found != shown_.states.end() && found->second ? &*found->second : nullptr;
  }

  Result<EntryIndex> decision_of_notice(EntryIndex notice) const {
    const auto record = TRY(list().notice(notice));
    if (!record) return refuse("notice-not-found", "the evidence holds no such notice");
    return record->notice.decision;
  }

  Result<void> on_decision(EntryIndex entry) {
    const auto decision = TRY(list().decision(entry));
    if (!decision) return refuse("decision-not-found", "the evidence holds no decision");
    checks_.begin("minutes");
    const std::string minutes =
        decision->final_minutes ? std::to_string(decision->final_minutes->value) : "";
    switch (decision->standing) {
      case DecisionStanding::contradicted:
        return refuse("decision-contradicted", "the final minutes in entry " + minutes +
                                                   " hold another text than the decision, or none");
      case DecisionStanding::confirmed:
        checks_.pass("the final minutes in entry " + minutes + " hold the decision, word for word");
        break;
      case DecisionStanding::provisional:
        checks_.pass(minutes.empty()
                         ? "no final minutes hold the decision yet"
                         : "whether the final minutes in entry " + minutes +
                               " hold the decision cannot be told while a text is sealed");
    }
    settle(decision->standing == DecisionStanding::confirmed);
    return {};
  }

  void settle(bool confirmed) {
    verdict_.outcome = shown_.stale ? Outcome::valid_stale
                       : confirmed  ? Outcome::valid
                                    : Outcome::valid_provisional;
  }

  void say(std::string sentence) {
    verdict_.sentence = std::move(sentence);
    checks_.pass(verdict_.sentence);
  }

  Result<EntryIndex> on_recorded() {
    const auto number = from_decimal(verdict_.subject);
    const EntryIndex index{number.value_or(0)};
    const auto record = TRY(list().decision(index));
    if (!number || !record) {
      return incomplete("the evidence does not hold the decision in question");
    }
    std::size_t models = 0;
    for (const Authorisation& authorisation : record->decision.authorises) {
      models += authorisation.models.size();
    }
    say("the decision in entry " + verdict_.subject + " says " + to_string(record->decision.verb) +
        ", which " +
        (authorises(record->decision.verb) ? "authorises what it names: " + counted(models, "model")
                                           : "authorises nothing"));
    return index;
  }

  // Listed, removed or never listed, as of the size in question.
  Result<void> on_model() {
    const auto& id = shown_.subject;
    if (!id || !shown_.states.contains(*id)) {
      return incomplete("the evidence does not hold the state in question");
    }
    const auto record = TRY(list().model(*id));
    const Bytes* state = state_of(*id);
    if (record.has_value() != (state != nullptr) || (record && state_record(*record) != *state)) {
      return incomplete("the entries do not lead to the state that the last entry shows");
    }
    say(id->text() + (record ? described(*record) : " was never on the list") + when_held());
    if (record && record->decision) return on_decision(*record->decision);
    settle(true);
    return {};
  }

  static std::string described(const ModelRecord& record) {
    const bool listed = record.status == ModelStatus::listed;
    return (listed ? " is on the list, since entry " : " is off the list, removed by entry ") +
           std::to_string(record.changed_at.value) + ", in effect since " +
           format_time(record.effective_from);
  }
  std::string when_held() const {
    if (!verdict_.until) return "";
    return ": so it was from " + format_time(*verdict_.as_of) + " until " +
           format_time(*verdict_.until);
  }

  Result<EntryIndex> on_removal() {
    const auto& id = shown_.subject;
    if (!id || !shown_.removal) {
      return incomplete("the evidence holds no removal of " + verdict_.subject);
    }
    const auto record = TRY(list().model(*id));
    if (!record || record->status != ModelStatus::removed) {
      return refuse("model-listed", id->text() + " was removed once and is on the list again");
    }
    check(record->notice && record->decision);  // As a removal leaves it.
    const Bytes* state = state_of(*id);
    if (state == nullptr || *state != state_record(*record)) {
      return incomplete("the last entry's state does not show " + id->text() +
                        " as its removal left it");
    }
    say(id->text() + " was removed by entry " + std::to_string(shown_.removal->value) +
        ", in effect since " + format_time(record->effective_from) + ", on the decision in entry " +
        std::to_string(record->decision->value));
    return *record->notice;
  }

  Result<EntryIndex> on_notice() {
    const auto number = from_decimal(verdict_.subject);
    const EntryIndex index{number.value_or(0)};
    if (!number ||
        std::find(shown_.notices.begin(), shown_.notices.end(), index) == shown_.notices.end()) {
      return incomplete("the evidence does not hold the notice in question");
    }
    const auto record = TRY(list().notice(index));
    for (const ModelId& id : record->notice.models) TRY_VOID(check_outcome(*record, id));
    say("the notice in entry " + verdict_.subject + " to remove " +
        counted(record->notice.models.size(), "model") + " rests on the decision in entry " +
        std::to_string(record->notice.decision.value) + " and is " + to_string(record->state));
    return index;
  }

  // The model's state must be what the notice and its removal, if there is one, have led to.
  Result<void> check_outcome(const NoticeRecord& notice, const ModelId& id) const {
    const Bytes* text = state_of(id);
    if (text == nullptr) {
      return incomplete("the evidence does not show that " + id.text() + " was ever on the list");
    }
    const ModelRecord state = TRY(read_state_record(*text));
    const auto removal = notice.removals.find(id);
    if (removal == notice.removals.end()) {
      // A notice that was rejected or taken back ends there, and another one may have removed the
      // model.
      if (state.changed_at < notice.entry || is_over(notice.state)) return {};
      return incomplete("the status of " + id.text() + " was changed by entry " +
                        std::to_string(state.changed_at.value) +
                        ", after the notice, and the evidence does not say how");
    }
    const auto record = TRY(list().model(id));
    const bool same = record && state_record(*record) == *text;
    if (same || removal->second < state.changed_at) return {};
    return incomplete("the last entry's state does not show " + id.text() +
                      " as its removal left it");
  }

  const Shown& shown_;
  Verdict& verdict_;
  Checks& checks_;
};

}  // namespace

Result<void> answer(const Shown& shown, Verdict& verdict, Checks& checks) {
  return Answer(shown, verdict, checks).run();
}

}  // namespace cpl::judging
