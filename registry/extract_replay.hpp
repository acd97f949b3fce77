// Extracts from a replay of the log by somebody who trusts nobody: the clerk who makes one, the
// second person who makes it again, the auditor who compares all that were published.
#pragma once

#include "registry/audit.hpp"
#include "registry/extract_proof.hpp"
#include "registry/extract_signature.hpp"

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
  static void change_record(const Entry& entry, DeviceModel& model);

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

// Compares each extract that a registry publishes with the replay, while the audit runs.
class ExtractAudit {
 public:
  // Reads which there are; a registry that has none says so, or nothing.
  static Result<ExtractAudit> open(const FetchResource& fetch, UnixMillis now);

  void on_entry(const Entry& entry, const Change& change);
  // What was found; to be asked when the audit is done, which gives the origin.
  std::vector<AuditFinding> take_findings(const std::string& origin);
  std::uint64_t checked() const { return checked_; }

 private:
  struct Listed {
    std::uint64_t version = 0;
    TreeSize log_size;
  };

  ExtractAudit(const FetchResource& fetch, UnixMillis now) : fetch_(fetch), now_(now) {}
  Result<void> list();
  Result<void> check(const Listed& listed);
  Result<void> check_form(const Extract& expected, ExtractForm form);
  void found(const Listed& listed, const Error& error);

  FetchResource fetch_;
  UnixMillis now_;
  std::vector<Listed> waiting_;  // By version; the next is the first.
  std::size_t next_ = 0;
  std::optional<Hash> previous_;
  std::string origin_;  // As the extracts say.
  ExtractReplay replay_;
  std::vector<AuditFinding> findings_;
  std::uint64_t checked_ = 0;
};

}  // namespace cpl
