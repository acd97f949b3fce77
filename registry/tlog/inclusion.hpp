// That an entry is in the log, from a tlog-proof alone: whose it is and when it came. Whether the
// rules allow what it says is for evidence to show (verdict.hpp).
#pragma once

#include "registry/tlog/entry.hpp"
#include "registry/tlog/tlog_proof.hpp"
#include "registry/tlog/trust_policy.hpp"

namespace cpl {

struct Inclusion {
  std::optional<Entry> entry;  // Absent: what another log holds, which is read by nobody here.
  TrustedCheckpoint trusted;
};

Result<Inclusion> check_inclusion(const TlogProof& proof, BytesView leaf,
                                  const TrustPolicy& policy);

}  // namespace cpl
