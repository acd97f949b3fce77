#include "registry/upkeep/damaged_store.hpp"

#include "registry/store/kinds.hpp"

namespace cpl {
namespace {

// Whether a value that was salvaged cannot pass for another that is newer.
bool is_never_stale(BytesView key) {
  const auto* facts = keyspace::facts_of(key);
  return facts != nullptr && facts->value != keyspace::Value::changes;
}

class DamagedView final : public StoreView {
 public:
  DamagedView(const Store* left, const Store* salvaged)
      : left_(left != nullptr ? left->snapshot() : nullptr),
        salvaged_(salvaged != nullptr ? salvaged->snapshot() : nullptr) {}

  Result<std::optional<Bytes>> get(BytesView key) const override {
    auto found = left_ ? left_->get(key) : Result<std::optional<Bytes>>(nothing_left());
    if (found || !salvaged_ || !is_never_stale(key)) return found;
    auto other = salvaged_->get(key);
    return other && *other ? std::move(other) : std::move(found);
  }

  Result<std::vector<KeyValue>> scan(BytesView from, BytesView to,
                                     std::size_t count_max) const override {
    auto found =
        left_ ? left_->scan(from, to, count_max) : Result<std::vector<KeyValue>>(nothing_left());
    // Their numbers show whether one of them is missing.
    const auto* facts = keyspace::facts_of(from);
    const bool is_of_entries = facts != nullptr && facts->kind == keyspace::Kind::entry;
    if (found || !salvaged_ || !is_of_entries) return found;
    auto others = salvaged_->scan(from, to, count_max);
    return others ? std::move(others) : std::move(found);
  }

 private:
  static Error nothing_left() { return corrupt("the database is damaged: it cannot be opened"); }

  const std::shared_ptr<const StoreView> left_;  // May be null, as the next.
  const std::shared_ptr<const StoreView> salvaged_;
};

class DamagedStore final : public Store {
 public:
  DamagedStore(std::unique_ptr<Store> left, std::unique_ptr<Store> salvaged, std::string damage)
      : left_(std::move(left)), salvaged_(std::move(salvaged)), damage_(std::move(damage)) {}

  std::shared_ptr<const StoreView> snapshot() const override {
    return std::make_shared<const DamagedView>(left_.get(), salvaged_.get());
  }
  Result<void> commit(const WriteBatch&, Durability) override {
    return Error{Errc::unavailable, "store-damaged", damage_};
  }
  bool is_writable() const override { return false; }
  std::string damage() const override { return damage_; }

 private:
  const std::unique_ptr<Store> left_;  // May be null, as the next.
  const std::unique_ptr<Store> salvaged_;
  const std::string damage_;
};

}  // namespace

std::unique_ptr<Store> make_damaged_store(std::unique_ptr<Store> left,
                                          std::unique_ptr<Store> salvaged, std::string damage) {
  return std::make_unique<DamagedStore>(std::move(left), std::move(salvaged), std::move(damage));
}

}  // namespace cpl
