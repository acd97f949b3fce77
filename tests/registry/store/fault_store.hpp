// A Store that fails when told to, and that polices its caller: what invariants I2 and I7 call
// unchangeable (entries, statements by id, versions, histories, tree nodes, charters) must never be
// written again with another value, nor deleted.
#pragma once

#include <atomic>
#include <catch2/catch.hpp>

#include "crypto/encoding.hpp"
#include "registry/store/store.hpp"

namespace cpl::testing {

enum class StoreFault : std::uint8_t {
  fails_not_persisted,
  fails_persisted,
  crash_before,  // The process ends with nothing written.
  crash_after,   // The process ends with all written and nothing answered.
};

struct Crash {};  // Thrown in place of the end of the process.

class FaultStore final : public Store {
 public:
  explicit FaultStore(Store& inner) : inner_(inner) {}
  ~FaultStore() override {
    for (const std::string& violation : violations_) {
      INFO(violation);
      CHECK(violation.empty());
    }
  }
  FaultStore(const FaultStore&) = delete;
  FaultStore& operator=(const FaultStore&) = delete;

  // The read after the next `skipped` ones, through whatever snapshot, finds no answer.
  void fail_read_after(std::size_t skipped) { reads_->left = skipped; }
  bool read_failed() const { return reads_->failed; }

  // The commit after the next `skipped` ones goes wrong.
  void fail_after(std::size_t skipped, StoreFault fault) {
    const std::lock_guard lock(mutex_);
    faulty_ = commits_ + skipped;
    fault_ = fault;
  }
  std::size_t commits() const {
    const std::lock_guard lock(mutex_);
    return commits_;
  }

  std::shared_ptr<const StoreView> snapshot() const override {
    return std::make_shared<const View>(inner_.snapshot(), reads_);
  }

  Result<void> commit(const WriteBatch& batch, Durability durability) override {
    const std::lock_guard lock(mutex_);
    police(batch);
    if (commits_++ != faulty_) return inner_.commit(batch, durability);
    if (fault_ == StoreFault::crash_before) throw Crash{};
    if (fault_ != StoreFault::fails_not_persisted) TRY_VOID(inner_.commit(batch, durability));
    if (fault_ == StoreFault::crash_after) throw Crash{};
    return Error{Errc::indeterminate, "write-indeterminate", "a fault of the test"};
  }

 private:
  struct Reads {
    std::atomic<std::size_t> left = SIZE_MAX;
    std::atomic<bool> failed = false;

    Result<void> next() {
      if (left == SIZE_MAX || left-- > 0) return {};
      left = SIZE_MAX;
      failed = true;
      return Error{Errc::unavailable, "store-unavailable", "a fault of the test"};
    }
  };

  class View final : public StoreView {
   public:
    View(std::shared_ptr<const StoreView> inner, std::shared_ptr<Reads> reads)
        : inner_(std::move(inner)), reads_(std::move(reads)) {}
    Result<std::optional<Bytes>> get(BytesView key) const override {
      TRY_VOID(reads_->next());
      return inner_->get(key);
    }
    Result<std::vector<KeyValue>> scan(BytesView from, BytesView to,
                                       std::size_t count_max) const override {
      TRY_VOID(reads_->next());
      return inner_->scan(from, to, count_max);
    }

   private:
    std::shared_ptr<const StoreView> inner_;
    std::shared_ptr<Reads> reads_;
  };

  static bool never_changes(BytesView key) {
    constexpr std::string_view letters = "eivync";
    return letters.find(key.front()) != letters.npos;
  }

  void police(const WriteBatch& batch) {
    const auto before = inner_.snapshot();
    for (const KeyValue& put : batch.puts) {
      if (!never_changes(put.key)) continue;
      const auto old = before->get(put.key);
      if (!old) continue;
      if (*old && **old != put.value) violations_.push_back("rewritten: " + to_hex(put.key));
    }
    for (const Bytes& key : batch.deletes) {
      if (never_changes(key)) violations_.push_back("deleted: " + to_hex(key));
    }
  }

  Store& inner_;
  const std::shared_ptr<Reads> reads_ = std::make_shared<Reads>();
  mutable std::mutex mutex_;
  std::size_t commits_ = 0;  // Guarded by mutex_, as is all below.
  std::size_t faulty_ = SIZE_MAX;
  StoreFault fault_{};
  std::vector<std::string> violations_;
};

}  // namespace cpl::testing
