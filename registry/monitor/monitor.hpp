// The monitor: what an eye that never closes must be alarmed by, judged from what it saw in one
// round. A pure function; registry/monitor/look.hpp does the looking, and
// registry/monitor/notebook.hpp remembers what was told.
#pragma once

#include "registry/audit/audit.hpp"
#include "registry/tlog/split_view.hpp"

namespace cpl {

// Seconds. The Code's own limits (one Working Day to tell, 24 hours to apply) are not certain, so
// they are values here; a Working Day counts as a day.
struct MonitorLimits {
  std::uint64_t checkpoint_age_max = 86'400;  // Since the quorum of witnesses cosigned.
  std::uint64_t received_max = 86'400;        // From the notice to the desk's `received`,
  std::uint64_t validated_max = 86'400;       // from there to `validated` or `rejected`,
  std::uint64_t applied_max = 86'400;         // and from there, or from the effect, to `applied`.
  std::uint64_t ahead_max = 300;              // How long a witness may know what the log hides.
  std::uint64_t loaded_max = 86'400;  // From the signing of an extract to the desk's `loaded`.
  std::optional<std::uint64_t> extract_age_max;  // Since the first change that none covers.
  std::uint64_t failures_max = 3;                // Rounds in a row without an answer.
};

struct WitnessSight {
  std::string name;
  std::optional<Error> unreachable;
  HeldCheckpoint held;
  Bytes note;              // That it holds.
  bool caught_up = false;  // The log has come to show what the witness was ahead with before.
};

// What was seen in one round.
struct MonitorSight {
  UnixMillis now;
  // Why the log was not audited: it gave no answer, or one that is not to be trusted.
  std::optional<Error> no_audit;
  AuditReport report;  // Else.
  std::vector<WitnessSight> witnesses;
};

// A matter for alarm. The key names it, however its sentence changes.
struct Alarm {
  std::string key;
  std::string scope;  // Who speaks of it; it clears when that scope is judged and is silent.
  std::string code;
  std::string detail;
  std::optional<EntryIndex> entry;
  std::vector<Bytes> checkpoints;  // Signed notes that prove it.
};

// What lasts from round to round and is not an alarm yet.
struct MonitorPatience {
  std::map<std::string, std::uint64_t> failures;  // In a row, by scope.
  struct Ahead {
    UnixMillis since;
    Bytes note;  // The first that it held.
  };
  std::map<std::string, Ahead> ahead;  // By witness.
};

struct MonitorJudgement {
  std::vector<Alarm> alarms;
  std::set<std::string> judged;  // Scopes: an alarm of theirs that is not here is over.
  std::set<std::string> scopes;  // All that there are: an alarm of another is over, too.
};

// Whether the error means that no answer came, rather than a wrong one.
bool is_silence(const Error& error);

// `ledger` is the audit's as it stands after the sight.
MonitorJudgement judge_sight(const MonitorSight& sight, const AuditLedger& ledger,
                             const MonitorLimits& limits, MonitorPatience& patience);

}  // namespace cpl
