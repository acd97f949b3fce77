// Fetches entry bundles and checks their signatures on several threads, ahead of the one thread
// that replays them in order.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "registry/audit.hpp"
#include "registry/entry.hpp"
#include "registry/signers.hpp"
#include "registry/tiles.hpp"

namespace cpl {

// One entry as far as it can be judged without knowing what came before it.
struct OpenedEntry {
  Hash leaf_hash;
  Entry entry;
  Result<SignedStatement> statement;  // Opened against a charter that was in force shortly before.
};

struct OpenedBundle {
  std::vector<OpenedEntry> entries;
  std::optional<Error> fault;  // Why what follows these entries cannot be read.
};

class AuditPipeline {
 public:
  AuditPipeline(const FetchResource& fetch, TreeSize size, unsigned threads);
  ~AuditPipeline();
  AuditPipeline(const AuditPipeline&) = delete;
  AuditPipeline& operator=(const AuditPipeline&) = delete;

  // The next entries, in order; waits for them. Entry 0 comes alone, since it is the charter that
  // the others are opened against; then come the bundles.
  Result<OpenedBundle> next();
  // The charter that is in force at the point the replay has reached.
  void set_charter(std::shared_ptr<const CharterRecord> charter);

 private:
  void work();
  Result<OpenedBundle> open(std::uint64_t part);

  const FetchResource& fetch_;
  const TreeSize size_;
  const std::uint64_t parts_;
  const std::uint64_t ahead_max_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<const CharterRecord> charter_;  // Guarded by mutex_, as is all below.
  std::map<std::uint64_t, Result<OpenedBundle>> ready_;
  std::uint64_t taken_ = 0;     // Parts that a worker has begun.
  std::uint64_t returned_ = 0;  // Parts that `next` gave out.
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace cpl
