#include "registry/audit/audit.hpp"
#include "registry/audit/first_charter.hpp"

#include "crypto/encoding.hpp"
#include "registry/audit/pipeline.hpp"
#include "registry/base/clock.hpp"
#include "registry/list/state_record.hpp"
#include "registry/rules/rules.hpp"
#include "registry/tlog/split_view.hpp"

namespace cpl {
namespace {

// Two clocks that are right may differ a little.
constexpr std::uint64_t clocks_apart_max_millis = 5 * 60'000;

// Not the log's word, but none at all.
bool is_outage(const Error& error) {
  return error.errc == Errc::unavailable || error.errc == Errc::overloaded ||
         error.errc == Errc::indeterminate;
}

// Where nobody says what time it is, nothing is.
bool is_future(UnixMillis time, UnixMillis now) {
  return now.value > 0 && time.value > now.value + clocks_apart_max_millis;
}

// The replay, one entry after another. The first thing that is wrong ends it: what follows would
// only repeat it.
class Replay {
 public:
  Replay(const FetchResource& fetch, const AuditOptions& options, AuditReport& report,
         AuditLedger& ledger)
      : fetch_(fetch),
        options_(options),
        report_(report),
        ledger_(ledger),
        pipeline_(fetch, report.size, options.threads,
                  {ledger.frontier.size(), ledger.list.charter()}) {}

  // An error is an outage; all else is a finding.
  Result<void> run() {
    const auto replayed = replay();
    if (replayed) return {};
    if (is_outage(replayed.error())) return replayed.error();
    const Error& wrong = replayed.error();
    report_.findings.push_back(
        {.entry = at_, .code = wrong.code, .detail = wrong.detail, .rule = wrong.rule});
    return {};
  }

  void expect_earlier(Checkpoint earlier) { earlier_ = std::move(earlier); }

 private:
  TreeSize size() const { return ledger_.frontier.size(); }

  Result<void> replay() {
    while (size() < report_.size) {
      at_ = EntryIndex{size().value};
      OpenedBundle bundle = TRY(pipeline_.next());
      for (OpenedEntry& opened : bundle.entries) {
        at_ = EntryIndex{size().value};
        TRY_VOID(add(std::move(opened)));
      }
      if (bundle.fault) {
        at_ = EntryIndex{size().value};
        return *bundle.fault;
      }
      tell_progress(options_.on_progress, size().value, report_.size.value);
    }
    at_.reset();
    TRY_VOID(finish_tiles());
    if (report_.size.value > 0 && ledger_.frontier.root() != report_.root) {
      return Error{Errc::unauthorized, "root-mismatch",
                   "the entries do not hash to the checkpoint's root"};
    }
    return {};
  }

  Result<void> add(OpenedEntry opened) {
    const Entry& entry = opened.entry;
    AuditTotals& totals = ledger_.totals;
    if (entry.index != *at_) return refuse("index-mismatch", "the entry carries another index");
    if (totals.last_time && entry.time < *totals.last_time) {
      return refuse("time-went-back", "the entry is older than the one before it");
    }
    const SignedStatement statement = TRY(opened.in_force(ledger_.list.charter()));
    if (!ledger_.statements.insert(seen_id(statement.id)).second) {
      return refuse("statement-repeated", "the same statement is in the log twice");
    }
    count_signatures(statement);
    TRY_VOID(apply_entry(entry, statement));
    ledger_.frontier.append(opened.leaf_hash);
    TRY_VOID(ledger_.tiles.append(opened.leaf_hash, [this](const TileId& id, BytesView octets) {
      ++ledger_.totals.full_tiles;
      return compare(id, octets);
    }));
    check_earlier();
    check_has_come(entry);
    if (!totals.first_time) totals.first_time = entry.time;
    totals.last_time = entry.time;
    ++totals.entries_by_type[std::string(statement.statement.type())];
    if (!ledger_.extracts.uncovered_since) ledger_.extracts.uncovered_since = entry.time;
    return {};
  }

  // The clock that made it was ahead. That is told once: those after it are no earlier.
  void check_has_come(const Entry& entry) {
    if (told_future_ || !is_future(entry.time, options_.now)) return;
    told_future_ = true;
    report_.findings.push_back(
        {entry.index, "entry-from-future",
         "its time, " + format_time(entry.time) + ", is " +
             span_text(std::chrono::seconds((entry.time.value - options_.now.value) / 1000)) +
             " in the future: the log's clock was ahead when it was made"});
  }

  // A key has one role; one that only the new charter names is of its Panel.
  void count_signatures(const SignedStatement& statement) {
    const auto charter = ledger_.list.charter();
    for (const NoteVerifier& signer : statement.signers) {
      Role role = Role::panel;
      if (charter != nullptr) {
        for (const auto& [of, keys] : charter->charter.roles) {
          if (std::find(keys.keys.begin(), keys.keys.end(), signer) != keys.keys.end()) role = of;
        }
      }
      ++ledger_.totals.signatures_by_role[to_string(role)];
    }
  }

  Result<void> apply_entry(const Entry& entry, const SignedStatement& statement) {
    Change change = TRY(apply(ledger_.list, statement,
                              {report_.origin, entry.index, entry.time, report_.log_keys}));
    for (const ModelRecord& record : change.models) {
      const ModelId id = record.model.id();
      if (change.state_changed == id) {
        ledger_.tree.set(state_key(id), state_value(state_record(record)));
      }
    }
    if (ledger_.tree.root() != entry.state_root) {
      return Error{Errc::unauthorized, "state-root-mismatch",
                   "the entry's state root is not that of the list after it"};
    }
    ++ledger_.totals.state_roots;
    note_times(entry, change);
    if (options_.on_entry) options_.on_entry(entry, change);
    const bool new_charter = change.charter != nullptr;
    ledger_.list.put(std::move(change));
    if (new_charter) pipeline_.set_charter(ledger_.list.charter());
    return {};
  }

  void note_times(const Entry& entry, const Change& change) {
    for (const NoticeRecord& notice : change.notices) {
      auto& time = ledger_.notice_times[notice.entry][static_cast<std::size_t>(notice.state)];
      if (!time) time = entry.time;
    }
    for (const ModelRecord& record : change.models) {
      if (record.model.manufacturer_name.empty()) continue;  // Only the identity is told.
      ledger_.makers[record.model.manufacturer_id] = record.model.manufacturer_name;
    }
  }

  Result<void> compare(const TileId& id, BytesView octets) const {
    const std::string path = tile_path(id);
    if (TRY(fetch_(path)) == octets) return {};
    return Error{Errc::unauthorized, "tile-mismatch",
                 path + " does not hold the hashes of the entries below it"};
  }

  // Those that are not full yet.
  Result<void> finish_tiles() {
    for (unsigned level = 0; level < ledger_.tiles.levels(); ++level) {
      if (ledger_.tiles.octets(level).empty()) continue;
      TRY_VOID(compare(ledger_.tiles.id(level), ledger_.tiles.octets(level)));
      ++report_.tiles;
    }
    return {};
  }

  void check_earlier() {
    if (!earlier_ || size() != earlier_->size) return;
    if (ledger_.frontier.root() != earlier_->root) {
      report_.findings.push_back({at_, "history-rewritten",
                                  "the log does not extend the earlier checkpoint of size " +
                                      std::to_string(earlier_->size.value)});
    }
  }

  const FetchResource& fetch_;
  const AuditOptions& options_;
  AuditReport& report_;
  AuditLedger& ledger_;
  std::optional<EntryIndex> at_;
  std::optional<Checkpoint> earlier_;
  bool told_future_ = false;
  AuditPipeline pipeline_;  // Last: its threads end before what they use goes.
};

Result<AuditReport> report_on_checkpoint(const FetchResource& fetch, const TrustPolicy& policy,
                                         const AuditOptions& options) {
  AuditReport report;
  report.checkpoint_note = TRY(fetch("checkpoint"));
  const TrustedCheckpoint trusted = TRY(trust_checkpoint(report.checkpoint_note, policy));
  report.origin = trusted.checkpoint.origin;
  report.size = trusted.checkpoint.size;
  report.root = trusted.checkpoint.root;
  report.log_keys = trusted.log_keys;
  report.cosignatures = trusted.cosigned.size();
  report.witnesses_needed = policy.needs_witnesses();
  if (trusted.witness_time) {
    report.witness_time = witness_time_millis(*trusted.witness_time);
    report.stale = is_stale(*trusted.witness_time, options.witness_age_seconds_max, options.now);
  }
  return report;
}

// Whether the log extends what it showed before. What it does not is a finding.
Result<void> check_extends(const FetchResource& fetch, const Checkpoint& older, const Bytes& note,
                           AuditReport& report) {
  if (older.origin != report.origin) {
    return malformed("origin-mismatch", "what was seen before is of another log, \"" +
                                            older.origin + "\", not of \"" + report.origin + "\"");
  }
  const std::string then = "size " + std::to_string(older.size.value);
  if (older.size > report.size) {
    report.findings.push_back(
        {{},
         "log-shrank",
         "the log has " + counted(report.size.value, "entry") + ", and was seen with " +
             std::to_string(older.size.value) +
             ": it was rolled back, or an old copy of it is shown. Keep the checkpoint of " +
             then});
    report.contradicted_note = note;
    return {};
  }
  const auto extended =
      begins_with(fetch, Checkpoint{report.origin, report.size, report.root, {}}, older);
  if (!extended && is_outage(extended.error())) return extended.error();
  if (extended && *extended) return {};
  report.contradicted_note = note;
  report.findings.push_back(
      {{},
       "history-rewritten",
       (extended ? std::string("the log is a fork: it does not extend the checkpoint of ")
                 : "the log does not prove that it extends (" + extended.error().detail +
                       ") the checkpoint of ") +
           then + " and root " + to_base64(older.root) +
           " that it showed before. Keep both checkpoints: they are the proof"});
  return {};
}

// Where the Panel names the log's keys, one of those must have signed what the log shows.
void check_log_keys(AuditReport& report, const AuditLedger& ledger) {
  const auto charter = ledger.list.charter();
  if (charter == nullptr || charter->charter.log_keys.empty()) return;
  const auto& named = charter->charter.log_keys;
  const bool vouched =
      std::any_of(report.log_keys.begin(), report.log_keys.end(), [&](const NoteVerifier& key) {
        return std::find(named.begin(), named.end(), key) != named.end();
      });
  if (vouched) return;
  report.findings.push_back(
      {charter->entry, "log-key-not-vouched",
       "the checkpoint is signed by a key of the log that the policy trusts and the charter in "
       "force, entry " +
           std::to_string(charter->entry.value) +
           ", does not name: a thief's, or one that the Panel has yet to name"});
}

void count_list(AuditReport& report, const AuditLedger& ledger) {
  report.models_listed = ledger.list.listed_count();
  report.models_removed = ledger.list.removed_count();
  for (const auto& [entry, decision] : ledger.list.decisions()) {
    if (decision.standing == DecisionStanding::confirmed) ++report.decisions_confirmed;
    if (decision.standing == DecisionStanding::provisional) ++report.decisions_provisional;
    if (decision.standing == DecisionStanding::contradicted) ++report.decisions_contradicted;
  }
  for (const auto& [entry, notice] : ledger.list.notices()) {
    if (is_over(notice.state)) continue;
    const auto times = ledger.notice_times.find(entry);
    const auto since = times == ledger.notice_times.end()
                           ? std::nullopt
                           : times->second[static_cast<std::size_t>(notice.state)];
    report.open_notices.push_back({entry, notice.state, since.value_or(notice.issued),
                                   notice.notice.decision, notice.notice.models});
  }
  report.notices_open = report.open_notices.size();
}

void tell_removals(AuditReport& report, const AuditLedger& ledger) {
  for (const auto& [id, record] : ledger.list.removed()) {
    AuditedRemoval removal{record.changed_at, id, {}, record.effective_from, record.notice,
                           record.decision,   {}};
    const auto maker = ledger.makers.find(id.manufacturer_id());
    if (maker != ledger.makers.end()) removal.maker = maker->second;
    if (record.decision) {
      const auto decision = ledger.list.decisions().find(*record.decision);
      if (decision != ledger.list.decisions().end()) removal.standing = decision->second.standing;
    }
    if (removal.standing == DecisionStanding::contradicted) {
      report.findings.push_back(
          {removal.entry, "removal-contradicted",
           "the removal of " + id.text() + " stands on the decision in entry " +
               std::to_string(removal.decision->value) +
               ", and the final minutes hold another text, or none: it has no "
               "authority until the Panel decides again"});
    }
    report.removals.push_back(std::move(removal));
  }
  std::sort(report.removals.begin(), report.removals.end(),
            [](const auto& a, const auto& b) { return a.entry < b.entry; });
}

void count(AuditReport& report, const AuditLedger& ledger) {
  const AuditTotals& totals = ledger.totals;
  report.first_time = totals.first_time;
  report.last_time = totals.last_time;
  report.entries_by_type = totals.entries_by_type;
  report.signatures_by_role = totals.signatures_by_role;
  for (const auto& [type, count] : totals.entries_by_type) report.entries += count;
  for (const auto& [role, count] : totals.signatures_by_role) report.signatures += count;
  report.state_roots = totals.state_roots;
  report.tiles += totals.full_tiles;
  count_list(report, ledger);
  tell_removals(report, ledger);
}

}  // namespace

Result<AuditReport> audit(const FetchResource& fetch, const TrustPolicy& policy,
                          const AuditOptions& options, AuditLedger& ledger) {
  AuditReport report = TRY(report_on_checkpoint(fetch, policy, options));
  std::optional<Checkpoint> earlier;
  if (options.earlier_checkpoint) {
    earlier = TRY(trust_checkpoint(*options.earlier_checkpoint, policy)).checkpoint;
    // What the replay passes by, it compares itself.
    if (earlier->size > report.size || earlier->size <= ledger.frontier.size() ||
        earlier->origin != report.origin) {
      TRY_VOID(check_extends(fetch, *earlier, *options.earlier_checkpoint, report));
    }
  }
  if (options.charter) {
    auto finding = TRY(check_first_charter(fetch, report, *options.charter));
    if (finding) report.findings.push_back(*std::move(finding));
  }
  report.replayed_from = ledger.frontier.size();
  if (ledger.checkpoint) {
    TRY_VOID(check_extends(fetch, ledger.checkpoint->checkpoint, ledger.checkpoint->note, report));
    if (!report.findings.empty()) return report;
  }
  Replay replay(fetch, options, report, ledger);
  if (earlier) replay.expect_earlier(*std::move(earlier));
  TRY_VOID(replay.run());
  if (report.findings.empty()) check_log_keys(report, ledger);
  count(report, ledger);
  if (report.findings.empty()) {
    ledger.checkpoint =
        SignedCheckpoint{{report.origin, report.size, report.root, {}}, report.checkpoint_note};
  }
  return report;
}

Result<AuditReport> audit(const FetchResource& fetch, const TrustPolicy& policy,
                          const AuditOptions& options) {
  AuditLedger ledger;
  return audit(fetch, policy, options, ledger);
}

}  // namespace cpl
