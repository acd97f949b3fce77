// An entry of a registry, read from its very octets; under a policy, proven to be in the log.
#pragma once

#include "registry/statement/statement.hpp"
#include "registry/tlog/entry.hpp"
#include "registry/tlog/trust_policy.hpp"
#include "tools/cpl/told.hpp"
#include "tools/shared/http_client.hpp"

namespace cpl {

struct ProvenRead {
  Bytes leaf;
  Entry entry;
  Statement statement;
  std::optional<TreeSize> proven;  // The log's size under the checkpoint of the proof.
  std::string why_not;             // Where it is not proven.
};

// Error: `evidence-mismatch` where another entry comes, and whatever is wrong with the proof.
Result<ProvenRead> read_entry(const HttpClient& client, EntryIndex index,
                              const std::optional<TrustPolicy>& policy);

// "proven: in the log at size 1506", or "not proven: …".
std::string proven_text(const ProvenRead& read);

// What the registry tells of the entry, where the entry itself tells it too: the same, or it is
// `evidence-mismatch`.
Result<void> check_entry_told(const Json& told, const ProvenRead& read);

}  // namespace cpl
