// An audit's ledger as a file, so that the next audit goes on where the last one ended
// (registry/FORMAT.md, "Audit state"):
//
//   cpl/audit-state/v4 LF  rows  SHA-256 of all before it
//   row: one letter, the length as four octets, so many octets
//
// The checkpoint in it is signed by the log, the tiles at the edge must give its root, and the
// records the state root of its last entry. That keeps damage and mix-ups out, not whoever may
// write the file: keep it as you keep the program.
#pragma once

#include "registry/audit/ledger.hpp"
#include "registry/tlog/trust_policy.hpp"

namespace cpl {

inline constexpr std::size_t audit_state_size_max = std::size_t{2} << 30U;

// Of a ledger that stands at a checkpoint. The same ledger always gives the same octets.
Bytes format_audit_state(const AuditLedger& ledger);

// Errors: `audit-state-damaged`, `audit-state-old`, and those of trust_checkpoint where the policy
// does not trust the checkpoint in it.
Result<AuditLedger> parse_audit_state(BytesView file, const TrustPolicy& policy);

}  // namespace cpl
