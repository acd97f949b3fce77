// A monitor with a clock, a log and a witness that a test moves, round by round.
#pragma once

#include "registry/audit/state.hpp"
#include "registry/monitor/look.hpp"
#include "registry/monitor/notebook.hpp"
#include "tests/registry/audit/published_log.hpp"

namespace cpl {

inline const ModelId meter = make_model().id();
inline const ModelId display = make_display().id();
inline const NoteSigner& alpha() {
  static const NoteSigner key = witness_signer("alpha.example.org");
  return key;
}

// Charter, two additions, decision, notice.
struct NoticeStory : LogStory {
  NoticeStory() {
    founds();
    adds();
    adds(make_display());
    decides({meter, display});
    notifies({meter}, EntryIndex{3});
  }
};

// A monitor with its clock, its log and one witness, and what it was told.
struct Watch {
  TrustPolicy policy = log_policy();
  UnixMillis now = at("2026-07-09T12:00:10Z");
  Published log;
  Published witness;
  std::optional<Error> log_down;
  bool asks_witness = true;
  MonitorLimits limits;
  AuditLedger ledger;
  MonitorNotebook notebook;

  void show(const LogStory& story) { log = story.published(); }
  void holds(const Bytes& note) { witness = {{witnessed_path(test_origin), note}}; }

  // One round, as the program does it: "ALARM split-view w", "cleared …", or "quiet".
  std::string round() {
    MonitorSources sources;
    sources.log = [this](const std::string& path) -> Result<Bytes> {
      if (log_down) return *log_down;
      return fetch_from(log)(path);
    };
    if (asks_witness) sources.witnesses.push_back({"w", fetch_from(witness), {}});
    AuditOptions options;
    options.now = now;
    const MonitorSight sight = look(sources, policy, options, ledger, notebook.patience);
    const auto judgement = judge_sight(sight, ledger, limits, notebook.patience);
    events = notebook.update(judgement, now, {"command"});
    if (!sight.no_audit && sight.report.findings.empty()) {
      saved = format_audit_state(ledger);
    } else if (saved.empty()) {
      ledger = AuditLedger{};
    } else {
      auto restored = parse_audit_state(saved, policy);
      REQUIRE(restored.has_value());
      ledger = *std::move(restored);
    }
    const auto kept = MonitorNotebook::parse(notebook.format());
    INFO((kept ? "" : kept.error().detail));
    REQUIRE(kept.has_value());
    CHECK(kept->format() == notebook.format());
    notebook = *kept;
    std::string told;
    for (const AlarmEvent& event : events) {
      CHECK_FALSE(event.standing.alarm.detail.empty());
      told += std::string(told.empty() ? "" : ", ") + (event.cleared ? "cleared " : "ALARM ") +
              event.standing.alarm.key;
    }
    return told.empty() ? "quiet" : told;
  }
  std::string after(std::int64_t seconds) {
    now = plus_seconds(now, seconds);
    return round();
  }

  std::vector<AlarmEvent> events;  // Of the last round.
  Bytes saved;
};

}  // namespace cpl
