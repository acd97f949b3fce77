// Openings of sealed texts that the service keeps for those who may read them before everybody may,
// or who alone ever may: "DCC first, then the Parties concerned, then all" is a list of readers
// with times, and a disclosure at its end. Files outside the database, so that no backup keeps what
// was destroyed; each readable by the service alone.
#pragma once

#include <filesystem>

#include "crypto/mutex.hpp"
#include "registry/log/log_view.hpp"
#include "registry/shelf/kept_opening.hpp"

namespace cpl {

class OpeningShelf {
 public:
  // Makes the folder, for its owner alone, if it is not there.
  static Result<std::unique_ptr<OpeningShelf>> open(const std::filesystem::path& folder);

  // Any thread, as all below. Refuses them all where one opens no seal of the log's; after a write
  // that failed some may be kept, and keeping all again is safe. An opening that is kept already
  // gets this classification and these readers.
  Result<void> keep(const LogView& log, std::vector<KeptOpening> openings);
  // Of one entry, in the order of their fields.
  std::vector<KeptOpening> of_entry(EntryIndex entry) const;
  // The files that are not as they were written: nobody can read those openings. Keeping the
  // opening again mends one, destroying it removes it.
  const std::vector<std::string>& faults() const { return faults_; }
  // All of them, without their words and salts.
  std::vector<KeptOpening> list() const;
  // Another number after each change; never 0.
  std::uint64_t revision() const;
  // Written over, then removed: what the disk keeps of the old octets is the file system's matter.
  Result<void> destroy(EntryIndex entry, const std::string& field);

 private:
  using Place = std::pair<EntryIndex, std::string>;

  explicit OpeningShelf(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path file_of(const Place& place) const;
  Result<void> read_back();
  Result<void> keep_one(KeptOpening opening);

  const std::filesystem::path folder_;
  mutable Mutex mutex_;
  std::map<Place, KeptOpening> openings_ GUARDED_BY(mutex_);
  std::uint64_t revision_ GUARDED_BY(mutex_) = 1;
  std::vector<std::string> faults_;  // As found when it was opened.
};

}  // namespace cpl
