// The offline judge: takes evidence and a trust policy, checks everything, and says one verdict
// with the list of checks behind it. Needs no network and trusts nobody but the policy.
#pragma once

#include "registry/evidence/evidence.hpp"
#include "registry/tlog/trust_policy.hpp"

namespace cpl {

struct Check {
  std::string name;  // What was checked, in a few words.
  bool passed = false;
  std::string detail;  // What was found, or why it failed.
};

enum class Outcome : std::uint8_t {
  valid,
  valid_provisional,  // No final minutes bear the decision out yet.
  valid_stale,        // It was so at the newest witness time, which is longer ago than allowed.
  invalid,
};
std::string to_string(Outcome outcome);  // "VALID, provisional" and so on.
int exit_code(Outcome outcome);          // 0, 0, 3, 1.

struct Verdict {
  Question question{};
  std::string subject;
  Outcome outcome = Outcome::invalid;
  std::string sentence;  // The verdict in one sentence.
  std::string code;      // The failed check's code; empty unless invalid.
  std::vector<Check> checks;
  TreeSize size;                    // The state is of that size,
  TreeSize tree_size;               // under a checkpoint of this one.
  std::optional<UnixMillis> as_of;  // Newest witness time, else the last entry's.
  std::optional<UnixMillis> since;  // The last entry's time: the state is not known to be older.
  std::optional<UnixMillis> until;  // When the next entry came; absent under the tree's last.
};

struct JudgeOptions {
  UnixMillis now;
  std::uint64_t witness_age_seconds_max = 86'400;
  std::optional<Hash> charter{};  // The id of entry 0, where it is known.
};

Verdict judge(const Evidence& evidence, const TrustPolicy& policy, const JudgeOptions& options);
// Evidence that cannot be read is invalid, too; the reader's error is its first check.
Verdict judge_file(BytesView file, const TrustPolicy& policy, const JudgeOptions& options);

Json to_json(const Verdict& verdict);

}  // namespace cpl
