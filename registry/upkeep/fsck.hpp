// The check of a store: whether its entries are those that its tree was signed over, and whether
// everything else in it is what these entries come to (invariants I1, I2, I6, I7, I10). Whatever is
// missing, altered or too much is named.
#pragma once

#include "registry/audit/audit.hpp"
#include "registry/log/signed_size.hpp"
#include "registry/store/store.hpp"

namespace cpl {

struct FsckFinding {
  std::string code;    // file-missing, entry-damaged, entry-missing, value-damaged, …
  std::string detail;  // Which one, and what is wrong with it.
};

struct FsckOptions {
  unsigned threads = 1;
  OnProgress on_progress{};
  std::size_t findings_max = 1000;  // More are counted and not told one by one.
};

struct FsckReport {
  std::string origin;
  TreeSize size;
  Hash root;
  std::uint64_t entries = 0;  // Compared with their hashes in the tree.
  std::uint64_t values = 0;   // Compared with what a replay gives.
  std::uint64_t answers = 0;  // Remembered answers, compared with their checksums.
  std::uint64_t files = 0;    // Beside the database, compared with theirs.
  std::vector<FsckFinding> findings;
  std::uint64_t untold = 0;
};

// The origin that the first entry names; empty where there is none yet.
Result<std::string> stored_origin(const StoreView& store);

// `scratch` is empty; it takes the replay. `signed_size` is what the record beside the database
// says. Errors are for what keeps it from being checked at all.
Result<FsckReport> fsck(const StoreView& store,
                        const Result<std::optional<SignedSize>>& signed_size, Store& scratch,
                        const FsckOptions& options);

Json to_json(const FsckReport& report);

}  // namespace cpl
