// Many signed statements, sent in batches by several connections at once, until no more get in.
#pragma once

#include "tools/cpl/accepted.hpp"

namespace cpl {

struct Submission {
  std::filesystem::path file;
  std::uintmax_t octets = 0;
  std::optional<Result<ClaimedEntry>> answer;
};

struct ManySubmitted {
  std::vector<Submission> submissions;  // Each with its answer.
  std::optional<TreeSize> proven;       // The log in which all of those taken are; see submit_note.
};

// How many batches are sent, of how many. Called by several threads.
using SubmitProgress = std::function<void(std::size_t done, std::size_t of)>;

// A successor may come before its predecessor: it is sent again as long as others get in.
Result<ManySubmitted> submit_many(const HttpClient& client,
                                  const std::vector<std::filesystem::path>& files,
                                  const std::optional<TrustPolicy>& policy,
                                  const SubmitProgress& progress);

}  // namespace cpl
