// That a statement became an entry: what the registry answers, held against the statement and the
// log's own proof. Of an answer that does not fit nothing is believed.
#pragma once

#include <nlohmann/json.hpp>

#include "registry/tlog/tlog_proof.hpp"
#include "registry/tlog/trust_policy.hpp"
#include "tools/shared/http_client.hpp"

namespace cpl {

struct AcceptedEntry {
  EntryIndex index;
  bool repeated = false;           // It was in the log before.
  std::optional<TreeSize> proven;  // In the log of a trusted key with this size; absent where no
                                   // policy names one.
  Json answer;
};

// Posts a signed note. Who gives no policy is told no more than that the answer fits.
Result<AcceptedEntry> submit_note(const HttpClient& client, BytesView note,
                                  const std::optional<TrustPolicy>& policy);

// "proven in the log at size 1506", or what was not checked, and why.
std::string proof_text(const std::optional<TreeSize>& proven);

// An entry that the registry says it made of the statement with that id.
struct ClaimedEntry {
  EntryIndex index;
  Hash id;
};
// Of one statement of a batch: its id and index fit. The proof of all of them comes afterwards.
Result<ClaimedEntry> claimed_entry(const Json& item, BytesView note);
// That each of them is what it is said to be, in the log under the checkpoint that is published
// now, or within some seconds; its size.
Result<TreeSize> prove_entries(const HttpClient& client, const TrustPolicy& policy,
                               std::vector<ClaimedEntry> claimed);

}  // namespace cpl
