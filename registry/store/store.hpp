// The one ordered key-value interface underneath. Nothing above it knows which implementation it
// has. Keys are compared octet by octet.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"
#include "registry/store/kinds.hpp"

namespace cpl {

struct KeyValue {
  Bytes key;
  Bytes value;
  bool operator==(const KeyValue&) const = default;
};

struct WriteBatch {
  std::vector<KeyValue> puts;
  std::vector<Bytes> deletes;

  void put(Bytes key, Bytes value) { puts.push_back({std::move(key), std::move(value)}); }
  bool empty() const { return puts.empty() && deletes.empty(); }
};

// A fixed point in time. Any thread.
class StoreView {
 public:
  virtual ~StoreView() = default;
  virtual Result<std::optional<Bytes>> get(BytesView key) const = 0;  // nullopt: no such key.
  // Up to `count_max` pairs with from <= key < to, in order.
  virtual Result<std::vector<KeyValue>> scan(BytesView from, BytesView to,
                                             std::size_t count_max) const = 0;
};

enum class Durability : std::uint8_t {
  synced,    // On disk before commit returns.
  buffered,  // Survives the process, perhaps not the machine; for what can be done twice.
};

class Store {
 public:
  virtual ~Store() = default;
  virtual std::shared_ptr<const StoreView> snapshot() const = 0;
  // All or nothing. After an error the batch may or may not be there (Errc::indeterminate).
  virtual Result<void> commit(const WriteBatch& batch, Durability durability) = 0;
  // After a commit that failed: that others can follow. What the failed one wrote is from then on
  // there for good, or not there. An error is that what was short is so still.
  virtual Result<void> mend() { return {}; }
  // Whether it was opened to be written to; if not, every commit is refused.
  virtual bool is_writable() const { return true; }
  // What was found wrong with it when it was opened, as a sentence; mostly empty.
  virtual std::string damage() const { return {}; }
};

// All rows of a kind, in order, page by page. The view outlives it.
class RowPages {
 public:
  static constexpr std::size_t usual_page = 1000;
  RowPages(const StoreView& view, keyspace::Kind kind, std::size_t page = usual_page);
  Result<std::vector<KeyValue>> next();  // Empty after the last.

 private:
  const StoreView& view_;
  const keyspace::Kind kind_;
  const std::size_t page_;
  Bytes from_;
  bool more_ = true;
};

// All rows of the kind. Of a damaged store where they cannot be read, none: for what a service
// that takes nothing and sends nothing can do without.
Result<std::vector<KeyValue>> scan_all(const Store& store, keyspace::Kind kind);

}  // namespace cpl
