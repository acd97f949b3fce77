// The check of the files that a service keeps beside its database: published extracts and openings
// of sealed texts. Reads only.
#pragma once

#include <filesystem>

#include "registry/list/list.hpp"
#include "registry/upkeep/fsck.hpp"

namespace cpl {

struct FileCheck {
  std::uint64_t files = 0;
  std::vector<FsckFinding> findings;
};

// Every version from 1 to the newest: its record, the files that it names, and that each carries
// the hash of the one before. No folder, no extracts.
FileCheck check_extract_files(const std::filesystem::path& folder);

// Each opening is as it was written and opens the seal that its entry has.
FileCheck check_opening_files(const std::filesystem::path& folder, const List& list);

}  // namespace cpl
