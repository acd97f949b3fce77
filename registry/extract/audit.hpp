// The extracts that a registry publishes, compared with a replay of its log.
#pragma once

#include "registry/extract/replay.hpp"

namespace cpl {

// Compares each, while an audit from the first entry runs.
class ExtractAudit {
 public:
  // Reads which there are; a registry that has none says so, or nothing.
  static Result<ExtractAudit> open(const FetchResource& fetch, UnixMillis now);

  void on_entry(const Entry& entry, const Change& change);
  // What was found; to be asked when the audit is done, which gives the origin.
  std::vector<AuditFinding> take_findings(const std::string& origin);
  std::uint64_t published() const { return waiting_.size(); }
  ExtractChain chain() const { return {compared_, uncovered_since_}; }
  // Whether those that were compared before still stand; what does not is a finding.
  Result<std::optional<AuditFinding>> compare_again(const ExtractChain& chain) const;

 private:
  struct Listed {
    std::uint64_t version = 0;
    TreeSize log_size;
  };

  ExtractAudit(const FetchResource& fetch, UnixMillis now) : fetch_(fetch), now_(now) {}
  Result<void> list();
  Result<void> check(const Listed& listed);
  Result<UnixMillis> check_form(const Extract& expected, ExtractForm form);  // When it was signed.
  void found(const Listed& listed, const Error& error);

  FetchResource fetch_;
  UnixMillis now_;
  std::vector<Listed> waiting_;  // By version; the next is the first.
  std::size_t next_ = 0;
  std::optional<Hash> previous_;
  std::optional<UnixMillis> uncovered_since_;
  std::string origin_;  // As the extracts say.
  ExtractReplay replay_;
  std::vector<AuditFinding> findings_;
  std::vector<ComparedExtract> compared_;
};

// Audits a log and the extracts that are published beside it, going on where the ledger stands.
// Where an extract is new the replay begins again at the first entry, since the ledger does not
// keep the models' whole records; the log must still extend the ledger's checkpoint.
Result<AuditReport> audit_with_extracts(const FetchResource& fetch, const TrustPolicy& policy,
                                        const AuditOptions& options, AuditLedger& ledger);

}  // namespace cpl
