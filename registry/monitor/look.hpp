// One round of the monitor's looking: the log audited on from the ledger, and what each witness
// holds compared with it.
#pragma once

#include "registry/monitor/monitor.hpp"

namespace cpl {

struct WitnessSource {
  std::string name;
  FetchResource fetch;              // Below the witness's prefix.
  std::optional<NoteVerifier> key;  // Where the policy tells it.
};

struct MonitorSources {
  FetchResource log;
  bool has_extracts = false;  // A service publishes some; a copy of the log holds none.
  std::vector<WitnessSource> witnesses;
};

// If the sight has no audit or a finding, the ledger is of no more use.
MonitorSight look(const MonitorSources& sources, const TrustPolicy& policy,
                  const AuditOptions& options, AuditLedger& ledger,
                  const MonitorPatience& patience);

// Where a witness shows the newest checkpoint of a log that it cosigned.
std::string witnessed_path(std::string_view origin);

}  // namespace cpl
