// A mirror: a copy of a log's resources in a folder, octet for octet, that can be served as it is
// by any web server, audited, and taken from when a backup is restored (C2SP tlog-tiles; the
// pulling kind, which asks nothing of the log).
#pragma once

#include <filesystem>

#include "registry/audit/audit.hpp"

namespace cpl {

struct MirrorOptions {
  OnProgress on_progress{};
};

struct MirrorReport {
  Checkpoint checkpoint;        // What the folder has now.
  TreeSize before;              // What it had.
  std::uint64_t resources = 0;  // Brought this time.
};

// Brings the folder up to the log's present checkpoint. Each resource is checked against the tree
// before the checkpoint is put in place, which comes last: a folder is always a sound log. Errors:
// `history-rewritten` and `log-shrank` where the log does not extend what the folder has, and
// `tile-mismatch` and `root-mismatch` where its resources do not fit together.
Result<MirrorReport> mirror_log(const FetchResource& fetch, const TrustPolicy& policy,
                                const std::filesystem::path& folder, const MirrorOptions& options);

}  // namespace cpl
