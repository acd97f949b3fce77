// Evidence from a registry: fetched, judged here, and held to what was asked.
#pragma once

#include "registry/evidence/asked.hpp"
#include "tools/cpl/cli.hpp"

namespace cpl {

struct JudgedEvidence {
  Bytes file;
  Verdict verdict;
};

// The checkpoint that the registry shows, of a log of the policy. What is fetched afterwards is of
// no older one.
Result<Checkpoint> shown_checkpoint(const HttpClient& client, const TrustPolicy& policy);
Result<JudgedEvidence> fetch_evidence(const HttpClient& client, const std::string& path,
                                      Asked asked, const TrustPolicy& policy,
                                      const JudgeOptions& options);

struct VerdictWish {
  std::string notice;  // Its entry, as it was typed.
  std::string policy;  // The trust policy file.
  std::uint64_t age_seconds_max = 86'400;
};

// Is this notice genuine?
Result<JudgedEvidence> judge_notice(const Cli& cli, const VerdictWish& wish);
// Whether everything about it is proven, though its decision may be contradicted by the minutes.
bool is_proven(const Verdict& verdict);
// "\nas of 2026-07-09T10:15:30Z, log size 1505"; empty where nothing dates it.
std::string as_of_text(const std::optional<UnixMillis>& as_of, TreeSize size);
// With `and_then` under it.
std::string told_verdict(const Verdict& verdict, const std::string& and_then = "");
// Prints it and sets the exit code.
void tell_verdict(Cli& cli, const Verdict& verdict, const std::string& and_then = "");

}  // namespace cpl
