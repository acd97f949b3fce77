#include "registry/audit_pipeline.hpp"

#include "crypto/merkle.hpp"

namespace cpl {

AuditPipeline::AuditPipeline(const FetchResource& fetch, TreeSize size, unsigned threads)
    : fetch_(fetch),
      size_(size),
      parts_(1 + (size.value + tile_width - 1) / tile_width),
      ahead_max_(4ULL * std::max(threads, 1U)) {
  threads = std::max(threads, 1U);
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

AuditPipeline::~AuditPipeline() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void AuditPipeline::set_charter(std::shared_ptr<const CharterRecord> charter) {
  const std::lock_guard lock(mutex_);
  charter_ = std::move(charter);
}

void AuditPipeline::work() {
  while (true) {
    std::uint64_t part = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] {
        return stopping_ || taken_ == parts_ ||
               (taken_ < returned_ + ahead_max_ && (taken_ == 0 || charter_ != nullptr));
      });
      if (stopping_ || taken_ == parts_) return;
      part = taken_++;
    }
    auto opened = open(part);
    {
      const std::lock_guard lock(mutex_);
      ready_.emplace(part, std::move(opened));
    }
    changed_.notify_all();
  }
}

Result<OpenedBundle> AuditPipeline::open(std::uint64_t part) {
  std::shared_ptr<const CharterRecord> charter;
  {
    const std::lock_guard lock(mutex_);
    charter = charter_;
  }
  const std::uint64_t bundle = part == 0 ? 0 : part - 1;
  const unsigned width = tile_width_at(0, bundle, size_);
  const Bytes octets = TRY(fetch_(tile_path({0, bundle, width, true})));
  const std::vector<Bytes> leaves = TRY(split_bundle(octets, width));
  const std::size_t end = part == 0 ? 1 : leaves.size();
  OpenedBundle opened;
  for (std::size_t i = part == 1 ? 1 : 0; i < end; ++i) {
    const Bytes& leaf = leaves[i];
    auto entry = parse_entry(leaf);
    if (!entry) {
      opened.fault = entry.error();
      break;
    }
    auto statement = open_statement(entry->statement, charter);
    opened.entries.push_back({merkle_leaf(leaf), *std::move(entry), std::move(statement)});
  }
  return opened;
}

Result<OpenedBundle> AuditPipeline::next() {
  changed_.notify_all();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return ready_.contains(returned_); });
  auto opened = std::move(ready_.at(returned_));
  ready_.erase(returned_++);
  lock.unlock();
  changed_.notify_all();
  return opened;
}

}  // namespace cpl
