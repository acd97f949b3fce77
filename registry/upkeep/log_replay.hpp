// Enters the entries of a log once more, through the code that first made them, into another store
// of the same log. What comes out is octet for octet what the log has, or the first entry that is
// not is named: so a check compares a store with its own replay, and a restored backup takes what
// it lacks from a mirror.
#pragma once

#include "registry/audit/audit.hpp"
#include "registry/log/log.hpp"

namespace cpl {

struct ReplayOptions {
  unsigned threads = 1;
  OnProgress on_progress{};
};

// Brings `into`, which may hold a beginning of the log already, to `size` entries. `fetch` brings
// the log's entry bundles. Nothing is signed. Errors: `entry-differs` for an entry that the rules
// make something else of; those of `fetch`, and of the rules.
Result<void> replay_log(const FetchResource& fetch, const std::string& origin, TreeSize size,
                        Store& into, const ReplayOptions& options);

}  // namespace cpl
