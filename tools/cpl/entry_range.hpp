// Entries of the log as the registry lists them: each in its place, and none left out.
#pragma once

#include "registry/base/time.hpp"
#include "tools/shared/http_client.hpp"

namespace cpl {

struct EntryRange {
  std::uint64_t first = 0;
  std::uint64_t end = 0;  // The first that is not in it.
};

// Of the entries from the beginning of `since` to the end of `until`, each a time or a day in the
// UK; an empty text leaves that end open.
Result<EntryRange> range_between(const HttpClient& client, const std::string& since,
                                 const std::string& until, UnixMillis now);
Result<void> for_each_entry(const HttpClient& client, const EntryRange& range,
                            const std::function<void(const Json&)>& take);

}  // namespace cpl
