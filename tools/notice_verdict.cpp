#include "tools/notice_verdict.hpp"

#include "crypto/encoding.hpp"

namespace cpl {

Result<Verdict> judge_notice(const Cli& cli, const VerdictWish& wish) {
  if (!from_decimal(wish.notice)) {
    return malformed("index-malformed", "the notice is named by its entry's number");
  }
  const TrustPolicy policy = TRY(read_policy_file(wish.policy));
  const Bytes evidence = TRY(cli.client().get("/v1/notices/" + wish.notice + "/evidence")).body;
  return judge_file(evidence, policy, {cli.clock.now(), wish.age_seconds_max});
}

std::string as_of_text(const std::optional<UnixMillis>& as_of, TreeSize size) {
  if (!as_of) return "";
  return "\nas of " + format_time(*as_of) + ", log size " + std::to_string(size.value);
}

void tell_verdict(Cli& cli, const Verdict& verdict, const std::string& and_then) {
  cli.print(to_json(verdict), verdict_text(verdict.checks, verdict.outcome, verdict.sentence) +
                                  as_of_text(verdict.as_of, verdict.size) + and_then);
  cli.exit_code = exit_code(verdict.outcome);
}

}  // namespace cpl
