// The entries between two events. That they are none of the reader's is what the registry says, and
// what whoever withholds one says too: each is read, proven, and held to the reader's own filter.
#pragma once

#include "notifier/subscription/subscription.hpp"
#include "registry/tlog/trust_policy.hpp"
#include "tools/shared/http_client.hpp"

namespace cpl {

struct Between {
  std::uint64_t read = 0;
  std::uint64_t not_read = 0;          // Too many at once, or not published.
  std::optional<EntryIndex> withheld;  // The first that the filter wants, and that was not told.
};

class BetweenReader {
 public:
  // All three outlive the object but for the filter.
  BetweenReader(const HttpClient& client, const TrustPolicy& policy, EventFilter filter,
                Audience audience)
      : client_(client), policy_(policy), filter_(std::move(filter)), audience_(audience) {}

  // Those from `first` on and before `next`.
  Result<Between> read(EntryIndex first, EntryIndex next) const;

 private:
  const HttpClient& client_;
  const TrustPolicy& policy_;
  const EventFilter filter_;
  const Audience audience_;
};

// "; the 4 entries before it are none of yours", or what is wrong with them.
std::string between_text(const Between& between);

}  // namespace cpl
