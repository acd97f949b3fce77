// The audit: a full replay of a log by whoever wants to trust nobody. Every entry, signature, rule,
// state root and tile is computed again from what is published and compared.
#pragma once

#include "registry/audit/ledger.hpp"
#include "registry/base/json.hpp"
#include "registry/base/progress.hpp"
#include "registry/tlog/entry.hpp"
#include "registry/tlog/resource.hpp"
#include "registry/tlog/trust_policy.hpp"

namespace cpl {

struct AuditOptions {
  unsigned threads = 1;
  OnProgress on_progress{};
  // Each entry in order, once it has passed, with what it changed; of a model that was there before
  // the change tells the identity and the status alone. May be empty.
  std::function<void(const Entry& entry, const Change& change)> on_entry;
  // A checkpoint that was seen before: the log must extend it.
  std::optional<Bytes> earlier_checkpoint;
  // The id of entry 0, where it is known: a log that begins otherwise is another registry's.
  std::optional<Hash> charter{};
  // How old the witness time may be, at `now`, before what the log shows counts as stale.
  UnixMillis now{};
  std::uint64_t witness_age_seconds_max = 86'400;
};

struct AuditFinding {
  std::optional<EntryIndex> entry;
  std::string code;
  std::string detail;
  int rule = 0;  // Of registry/FORMAT.md, that it breaks; 0: none by number.
};

// A removal that stands, and what it rests on.
struct AuditedRemoval {
  EntryIndex entry;
  ModelId model;
  std::string maker;
  UnixMillis effective_from;
  std::optional<EntryIndex> notice;
  std::optional<EntryIndex> decision;
  DecisionStanding standing{};
};

// A notice that the Service Desk has not applied or rejected yet.
struct AuditedNotice {
  EntryIndex entry;
  NoticeState state{};
  UnixMillis since;
  EntryIndex decision;
  std::vector<ModelId> models;
};

// What was checked, in numbers, and what was found.
struct AuditReport {
  std::string origin;
  TreeSize size;
  Hash root;
  TreeSize replayed_from;  // Entries below were checked before, and are held to by their root.
  Bytes checkpoint_note;
  std::vector<NoteVerifier> log_keys;      // That signed it, of those that the policy trusts.
  std::uint64_t cosignatures = 0;          // Of the policy's witnesses.
  bool witnesses_needed = false;           // By the policy.
  std::optional<UnixMillis> witness_time;  // When its quorum had cosigned.
  bool stale = false;                      // That is longer ago than allowed.
  std::optional<UnixMillis> first_time;
  std::optional<UnixMillis> last_time;

  std::uint64_t entries = 0;
  std::map<std::string, std::uint64_t> entries_by_type;
  std::uint64_t signatures = 0;
  std::map<std::string, std::uint64_t> signatures_by_role;
  std::uint64_t state_roots = 0;
  std::uint64_t tiles = 0;
  std::uint64_t models_listed = 0;
  std::uint64_t models_removed = 0;
  std::uint64_t decisions_confirmed = 0;
  std::uint64_t decisions_provisional = 0;
  std::uint64_t decisions_contradicted = 0;
  std::uint64_t notices_open = 0;
  std::vector<AuditedRemoval> removals;     // Oldest first.
  std::vector<AuditedNotice> open_notices;  // Oldest first.
  std::uint64_t extracts = 0;  // Published ones that were compared, by an ExtractAudit.
  bool extracts_asked = false;

  std::vector<AuditFinding> findings;  // Empty: nothing is wrong.
  // Where the log contradicts what it showed before: the checkpoint that it showed then. With the
  // one of now it proves that the log's key signed two histories, or that entries are withheld.
  std::optional<Bytes> contradicted_note;
};

// Errors are for what could not be checked at all: no checkpoint to be had, or none to be trusted,
// or the source out of reach on the way. Whatever is wrong with the log is a finding.
Result<AuditReport> audit(const FetchResource& fetch, const TrustPolicy& policy,
                          const AuditOptions& options);

// The same, going on where the ledger stands, after proof that the log extends it. If nothing is
// found the ledger stands at the report's checkpoint afterwards; else it is of no more use.
Result<AuditReport> audit(const FetchResource& fetch, const TrustPolicy& policy,
                          const AuditOptions& options, AuditLedger& ledger);

}  // namespace cpl
