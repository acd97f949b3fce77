#include "registry/upkeep/log_replay.hpp"

#include <atomic>

#include "crypto/merkle.hpp"
#include "registry/audit/pipeline.hpp"

namespace cpl {
namespace {

// The time is that of the entry in hand.
class EntryClock final : public Clock {
 public:
  UnixMillis now() const override { return UnixMillis{millis_.load()}; }
  void set(UnixMillis time) { millis_ = time.value; }

 private:
  std::atomic<std::uint64_t> millis_{0};
};

// A replay publishes nothing, so there is nothing to put on record.
class NoSignedSize final : public SignedSizeRecord {
 public:
  Result<std::optional<SignedSize>> read() const override { return std::optional(size_); }
  Result<void> advance(const SignedSize& to) override {
    size_ = to;
    return {};
  }

 private:
  SignedSize size_{TreeSize{0}, merkle_empty_root()};
};

// What is made up anew can be made up again: it need not be on disk at once.
class BufferedStore final : public Store {
 public:
  explicit BufferedStore(Store& store) : store_(store) {}
  std::shared_ptr<const StoreView> snapshot() const override { return store_.snapshot(); }
  Result<void> commit(const WriteBatch& batch, Durability) override {
    return store_.commit(batch, Durability::buffered);
  }

 private:
  Store& store_;
};

Error differs(EntryIndex index) {
  return corrupt("entry " + std::to_string(index.value) +
                 " is not what the rules make of its statement: its index, time, state root or "
                 "text was altered");
}

class LogReplay {
 public:
  static Result<std::unique_ptr<LogReplay>> create(Store& into, const std::string& origin) {
    const NoteSigner key =
        TRY(NoteSigner::create(origin, PrivateKey::generate(KeyAlgorithm::ed25519)));
    std::unique_ptr<LogReplay> replay(new LogReplay(into, key));
    replay->log_ =
        TRY(Log::open(replay->store_, replay->signed_size_, replay->clock_, replay->key_, origin));
    return replay;
  }

  TreeSize size() const { return log_->view()->size(); }
  std::shared_ptr<const CharterRecord> charter() const { return log_->view()->charter(); }

  // The entries of one time at once, as the log took them: a batch of them is one commit.
  Result<void> enter(std::vector<OpenedEntry>& entries) {
    std::vector<OpenedEntry*> batch;
    for (OpenedEntry& opened : entries) {
      if (opened.entry.index < EntryIndex{size().value}) continue;  // It is there already.
      const bool apart = !opened.statement || is_charter(*opened.statement) ||
                         (!batch.empty() && opened.entry.time != batch.front()->entry.time);
      if (apart) TRY_VOID(enter_batch(batch));
      batch.push_back(&opened);
      // What comes after a charter is judged by it.
      if (opened.statement && is_charter(*opened.statement)) TRY_VOID(enter_batch(batch));
    }
    return enter_batch(batch);
  }

 private:
  LogReplay(Store& into, NoteSigner key) : store_(into), key_(std::move(key)) {}

  static bool is_charter(const SignedStatement& statement) {
    return std::holds_alternative<Charter>(statement.statement.body);
  }

  Result<SignedStatement> in_force(OpenedEntry& opened) const {
    auto statement = opened.in_force(charter());
    if (!statement) return within(name_of(opened), statement.error());
    return statement;
  }

  static std::string name_of(const OpenedEntry& opened) {
    return "entry " + std::to_string(opened.entry.index.value);
  }

  Result<void> enter_batch(std::vector<OpenedEntry*>& batch) {
    if (batch.empty()) return {};
    clock_.set(batch.front()->entry.time);
    std::vector<SignedStatement> statements;
    statements.reserve(batch.size());
    for (OpenedEntry* opened : batch) statements.push_back(TRY(in_force(*opened)));
    const std::uint64_t before = size().value;
    const auto answers = log_->append(std::move(statements));
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const EntryIndex index{before + i};
      if (!answers[i]) return within(name_of(*batch[i]), answers[i].error());
      if (answers[i]->index != index || batch[i]->entry.index != index ||
          merkle_leaf(TRY(log_->view()->leaf(index))) != batch[i]->leaf_hash) {
        return differs(batch[i]->entry.index);
      }
    }
    batch.clear();
    return {};
  }

  BufferedStore store_;
  const NoteSigner key_;
  NoSignedSize signed_size_;
  EntryClock clock_;
  std::unique_ptr<Log> log_;
};

}  // namespace

Result<void> replay_log(const FetchResource& fetch, const std::string& origin, TreeSize size,
                        Store& into, const ReplayOptions& options) {
  const auto replay = TRY(LogReplay::create(into, origin));
  AuditPipeline pipeline(fetch, size, options.threads);
  std::uint64_t done = 0;
  while (done < size.value) {
    pipeline.set_charter(replay->charter());
    OpenedBundle bundle = TRY(pipeline.next());
    done += bundle.entries.size();
    TRY_VOID(replay->enter(bundle.entries));
    if (bundle.fault) return within("entry " + std::to_string(done), *bundle.fault);
    tell_progress(options.on_progress, done, size.value);
  }
  if (replay->size() < size) return differs(EntryIndex{replay->size().value});
  return {};
}

}  // namespace cpl
