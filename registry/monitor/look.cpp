#include "registry/monitor/look.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/extract/audit.hpp"

namespace cpl {
namespace {

Result<AuditReport> audit_sources(const MonitorSources& sources, const TrustPolicy& policy,
                                  const AuditOptions& options, AuditLedger& ledger) {
  return sources.has_extracts ? audit_with_extracts(sources.log, policy, options, ledger)
                              : audit(sources.log, policy, options, ledger);
}

class WitnessLook {
 public:
  WitnessLook(const MonitorSources& sources, const TrustPolicy& policy, const Checkpoint& seen)
      : sources_(sources), policy_(policy), seen_(seen) {}

  WitnessSight look(const WitnessSource& witness, const MonitorPatience& patience) const {
    WitnessSight sight{witness.name, {}, {}, {}, false};
    if (const auto looked = look_at(witness, patience, sight); !looked) {
      sight.unreachable = looked.error();
    }
    return sight;
  }

 private:
  Result<void> look_at(const WitnessSource& witness, const MonitorPatience& patience,
                       WitnessSight& sight) const {
    const auto waiting = patience.ahead.find(witness.name);
    if (waiting != patience.ahead.end()) {
      const HeldCheckpoint before = TRY(compare(witness, waiting->second.note));
      sight.caught_up = before.relation == ViewRelation::same;
      if (before.relation == ViewRelation::other) {
        sight.held = before;
        sight.note = waiting->second.note;
        return {};
      }
    }
    sight.note = TRY(witness.fetch(witnessed_path(seen_.origin)));
    sight.held = TRY(compare(witness, sight.note));
    return {};
  }

  Result<HeldCheckpoint> compare(const WitnessSource& witness, const Bytes& note) const {
    return compare_held(sources_.log, policy_, seen_, note, witness.key);
  }

  const MonitorSources& sources_;
  const TrustPolicy& policy_;
  const Checkpoint& seen_;
};

}  // namespace

std::string witnessed_path(std::string_view origin) {
  return to_hex(sha256(origin)) + "/checkpoint";
}

MonitorSight look(const MonitorSources& sources, const TrustPolicy& policy,
                  const AuditOptions& options, AuditLedger& ledger,
                  const MonitorPatience& patience) {
  MonitorSight sight;
  sight.now = options.now;
  auto report = audit_sources(sources, policy, options, ledger);
  if (!report) {
    sight.no_audit = report.error();
    // Their scopes are there still.
    for (const WitnessSource& witness : sources.witnesses) {
      sight.witnesses.push_back({witness.name, {}, {}, {}, false});
    }
    return sight;
  }
  sight.report = *std::move(report);
  const Checkpoint seen{sight.report.origin, sight.report.size, sight.report.root, {}};
  const WitnessLook witnesses(sources, policy, seen);
  for (const WitnessSource& witness : sources.witnesses) {
    sight.witnesses.push_back(witnesses.look(witness, patience));
  }
  return sight;
}

}  // namespace cpl
