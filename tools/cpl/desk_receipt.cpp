#include "tools/cpl/desk_receipt.hpp"

#include "crypto/encoding.hpp"
#include "tools/cpl/answer_text.hpp"

namespace cpl {
namespace {

bool is_removed(const Evidence& evidence, const ModelId& model, EntryIndex decision) {
  for (const ProvenState& state : evidence.states) {
    if (state.model != model || !state.record) continue;
    const auto record = parse_json(*state.record);
    return record && text_of(*record, "status") == "removed" &&
           text_of(*record, "decision") == std::to_string(decision.value);
  }
  return false;
}

}  // namespace

Result<Notice> notice_in(const Evidence& evidence) {
  const auto number = from_decimal(evidence.subject);
  if (number) {
    if (auto notice = TRY(last_in<Notice>(evidence, EntryIndex{*number}))) return *notice;
  }
  return refuse("evidence-incomplete", "the evidence does not hold the notice in question");
}

Result<std::string> receipt_origin(const TrustPolicy& policy, const std::string& policy_file,
                                   const std::string& given) {
  if (!given.empty()) return given;
  if (policy.logs().size() != 1) {
    return malformed("policy-ambiguous", policy_file + " names " +
                                             std::to_string(policy.logs().size()) +
                                             " logs; a receipt is for one of them: give --origin");
  }
  return policy.logs().front().name();
}

Result<void> check_desk_key(const Evidence& evidence, const NoteVerifier& key) {
  const auto charter = TRY(last_in<Charter>(evidence));
  if (!charter) return {};
  const auto& keys = charter->roles.at(Role::service_desk).keys;
  if (std::find(keys.begin(), keys.end(), key) != keys.end()) return {};
  return refuse("wrong-role", key.name() + " is not a Service Desk key; nothing was signed");
}

// The DCC loads what is removed: before that there is nothing to apply, and the notice would no
// longer be due to anybody. The states of the models are proven, as the notice is.
Result<void> check_removed(const Evidence& evidence) {
  const Notice notice = TRY(notice_in(evidence));
  for (const ModelId& model : notice.models) {
    if (is_removed(evidence, model, notice.decision)) continue;
    return refuse("removal-missing",
                  model.text() + " is not removed yet: notice " + evidence.subject +
                      (notice.effective_from ? " takes effect " + uk_time(*notice.effective_from)
                                             : std::string(" takes effect at once")) +
                      ", and is applied once all of its removals are in the log");
  }
  return {};
}

}  // namespace cpl
