// The newest checkpoint that this person's pages have ever seen, of each log: what is shown later
// must go on from it, or the log was rolled back, or has two histories.
#pragma once

#include <filesystem>

#include "crypto/mutex.hpp"
#include "registry/tlog/trust_policy.hpp"
#include "tools/shared/http_client.hpp"

namespace cpl {

// What the names of its files begin with.
inline constexpr std::string_view kept_checkpoint_prefix = "checkpoint-";

class KeptCheckpoint {
 public:
  // In that folder, a file for each log.
  explicit KeptCheckpoint(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // The checkpoint that the registry shows, trusted by the policy and proven to go on from the one
  // kept, which it replaces. Errors: `log-shrank`, `split-view`, and what the policy refuses.
  Result<Checkpoint> follow(const HttpClient& client, const TrustPolicy& policy);

 private:
  std::filesystem::path file_of(const std::string& origin) const;
  Result<std::optional<Checkpoint>> kept(const std::string& origin,
                                         const TrustPolicy& policy) const;

  const std::filesystem::path folder_;
  Mutex mutex_;
};

}  // namespace cpl
