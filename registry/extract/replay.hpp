// Extracts from a replay of the log by somebody who trusts nobody: the clerk who makes one, the
// second person who makes it again, the auditor who compares what was published.
#pragma once

#include "registry/audit/audit.hpp"
#include "registry/extract/proof.hpp"
#include "registry/extract/signature.hpp"

namespace cpl {

// Whether a file is this form of the extract: JSON and CSV to the octet; XLSX, which another
// version of the library may have written, by what it holds.
Result<void> check_extract_file(BytesView content, const Extract& expected, ExtractForm form);

// Keeps the whole records that an audit passes by.
class ExtractReplay {
 public:
  void apply(const Entry& entry, const Change& change);  // As AuditOptions::on_entry.

  TreeSize size() const { return header_.log_size; }
  const std::shared_ptr<const CharterRecord>& charter() const { return charter_; }
  Extract extract(const std::string& origin, std::uint64_t version,
                  std::optional<Hash> previous) const;
  // Under the checkpoint of the log, which may have grown since.
  Result<ExtractProof> prove(const FetchResource& fetch, const Checkpoint& checkpoint,
                             const Bytes& checkpoint_note) const;

 private:
  ExtractHeader header_;  // Of it size, root and time.
  std::map<ModelId, ModelRecord> models_;
  std::shared_ptr<const CharterRecord> charter_;
  std::vector<std::pair<EntryIndex, Bytes>> charter_leaves_;
  Bytes last_leaf_;
};

struct ReplayedExtract {
  Extract extract;
  ExtractProof proof;
  std::shared_ptr<const CharterRecord> charter;  // In force.
};

// Which extract to make: the version's number and the hash of the one before; at the newest size
// unless one is given.
struct ExtractWish {
  std::uint64_t version = 1;
  std::optional<Hash> previous;
  std::optional<TreeSize> size;
};

// Audits the log and makes the extract. Anything that is wrong with the log is an error.
Result<ReplayedExtract> replay_extract(const FetchResource& fetch, const TrustPolicy& policy,
                                       const AuditOptions& options, const ExtractWish& wish);

}  // namespace cpl
