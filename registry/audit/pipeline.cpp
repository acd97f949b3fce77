#include "registry/audit/pipeline.hpp"

#include "crypto/merkle.hpp"

namespace cpl {

namespace {

// Part 0 is entry 0 alone, part 1 the rest of the first bundle, part 2 the second bundle.
std::uint64_t first_part(TreeSize start) {
  return start.value == 0 ? 0 : 1 + start.value / tile_width;
}
std::uint64_t parts_end(TreeSize start, TreeSize size) {
  return start == size ? first_part(start) : 1 + (size.value + tile_width - 1) / tile_width;
}

}  // namespace

Result<SignedStatement> OpenedEntry::in_force(const std::shared_ptr<const CharterRecord>& charter) {
  if (statement && is_opened_under(*statement, charter.get())) return std::move(statement);
  return open_statement(entry.statement, charter);
}

AuditPipeline::AuditPipeline(const FetchResource& fetch, TreeSize size, unsigned threads,
                             const Start& start)
    : fetch_(fetch),
      size_(size),
      start_(start.size),
      parts_(parts_end(start.size, size)),
      ahead_max_(4ULL * std::max(threads, 1U)),
      charter_(start.charter),
      taken_(first_part(start.size)),
      returned_(taken_) {
  check(start.size <= size && (start.size.value == 0 || start.charter != nullptr));
  threads = std::max(threads, 1U);
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

AuditPipeline::~AuditPipeline() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void AuditPipeline::set_charter(std::shared_ptr<const CharterRecord> charter) {
  const Lock lock(mutex_);
  charter_ = std::move(charter);
}

void AuditPipeline::work() {
  while (true) {
    std::uint64_t part = 0;
    {
      Lock lock(mutex_);
      changed_.wait(lock, [&]() REQUIRES(mutex_) {
        return stopping_ || taken_ == parts_ ||
               (taken_ < returned_ + ahead_max_ && (taken_ == 0 || charter_ != nullptr));
      });
      if (stopping_ || taken_ == parts_) return;
      part = taken_++;
    }
    auto opened = open(part);
    {
      const Lock lock(mutex_);
      ready_.emplace(part, std::move(opened));
    }
    changed_.notify_all();
  }
}

Result<OpenedBundle> AuditPipeline::open(std::uint64_t part) {
  std::shared_ptr<const CharterRecord> charter;
  {
    const Lock lock(mutex_);
    charter = charter_;
  }
  const std::uint64_t bundle = part == 0 ? 0 : part - 1;
  const unsigned width = tile_width_at(0, bundle, size_);
  const Bytes octets = TRY(fetch_(tile_path({0, bundle, width, true})));
  const std::vector<Bytes> leaves = TRY(split_bundle(octets, width));
  const std::size_t end = part == 0 ? 1 : leaves.size();
  OpenedBundle opened;
  const std::uint64_t bundle_start = bundle * tile_width;
  const std::uint64_t passed =
      start_.value > bundle_start ? start_.value - bundle_start : std::uint64_t{part == 1};
  opened.entries.reserve(end);
  for (std::size_t i = passed; i < end; ++i) {
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
  Lock lock(mutex_);
  changed_.wait(lock, [&]() REQUIRES(mutex_) { return ready_.contains(returned_); });
  auto opened = std::move(ready_.at(returned_));
  ready_.erase(returned_++);
  lock.unlock();
  changed_.notify_all();
  return opened;
}

}  // namespace cpl
