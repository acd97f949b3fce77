// The log: applies signed statements in order, writes entries, tiles, state and list in one durable
// commit, then signs and publishes the checkpoint. Single-threaded, except `view`.
#pragma once

#include <atomic>

#include "crypto/mutex.hpp"
#include "registry/base/clock.hpp"
#include "registry/log/log_head.hpp"
#include "registry/log/log_view.hpp"
#include "registry/log/signed_size.hpp"
#include "registry/log/state_tree.hpp"
#include "registry/rules/rules.hpp"

namespace cpl {

// A statement that is in the log, durable and under a published checkpoint.
struct Accepted {
  EntryIndex index;
  bool repeated = false;  // The same text was there before; nothing new was written.
  std::shared_ptr<const LogView> view;
};

class Log {
 public:
  // Recovers and verifies: the tree's edge is rebuilt from tiles and compared with the stored head,
  // and the head with the signed-size record. A store that is behind the record was rolled back,
  // and one that is damaged or contradicts itself must not be built upon: the log then opens for
  // reading only (see `read_only_reason`). An error is that it cannot tell where it ends.
  // `old_log_key` signs beside the log's key. The references outlive the log.
  static Result<std::unique_ptr<Log>> open(Store& store, SignedSizeRecord& signed_size,
                                           const Clock& clock, const NoteSigner& log_key,
                                           std::string origin,
                                           const NoteSigner* old_log_key = nullptr);
  // Where the store cannot tell where the log ends, for this reason: for reading only, up to the
  // size on record.
  static Result<std::unique_ptr<Log>> open_at_record(Store& store, SignedSizeRecord& signed_size,
                                                     const Clock& clock, const NoteSigner& log_key,
                                                     std::string origin, std::string reason);

  // One batch: one commit, one signature. Each statement gets its own answer; a refused one leaves
  // no trace. After a failed commit the answers are `indeterminate` and the log takes nothing more
  // until it has recovered, or is opened again.
  std::vector<Result<Accepted>> append(std::vector<SignedStatement> statements);

  // Whether a commit failed, which is all that stands against the next one. Any thread.
  bool awaits_recovery() const { return awaits_recovery_; }
  // Then, by the writer: reads what is durable, as if the log were opened, and takes statements
  // again. An error is that it cannot do so yet; reads go on meanwhile.
  Result<void> recover();

  std::shared_ptr<const LogView> view() const;  // Any thread. Never null.
  // The view as it was at an older size under `note`, its checkpoint. The list in it is today's:
  // whoever reads it has to pass over what is newer than the size.
  Result<std::shared_ptr<const LogView>> view_at(SignedCheckpoint head) const;

  // Empty while the log is not halted; else why it is. Any thread.
  std::string read_only_reason() const;
  bool is_halted() const { return is_halted_; }  // The same, for what is asked with every request.
  // The error that a statement is answered with: that the log is halted, or that the clock is
  // wrong.
  std::optional<Error> refusal() const;
  std::optional<Error> trouble() const;      // The same, with the reason alone.
  std::optional<Error> clock_fault() const;  // The clock's part of it.

  UnixMillis last_time() const { return last_time_; }  // Of the last entry. Any thread.
  // An operator has said that the clock is right though the last entry, which has this time, is
  // ahead of it. Entries get that time until it has come (I5), unless it is so far ahead that
  // every statement would be too old. Before the first statement.
  void accept_last_time(UnixMillis time) { accepted_time_ = time; }
  // Entry 0 must be the charter with this id. Set it before the first statement.
  void pin_charter(const Hash& id) { pinned_charter_ = id; }
  // From now on no statement is accepted, for this reason and under this code; the first stays, but
  // for a failed commit. Reads go on. Any thread.
  void halt(std::string code, std::string reason);
  // Called with the reason when that happens, on the thread on which it does. Set it before the
  // first statement.
  void on_halt(std::function<void(const std::string& reason)> tell) {
    tell_halt_ = std::move(tell);
  }
  // Called by recover() when it has. Set it before the first statement, too.
  void on_recovery(std::function<void()> tell) { tell_recovery_ = std::move(tell); }

 private:
  class Batch;

  Log(Store& store, SignedSizeRecord& signed_size, const Clock& clock, const NoteSigner& log_key,
      std::string origin, const NoteSigner* old_log_key);
  Result<void> start_at(const LogHead& head);
  Result<void> rebuild(const LogHead& head);
  Result<void> check_signed_size();
  Result<void> record_signed_size(const std::optional<SignedSize>& recorded);
  Result<void> read_again();
  enum class Until : std::uint8_t { opened_again, recovered };
  void halt(std::string code, std::string reason, Until until);
  void await_recovery(const Error& failed);
  Result<std::string> contradiction(const std::optional<SignedSize>& recorded) const;
  void publish_unsigned(const LogHead& head);
  Result<Hash> root_at(TreeSize size) const;
  Result<Bytes> read_partial_tile(const StoreView& view, unsigned level, std::uint64_t index,
                                  unsigned width);
  bool goes_on_at(UnixMillis last, std::chrono::milliseconds ahead) const;
  Result<void> commit(Batch& batch);
  void publish();
  void stop(std::string reason) { halt("read-only", std::move(reason)); }

  Store& store_;  // Constant after construction, as the next six.
  SignedSizeRecord& signed_size_;
  const Clock& clock_;
  const NoteSigner& log_key_;
  const std::string origin_;
  const NoteSigner* const old_log_key_;       // May be null.
  const std::vector<NoteVerifier> log_keys_;  // Of both.
  std::function<void(const std::string&)> tell_halt_;
  std::optional<Hash> pinned_charter_;
  UnixMillis accepted_time_;
  std::function<void()> tell_recovery_;

  MerkleFrontier frontier_;           // Owned by the writer, as the next three.
  std::vector<Bytes> partial_tiles_;  // By level: the hashes of the tile at the right edge.
  StateTreeWriter state_tree_;
  std::shared_ptr<const CharterRecord> charter_;
  std::atomic<UnixMillis> last_time_{};  // Read by any thread.

  mutable Mutex mutex_;
  std::shared_ptr<const LogView> view_ GUARDED_BY(mutex_);
  // Once set, it stays, but for a failed commit's.
  std::string read_only_reason_ GUARDED_BY(mutex_);
  std::string read_only_code_ GUARDED_BY(mutex_);
  std::atomic<bool> is_halted_{false};
  std::atomic<bool> awaits_recovery_{false};
};

}  // namespace cpl
