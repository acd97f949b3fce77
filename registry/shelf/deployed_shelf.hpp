// The DCC's counts of devices, each in a file beside the log: kept only where a deployment in the
// log commits to them, whoever brings them.
#pragma once

#include <filesystem>
#include <memory>

#include "crypto/mutex.hpp"
#include "registry/log/log_view.hpp"
#include "registry/statement/deployed.hpp"

namespace cpl {

class DeployedShelf {
 public:
  struct Kept {
    EntryIndex entry;
    Date day;
    DeployedCounts counts;
  };

  // Makes the folder if it is not there.
  static Result<std::unique_ptr<DeployedShelf>> open(const std::filesystem::path& folder);

  // Keeps the counts of the deployment in that entry; where they are kept, whatever comes is not
  // read again. Errors: `deployment-not-found`, and `counts-mismatch` where it commits to others.
  Result<void> put(const LogView& log, EntryIndex entry, BytesView csv);
  // Of the newest deployment; null where there is none, or its counts were not brought.
  Result<std::shared_ptr<const Kept>> newest(const LogView& log) const;
  Result<Bytes> file(const LogView& log, EntryIndex entry) const;

 private:
  explicit DeployedShelf(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path file_of(EntryIndex entry) const;

  const std::filesystem::path folder_;
  mutable Mutex mutex_;
  mutable std::shared_ptr<const Kept> newest_ GUARDED_BY(mutex_);
};

}  // namespace cpl
