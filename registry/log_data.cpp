#include "registry/log_data.hpp"

namespace cpl {
namespace {

namespace fs = std::filesystem;

std::string what_to_do(const fs::path& folder) {
  return "keep a copy of " + folder.string() + ", see what is lost by `cpl fsck " +
         folder.string() + "`, and restore: `cpl restore BACKUP " + folder.string() +
         " --checkpoint NEWEST --from MIRROR`, into an empty folder";
}

// What is left of a database, and why it is to stay as it is.
class DamagedStore final : public Store {
 public:
  DamagedStore(std::unique_ptr<Store> left, std::string damage)
      : left_(std::move(left)), damage_(std::move(damage)) {}

  std::shared_ptr<const StoreView> snapshot() const override { return left_->snapshot(); }
  Result<void> commit(const WriteBatch&, Durability) override {
    return Error{Errc::unavailable, "store-damaged", damage_};
  }
  bool is_writable() const override { return false; }
  std::string damage() const override { return damage_; }

 private:
  const std::unique_ptr<Store> left_;
  const std::string damage_;
};

class Opening {
 public:
  Opening(const fs::path& folder, const Clock& clock, const NoteSigner& log_key,
          const std::string& origin, const NoteSigner* old_log_key)
      : folder_(folder),
        clock_(clock),
        log_key_(log_key),
        origin_(origin),
        old_log_key_(old_log_key) {}

  Result<LogData> run() {
    data_.signed_size = TRY(open_signed_size_file(folder_ / "signed-size", origin_));
    const RocksOptions options{.path = folder_ / "store"};
    ExaminedStore found = RocksStore::examine(options, Depth::presence);
    if (found.faults.empty() && found.store) {
      const auto opened = open_log(std::move(found.store));
      if (opened && data_.log->read_only_reason().empty()) return open_to_write(options);
      // Something does not fit, though every file is there: it may be what is in them.
      found = RocksStore::examine(options, Depth::contents);
      if (found.faults.empty()) return opened ? Result<LogData>(std::move(data_)) : opened.error();
    }
    if (found.faults.empty()) return open_to_write(options);
    const std::string damage = damage_of(folder_, found.faults);
    close();
    if (found.store) open_damaged(options, std::move(found.store), damage);
    if (data_.log == nullptr) return corrupt(damage);
    return std::move(data_);
  }

 private:
  Result<LogData> open_to_write(const RocksOptions& options) {
    close();
    TRY_VOID(open_log(TRY(RocksStore::open(options))));
    return std::move(data_);
  }

  void close() {
    data_.log.reset();
    data_.store.reset();
  }

  Result<void> open_log(std::unique_ptr<Store> store) {
    data_.log.reset();
    data_.store = std::move(store);
    data_.log =
        TRY(Log::open(*data_.store, *data_.signed_size, clock_, log_key_, origin_, old_log_key_));
    return {};
  }

  // As it was last, if the log can tell from that where it ends; else as it was before.
  void open_damaged(const RocksOptions& options, std::unique_ptr<Store> left,
                    const std::string& damage) {
    if (open_log(std::make_unique<DamagedStore>(std::move(left), damage))) return;
    auto older = RocksStore::open_older(options);
    if (!older) return;
    if (open_log(std::make_unique<DamagedStore>(*std::move(older), damage))) return;
  }

  const fs::path& folder_;
  const Clock& clock_;
  const NoteSigner& log_key_;
  const std::string& origin_;
  const NoteSigner* const old_log_key_;
  LogData data_;
};

}  // namespace

std::string damage_of(const fs::path& folder, const std::vector<StoreFault>& faults) {
  std::string text;
  for (const StoreFault& fault : faults) text += fault.detail + "; ";
  return text + what_to_do(folder);
}

Result<LogData> open_log_data(const fs::path& folder, const Clock& clock, const NoteSigner& log_key,
                              const std::string& origin, const NoteSigner* old_log_key) {
  return Opening(folder, clock, log_key, origin, old_log_key).run();
}

}  // namespace cpl
