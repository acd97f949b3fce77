// Fetches entry bundles and checks their signatures on several threads, ahead of the one thread
// that replays them in order.
#pragma once

#include <thread>

#include "crypto/mutex.hpp"
#include "registry/audit/audit.hpp"
#include "registry/rules/signers.hpp"
#include "registry/tlog/entry.hpp"
#include "registry/tlog/tiles.hpp"

namespace cpl {

// One entry as far as it can be judged without knowing what came before it.
struct OpenedEntry {
  Hash leaf_hash;
  Entry entry;
  Result<SignedStatement> statement;  // Opened against a charter that was in force shortly before.

  // Its statement, opened against the charter that is in force where the entry comes. Once.
  Result<SignedStatement> in_force(const std::shared_ptr<const CharterRecord>& charter);
};

struct OpenedBundle {
  std::vector<OpenedEntry> entries;
  std::optional<Error> fault;  // Why what follows these entries cannot be read.
};

class AuditPipeline {
 public:
  // Where a replay goes on: behind so many entries, with the charter then in force.
  struct Start {
    TreeSize size;
    std::shared_ptr<const CharterRecord> charter;
  };

  AuditPipeline(const FetchResource& fetch, TreeSize size, unsigned threads,
                const Start& start = {});
  ~AuditPipeline();
  AuditPipeline(const AuditPipeline&) = delete;
  AuditPipeline& operator=(const AuditPipeline&) = delete;

  // The next entries, in order; waits for them. Entry 0 comes alone, since it is the charter that
  // the others are opened against; then come the bundles, the first from where the replay goes on.
  Result<OpenedBundle> next();
  // The charter that is in force at the point the replay has reached.
  void set_charter(std::shared_ptr<const CharterRecord> charter);

 private:
  void work();
  Result<OpenedBundle> open(std::uint64_t part);

  const FetchResource& fetch_;
  const TreeSize size_;
  const TreeSize start_;
  const std::uint64_t parts_;
  const std::uint64_t ahead_max_;

  Mutex mutex_;
  Condition changed_;
  std::shared_ptr<const CharterRecord> charter_ GUARDED_BY(mutex_);
  std::map<std::uint64_t, Result<OpenedBundle>> ready_ GUARDED_BY(mutex_);
  std::uint64_t taken_
      GUARDED_BY(mutex_);  // Parts that a worker has begun, or that lie before the start.
  std::uint64_t returned_
      GUARDED_BY(mutex_);  // Parts that `next` gave out, or that lie before the start.
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace cpl
