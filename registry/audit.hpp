// The audit: a full replay of a log by whoever wants to trust nobody. Every entry, signature, rule,
// state root and tile is computed again from what is published and compared.
#pragma once

#include "registry/checkpoint.hpp"
#include "registry/entry.hpp"
#include "registry/json.hpp"
#include "registry/list.hpp"
#include "registry/trust_policy.hpp"

namespace cpl {

// Brings one resource of the log by its path, such as "checkpoint" or "tile/0/000". Called from
// several threads at once.
using FetchResource = std::function<Result<Bytes>(const std::string& path)>;

struct AuditOptions {
  unsigned threads = 1;
  std::function<void(std::uint64_t done, std::uint64_t of)> on_progress;  // May be empty.
  // Each entry in order, once it has passed, with what it changed; of a model that was there before
  // the change tells the identity and the status alone. May be empty.
  std::function<void(const Entry& entry, const Change& change)> on_entry;
  // A checkpoint that was seen before: the log must extend it.
  std::optional<Bytes> earlier_checkpoint;
  // How old the witness time may be, at `now`, before what the log shows counts as stale.
  UnixMillis now{};
  std::uint64_t witness_age_seconds_max = 86'400;
};

struct AuditFinding {
  std::optional<EntryIndex> entry;
  std::string code;
  std::string detail;
};

// What was checked, in numbers, and what was found.
struct AuditReport {
  std::string origin;
  TreeSize size;
  Hash root;
  Bytes checkpoint_note;
  std::uint64_t cosignatures = 0;          // Of the policy's witnesses.
  std::optional<UnixMillis> witness_time;  // When its quorum had cosigned.
  bool stale = false;                      // That is longer ago than allowed.
  std::optional<UnixMillis> first_time;
  std::optional<UnixMillis> last_time;

  std::uint64_t entries = 0;
  std::map<std::string, std::uint64_t> entries_by_type;
  std::uint64_t signatures = 0;
  std::uint64_t state_roots = 0;
  std::uint64_t tiles = 0;
  std::uint64_t models_listed = 0;
  std::uint64_t models_removed = 0;
  std::uint64_t decisions_confirmed = 0;
  std::uint64_t decisions_provisional = 0;
  std::uint64_t decisions_contradicted = 0;
  std::uint64_t notices_open = 0;
  std::uint64_t extracts = 0;  // Published ones that were compared, by an ExtractAudit.

  std::vector<AuditFinding> findings;  // Empty: nothing is wrong.
};

// Errors are for what could not be checked at all: no checkpoint to be had, or none to be trusted.
// Whatever is wrong with the log is a finding.
Result<AuditReport> audit(const FetchResource& fetch, const TrustPolicy& policy,
                          const AuditOptions& options);

Json to_json(const AuditReport& report);

}  // namespace cpl
