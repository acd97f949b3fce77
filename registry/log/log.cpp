#include "registry/log/log.hpp"

#include "crypto/encoding.hpp"
#include "registry/log/log_keys.hpp"
#include "registry/log/model_index.hpp"
#include "registry/store/keyspace.hpp"

namespace cpl {
namespace {

std::vector<NoteVerifier> verifiers_of(const NoteSigner& log_key, const NoteSigner* old_log_key) {
  std::vector<NoteVerifier> keys = {log_key.verifier()};
  if (old_log_key != nullptr) keys.push_back(old_log_key->verifier());
  return keys;
}

}  // namespace

// What a batch builds up before it is committed; dropped whole if it is not.
class Log::Batch {
 public:
  Batch(const Log& log, const LogView& view, UnixMillis now)
      : time(now),
        list(&view.list()),
        frontier(log.frontier_),
        partial_tiles(log.partial_tiles_),
        origin_(log.origin_),
        pinned_charter_(log.pinned_charter_),
        log_keys_(log.log_keys_),
        view_(view) {}

  // Adds the statement; its index, or the refusal. `state_tree` is the log's own.
  Result<std::pair<EntryIndex, bool>> add(const SignedStatement& given, StateTreeWriter& state_tree,
                                          const StoreView& store) {
    if (const auto known = TRY(find(given.id))) return std::pair(*known, true);
    const EntryIndex index{frontier.size().value};
    const Change change = TRY(judge(given, index));
    // What may still fail comes before anything is noted: a refused statement leaves no trace.
    TRY_VOID(index_.note(change, index, list, store));
    for (const ModelRecord& record : change.models) {
      if (change.state_changed == record.model.id()) {
        TRY_VOID(state_tree.set(store, record, index, writes));
      }
    }
    list.put(change);
    index_.take(change);
    put_change(change, index, writes);
    if (change.charter != nullptr) writes.put(store_keys::charter(index), "");
    const Bytes leaf = format_entry({index, time, state_tree.root(), given.note});
    writes.put(keyspace::entry(index), leaf);
    writes.put(store_keys::statement(given.id), keyspace::entry(index).substr(1));
    ids_.emplace(given.id, index);
    append_leaf(merkle_leaf(leaf));
    return std::pair(index, false);
  }

  void put_index() { index_.put(list, writes); }

  void put_partial_tiles() {
    for (unsigned level = 0; level < partial_tiles.size(); ++level) {
      if (partial_tiles[level].empty()) continue;
      const std::uint64_t index = frontier.size().value >> (tile_height * (level + 1));
      writes.put(store_keys::tile(level, index), partial_tiles[level]);
    }
  }

  UnixMillis time;
  MemoryList list;
  MerkleFrontier frontier;
  std::vector<Bytes> partial_tiles;
  WriteBatch writes;

 private:
  Result<std::optional<EntryIndex>> find(const Hash& id) const {
    const auto here = ids_.find(id);
    if (here != ids_.end()) return std::optional(here->second);
    return view_.find_statement(id);
  }

  Result<Change> judge(const SignedStatement& given, EntryIndex index) const {
    if (index.value == 0 && pinned_charter_ && given.id != *pinned_charter_) {
      return refuse("charter-mismatch",
                    "this registry is set up for the charter " + to_hex(*pinned_charter_) +
                        ", and this statement is " + to_hex(given.id),
                    2);
    }
    const EntryContext context{origin_, index, time, log_keys_};
    const auto charter = list.charter();
    if (is_opened_under(given, charter.get())) return apply(list, given, context);
    // The charter changed between the check of the signatures and now.
    return apply(list, TRY(open_statement(given.note, charter)), context);
  }

  // Adds the hash to the tile at the right edge; a tile that fills is written and adds its own
  // hash to the level above.
  void append_leaf(const Hash& leaf) {
    frontier.append(leaf);
    Hash hash = leaf;
    for (unsigned level = 0;; ++level) {
      if (level == partial_tiles.size()) partial_tiles.emplace_back();
      Bytes& tile = partial_tiles[level];
      tile.append(hash.view());
      if (tile.size() < tile_width * sizeof(Hash)) return;
      const std::uint64_t index = (frontier.size().value >> (tile_height * (level + 1))) - 1;
      writes.put(store_keys::tile(level, index), tile);
      MerkleFrontier below;
      for (std::size_t i = 0; i < tile_width; ++i) {
        below.append(*hash_from_bytes(BytesView(tile).substr(i * sizeof(Hash), sizeof(Hash))));
      }
      hash = below.root();
      tile.clear();
    }
  }

  const std::string& origin_;
  const std::optional<Hash>& pinned_charter_;
  const std::vector<NoteVerifier>& log_keys_;
  const LogView& view_;
  std::map<Hash, EntryIndex> ids_;
  ModelIndexBatch index_;
};

Log::Log(Store& store, SignedSizeRecord& signed_size, const Clock& clock, const NoteSigner& log_key,
         std::string origin, const NoteSigner* old_log_key)
    : store_(store),
      signed_size_(signed_size),
      clock_(clock),
      log_key_(log_key),
      origin_(std::move(origin)),
      old_log_key_(old_log_key),
      log_keys_(verifiers_of(log_key, old_log_key)) {}

Result<std::unique_ptr<Log>> Log::open(Store& store, SignedSizeRecord& signed_size,
                                       const Clock& clock, const NoteSigner& log_key,
                                       std::string origin, const NoteSigner* old_log_key) {
  std::unique_ptr<Log> log(
      new Log(store, signed_size, clock, log_key, std::move(origin), old_log_key));
  const LogHead head = TRY(LogHead::read(*store.snapshot()));
  if (const auto damage = store.damage(); !damage.empty()) log->halt("store-damaged", damage);
  TRY_VOID(log->start_at(head));
  return log;
}

Result<std::unique_ptr<Log>> Log::open_at_record(Store& store, SignedSizeRecord& signed_size,
                                                 const Clock& clock, const NoteSigner& log_key,
                                                 std::string origin, std::string reason) {
  std::unique_ptr<Log> log(new Log(store, signed_size, clock, log_key, std::move(origin), nullptr));
  if (const auto damage = store.damage(); !damage.empty()) log->halt("store-damaged", damage);
  log->stop(std::move(reason));
  const auto recorded = TRY(signed_size.read());
  if (!recorded) return corrupt(log->read_only_reason());
  TRY_VOID(log->start_at(LogHead::at(*recorded, store.snapshot())));
  return log;
}

Result<void> Log::start_at(const LogHead& head) {
  if (const auto rebuilt = rebuild(head); !rebuilt) {
    stop(rebuilt.error().detail);
    publish_unsigned(head);
    return {};
  }
  TRY_VOID(check_signed_size());
  publish();
  return {};
}

Result<Bytes> Log::read_partial_tile(const StoreView& view, unsigned level, std::uint64_t index,
                                     unsigned width) {
  if (width == 0) return Bytes();
  auto tile = TRY(view.get(store_keys::tile(level, index)));
  if (!tile || tile->size() != width * sizeof(Hash)) {
    return corrupt("the tile at the right edge of level " + std::to_string(level) +
                   " is missing or has the wrong size");
  }
  return *std::move(tile);
}

Result<void> Log::rebuild(const LogHead& head) {
  const auto store = store_.snapshot();
  for (unsigned level = 0; (head.size.value >> (tile_height * level)) > 0; ++level) {
    const std::uint64_t hashes = head.size.value >> (tile_height * level);
    partial_tiles_.push_back(TRY(read_partial_tile(*store, level, hashes / tile_width,
                                                   static_cast<unsigned>(hashes % tile_width))));
  }
  const SignedCheckpoint unsigned_head{{origin_, head.size, head.root, {}}, {}};
  const auto view = std::make_shared<const LogView>(unsigned_head, store, nullptr);
  const TileNodes nodes(head.size, [&](const TileId& id) { return view->tile(id); });
  frontier_ = TRY(merkle_frontier(nodes, head.size));
  if (frontier_.root() != head.root) return corrupt("the stored tiles do not give the stored root");
  if (head.size.value > 0) {
    const Entry last = TRY(view->entry(EntryIndex{head.size.value - 1}));
    if (last.state_root != head.state_root) {
      return corrupt("the last entry's state root is not the stored one");
    }
  }
  state_tree_ = TRY(StateTreeWriter::open(*store, head.state_root));
  last_time_ = head.time;
  charter_ = TRY(view->charter_before(EntryIndex{head.size.value}));
  return {};
}

// The root that this store gives for the tree of the recorded size, which it has reached.
Result<Hash> Log::root_at(TreeSize size) const {
  const auto store = store_.snapshot();
  const LogView whole({{origin_, frontier_.size(), frontier_.root(), {}}, {}}, store, nullptr);
  const TileNodes nodes(frontier_.size(), [&](const TileId& id) { return whole.tile(id); });
  return merkle_root(nodes, size);
}

// What the record says against the database; mostly nothing.
Result<std::string> Log::contradiction(const std::optional<SignedSize>& recorded) const {
  const TreeSize stored = frontier_.size();
  if (!recorded) {
    return std::string(
        stored.value == 0 ? "" : "the signed-size record is missing although the log has entries");
  }
  if (recorded->size > stored) {
    return "the database holds " + std::to_string(stored.value) +
           " entries, but a checkpoint of size " + std::to_string(recorded->size.value) +
           " was signed: it was rolled back";
  }
  if (TRY(root_at(recorded->size)) == recorded->root) return std::string();
  return "the database's root at size " + std::to_string(recorded->size.value) +
         " is not the one that was signed";
}

// What can be read is served, as the store has it.
void Log::publish_unsigned(const LogHead& head) {
  const SignedCheckpoint stored{{origin_, head.size, head.root, {}}, {}};
  auto view = std::make_shared<const LogView>(stored, store_.snapshot(), charter_);
  const Lock lock(mutex_);
  view_ = std::move(view);
}

void Log::publish() {
  const Checkpoint checkpoint{origin_, frontier_.size(), frontier_.root(), {}};
  // A log that was rolled back must not sign; its readers see its entries under no signature.
  const SignedCheckpoint head = read_only_reason().empty()
                                    ? sign_checkpoint(checkpoint, log_key_, old_log_key_)
                                    : SignedCheckpoint{checkpoint, {}};
  auto view = std::make_shared<const LogView>(head, store_.snapshot(), charter_);
  const Lock lock(mutex_);
  view_ = std::move(view);
}

std::shared_ptr<const LogView> Log::view() const {
  const Lock lock(mutex_);
  return view_;
}

Result<std::shared_ptr<const LogView>> Log::view_at(SignedCheckpoint head) const {
  const auto newest = view();
  const TreeSize size = head.checkpoint.size;
  if (size > newest->size()) {
    return corrupt("the log has " + std::to_string(newest->size().value) +
                   " entries, fewer than a checkpoint of it");
  }
  const TileNodes nodes(newest->size(), [&](const TileId& id) { return newest->tile(id); });
  if (TRY(merkle_root(nodes, size)) != head.checkpoint.root) {
    return corrupt("the log's root at size " + std::to_string(size.value) +
                   " is not that of a checkpoint of it");
  }
  auto charter = TRY(newest->charter_before(EntryIndex{size.value}));
  return std::make_shared<const LogView>(std::move(head), store_.snapshot(), std::move(charter));
}

std::string Log::read_only_reason() const {
  const Lock lock(mutex_);
  return read_only_reason_;
}

std::optional<Error> Log::refusal() const {
  auto why = trouble();
  if (why) why->detail = "the registry takes no statements at present: " + why->detail;
  return why;
}

std::optional<Error> Log::trouble() const {
  {
    const Lock lock(mutex_);
    if (!read_only_reason_.empty()) {
      return Error{Errc::unavailable, read_only_code_, read_only_reason_};
    }
  }
  return clock_fault();
}

std::optional<Error> Log::clock_fault() const {
  if (auto fault = clock_.fault()) return fault;
  const UnixMillis now = clock_.now();
  const UnixMillis last = last_time_;
  const std::chrono::milliseconds ahead(last > now ? last.value - now.value : 0);
  if (ahead <= clock_step_max || goes_on_at(last, ahead)) return std::nullopt;
  return Error{Errc::unavailable, "clock-wrong",
               "the last entry, of " + format_time(last) + ", is " +
                   span_text(std::chrono::duration_cast<std::chrono::seconds>(ahead)) +
                   " ahead of this machine's clock, which says " + format_time(now) +
                   ": the clock must be put right, or, if it is right, the service started with "
                   "--clock-is-right"};
}

bool Log::goes_on_at(UnixMillis last, std::chrono::milliseconds ahead) const {
  if (last != accepted_time_) return false;
  const auto charter = view()->charter();
  return charter != nullptr &&
         ahead < std::chrono::seconds(charter->charter.policy.statement_age_seconds_max);
}

Result<void> Log::commit(Batch& batch) {
  batch.put_index();
  batch.put_partial_tiles();
  const SignedSize signed_size{batch.frontier.size(), batch.frontier.root()};
  batch.writes.put(
      store_keys::head(),
      LogHead{signed_size.size, signed_size.root, state_tree_.root(), batch.time}.encode());
  TRY_VOID(store_.commit(batch.writes, Durability::synced));
  // Only a size that is durable may be signed, and only once it is on record as signed.
  TRY_VOID(signed_size_.advance(signed_size));
  frontier_ = std::move(batch.frontier);
  partial_tiles_ = std::move(batch.partial_tiles);
  last_time_ = batch.time;
  charter_ = batch.list.charter();
  state_tree_.committed();
  publish();
  return {};
}

std::vector<Result<Accepted>> Log::append(std::vector<SignedStatement> statements) {
  std::vector<Result<Accepted>> answers;
  const auto fail_all = [&](const Error& error) {
    return std::vector<Result<Accepted>>(statements.size(), Result<Accepted>(error));
  };
  if (const auto refused = refusal()) return fail_all(*refused);
  const auto before = view();
  const auto store = store_.snapshot();
  Batch batch(*this, *before, std::max(clock_.now(), last_time()));
  std::vector<Result<std::pair<EntryIndex, bool>>> added;
  for (const SignedStatement& statement : statements) {
    added.push_back(batch.add(statement, state_tree_, *store));
    if (!added.back() && added.back().error().errc == Errc::corrupt) {
      stop(added.back().error().detail);
      return fail_all(added.back().error());
    }
  }
  if (!batch.writes.empty()) {
    if (const auto committed = commit(batch); !committed) {
      await_recovery(committed.error());
      return fail_all(Error{Errc::indeterminate, "write-indeterminate",
                            "the statement may or may not be in the log: submit the same text "
                            "again, that never makes a second entry"});
    }
  }
  const auto after = view();
  for (const auto& one : added) {
    if (one) {
      answers.push_back(Accepted{one->first, one->second, after});
    } else {
      answers.push_back(one.error());
    }
  }
  return answers;
}

}  // namespace cpl
