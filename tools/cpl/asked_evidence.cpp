#include "tools/cpl/asked_evidence.hpp"

#include "crypto/encoding.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {

Result<Checkpoint> shown_checkpoint(const HttpClient& client, const TrustPolicy& policy) {
  const Bytes note = TRY(client.get("/checkpoint", note_answer_max)).body;
  return TRY(trust_checkpoint(note, policy)).checkpoint;
}

Result<JudgedEvidence> fetch_evidence(const HttpClient& client, const std::string& path,
                                      Asked asked, const TrustPolicy& policy,
                                      const JudgeOptions& options) {
  asked.shown = TRY(shown_checkpoint(client, policy)).size;
  Bytes file = TRY(client.get(path, evidence_size_max)).body;
  Verdict verdict = judge_file(file, policy, options);
  bind(verdict, asked);
  return JudgedEvidence{std::move(file), std::move(verdict)};
}

Result<JudgedEvidence> judge_notice(const Cli& cli, const VerdictWish& wish) {
  if (!from_decimal(wish.notice)) {
    return malformed("index-malformed", "the notice is named by its entry's number");
  }
  const TrustPolicy policy = TRY(read_policy_file(wish.policy));
  const Asked asked{{"notice"}, wish.notice, {}, {}};
  return fetch_evidence(cli.client(), "/v1/notices/" + wish.notice + "/evidence", asked, policy,
                        cli.judge_options(wish.age_seconds_max));
}

bool is_proven(const Verdict& verdict) {
  return verdict.outcome != Outcome::invalid || verdict.code == "decision-contradicted";
}

std::string as_of_text(const std::optional<UnixMillis>& as_of, TreeSize size) {
  if (!as_of) return "";
  return "\nas of " + uk_time(*as_of) + ", log size " + std::to_string(size.value);
}

std::string told_verdict(const Verdict& verdict, const std::string& and_then) {
  return verdict_text(verdict.checks, verdict.outcome, verdict.sentence) +
         as_of_text(verdict.as_of, verdict.size) + and_then;
}

void tell_verdict(Cli& cli, const Verdict& verdict, const std::string& and_then) {
  cli.print(to_json(verdict), told_verdict(verdict, and_then));
  cli.exit_code = exit_code(verdict.outcome);
}

}  // namespace cpl
