#include "registry/store/rocks_store.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <atomic>

#include "crypto/mutex.hpp"
#include "registry/base/descriptors.hpp"
#include "registry/store/rocks_database.hpp"
#include "registry/store/rocks_files.hpp"

namespace cpl {
namespace {

rocksdb::Slice slice(BytesView bytes) { return {bytes.data(), bytes.size()}; }

Error store_error(const rocksdb::Status& status) {
  if (status.IsCorruption()) return corrupt("the database is damaged: " + status.ToString());
  return Error{Errc::unavailable, "store-unavailable",
               "the database does not answer: " + status.ToString()};
}

// Neighbours one after another, which the memtable takes much faster. Of one key the last put wins,
// as in the batch.
std::vector<const KeyValue*> in_order_of_key(const std::vector<KeyValue>& puts) {
  std::vector<const KeyValue*> order;
  order.reserve(puts.size());
  for (const KeyValue& put : puts) order.push_back(&put);
  std::stable_sort(order.begin(), order.end(),
                   [](const KeyValue* a, const KeyValue* b) { return a->key < b->key; });
  return order;
}

class RocksView final : public StoreView {
 public:
  explicit RocksView(std::shared_ptr<rocksdb::DB> db)
      : db_(std::move(db)), snapshot_(db_->GetSnapshot()) {
    options_.snapshot = snapshot_;
  }
  ~RocksView() override { db_->ReleaseSnapshot(snapshot_); }
  RocksView(const RocksView&) = delete;
  RocksView& operator=(const RocksView&) = delete;

  Result<std::optional<Bytes>> get(BytesView key) const override {
    Bytes value;
    const auto status = db_->Get(options_, slice(key), &value);
    if (status.IsNotFound()) return std::optional<Bytes>();
    if (!status.ok()) return store_error(status);
    return std::optional<Bytes>(std::move(value));
  }

  Result<std::vector<KeyValue>> scan(BytesView from, BytesView to,
                                     std::size_t count_max) const override {
    const rocksdb::Slice upper = slice(to);
    rocksdb::ReadOptions options = options_;
    options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(options));
    std::vector<KeyValue> found;
    for (at->Seek(slice(from)); at->Valid() && found.size() < count_max; at->Next()) {
      found.push_back({at->key().ToString(), at->value().ToString()});
    }
    if (!at->status().ok()) return store_error(at->status());
    return found;
  }

 private:
  std::shared_ptr<rocksdb::DB> db_;
  const rocksdb::Snapshot* snapshot_;
  rocksdb::ReadOptions options_;
};

class RocksStoreImpl final : public Store {
 public:
  RocksStoreImpl(std::shared_ptr<rocksdb::DB> db, Access access)
      : db_(std::move(db)), access_(access) {}

  std::shared_ptr<const StoreView> snapshot() const override {
    return std::make_shared<const RocksView>(db_);
  }
  rocksdb::DB& database() const { return *db_; }

  bool is_writable() const override { return access_ == Access::writing; }

  Result<void> commit(const WriteBatch& batch, Durability durability) override {
    if (!is_writable()) {
      return Error{Errc::unavailable, "store-read-only", "the database is open for reading only"};
    }
    if (has_failed_) TRY_VOID(mend());
    rocksdb::WriteBatch writes;
    for (const KeyValue* put : in_order_of_key(batch.puts)) {
      check(writes.Put(slice(put->key), slice(put->value)).ok());
    }
    for (const Bytes& key : batch.deletes) check(writes.Delete(slice(key)).ok());
    rocksdb::WriteOptions options;
    options.sync = durability == Durability::synced;
    const auto status = db_->Write(options, &writes);
    if (status.ok()) return {};
    has_failed_ = true;
    return Error{Errc::indeterminate, "write-indeterminate",
                 "the write may or may not be durable: " + status.ToString()};
  }

  Result<void> mend() override {
    const Lock lock(mending_);
    if (!has_failed_) return {};
    auto status = begin_log();
    // Where nothing was in memory RocksDB began no new log, and meets the broken one once more.
    if (!status.ok()) status = begin_log();
    if (!status.ok()) return store_error(status);
    has_failed_ = false;
    return {};
  }

 private:
  // Half a record at the end of the write-ahead log must never have another one behind it. All that
  // is in memory goes into tables, and what comes next into a new log, which RocksDB begins only
  // where there is something to put into a table: so the name of no value is deleted.
  rocksdb::Status begin_log() {
    auto status = db_->Resume();
    rocksdb::WriteOptions unlogged;
    unlogged.disableWAL = true;
    if (status.ok()) status = db_->Delete(unlogged, slice(name_of_no_value));
    if (status.ok()) status = db_->Flush(rocksdb::FlushOptions());
    return status;
  }

  static constexpr BytesView name_of_no_value = "~";

  const std::shared_ptr<rocksdb::DB> db_;
  const Access access_;
  std::atomic<bool> has_failed_ = false;  // A commit, since the last mending.
  Mutex mending_;
};

}  // namespace

rocksdb::Options rocks_options(const RocksOptions& options) {
  rocksdb::Options rocks;
  rocks.create_if_missing = options.if_missing == IfMissing::create;
  rocks.paranoid_checks = true;
  // Not the default: point-in-time recovery would drop good writes behind a damaged one silently.
  rocks.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  rocks.compression = rocksdb::kNoCompression;  // Hashes do not compress, and they are the bulk.
  rocks.write_buffer_size = 16U << 20U;
  // Keys start with a letter for their kind; with the batch sorted, each is put near the last one.
  rocks.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));
  rocks.max_write_buffer_number = 3;
  // Most of what the writer looks for is not there yet, such as the id of a new statement: say so
  // without a search.
  rocks.memtable_whole_key_filtering = true;
  rocks.memtable_prefix_bloom_size_ratio = 0.02;
  // Files reach the disk as they are written, not at their end: a sync of the write-ahead log,
  // which somebody waits for, would wait for all of it.
  rocks.bytes_per_sync = 1U << 20U;
  rocks.keep_log_file_num = 4;
  rocks.max_log_file_size = 4U << 20U;
  rocks.max_open_files = static_cast<int>(share_descriptors().tables);
  rocks.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  if (options.env != nullptr) rocks.env = options.env;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(options.cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  // Indexes and filters in parts that the cache bounds: whole, they would grow with the list.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.cache_index_and_filter_blocks = true;
  table.metadata_cache_options.top_level_index_pinning = rocksdb::PinningTier::kAll;
  rocks.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return rocks;
}

std::unique_ptr<Store> make_rocks_store(std::shared_ptr<rocksdb::DB> db, Access access) {
  return std::make_unique<RocksStoreImpl>(std::move(db), access);
}

rocksdb::DB& database_of(const Store& store) {
  const auto* rocks = dynamic_cast<const RocksStoreImpl*>(&store);
  check(rocks != nullptr);
  return rocks->database();
}

Result<std::unique_ptr<Store>> RocksStore::open(const RocksOptions& options) {
  rocksdb::Options rocks = rocks_options(options);
  const std::shared_ptr<rocksdb::Env> env = make_patient_env(options.env);
  rocks.env = env.get();
  rocks.listeners.push_back(make_patience());
  std::error_code met_again;  // By the database.
  if (rocks.create_if_missing) std::filesystem::create_directories(options.path, met_again);
  rocks.info_log = make_diary(options.path / "LOG");
  rocks.max_bgerror_resume_count = 0;  // mend() does that, when it is asked to.
  // Tidying up has time; whoever waits for an answer has not.
  rocks.env->LowerThreadPoolCPUPriority(rocksdb::Env::LOW);
  rocksdb::DB* db = nullptr;
  const auto status = rocksdb::DB::Open(rocks, options.path.string(), &db);
  if (!status.ok()) {
    return within("opening the database " + options.path.string(), store_error(status));
  }
  const auto close = [env](rocksdb::DB* open) { std::default_delete<rocksdb::DB>()(open); };
  return make_rocks_store(std::shared_ptr<rocksdb::DB>(db, close), Access::writing);
}

Result<std::unique_ptr<Store>> RocksStore::open_read_only(const RocksOptions& options) {
  rocksdb::DB* db = nullptr;
  const auto status =
      rocksdb::DB::OpenForReadOnly(rocks_options(options), options.path.string(), &db);
  if (!status.ok()) {
    return within("opening the database " + options.path.string(), store_error(status));
  }
  return make_rocks_store(std::shared_ptr<rocksdb::DB>(db), Access::reading);
}

Result<void> RocksStore::save_copy(const Store& store, const std::filesystem::path& into) {
  rocksdb::Checkpoint* made = nullptr;
  auto status = rocksdb::Checkpoint::Create(&database_of(store), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(into.string());
  if (!status.ok()) return within("copying the database to " + into.string(), store_error(status));
  return {};
}

}  // namespace cpl
