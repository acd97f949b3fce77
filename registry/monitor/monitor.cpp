#include "registry/monitor/monitor.hpp"

#include "crypto/encoding.hpp"
#include "crypto/plain_text.hpp"
#include "registry/base/clock.hpp"
#include "registry/base/london.hpp"

namespace cpl {
namespace {

constexpr std::size_t sentence_octets_max = 2'000;
const std::string log_scope = "log";
const std::string audit_scope = "audit";
const std::string age_scope = "age";
const std::string deadline_scope = "deadlines";

std::string entry_name(EntryIndex entry) { return std::to_string(entry.value); }

// Codes and sentences of others go into JSON, a terminal and a file: printable, bounded, not empty.
std::string sanitized(std::string_view text) {
  if (!is_utf8(text)) return "what cannot be read";
  const std::string seen = shown(utf8_prefix(text, sentence_octets_max));
  return seen.empty() ? "unknown" : std::string(utf8_prefix(seen, sentence_octets_max));
}

class Judge {
 public:
  Judge(const MonitorSight& sight, const AuditLedger& ledger, const MonitorLimits& limits,
        MonitorPatience& patience)
      : sight_(sight), ledger_(ledger), limits_(limits), patience_(patience) {}

  MonitorJudgement judge() {
    judgement_.scopes = {log_scope, audit_scope, age_scope, deadline_scope};
    for (const WitnessSight& witness : sight_.witnesses) {
      judgement_.scopes.insert(scope_of(witness));
    }
    judge_log();
    if (!sight_.no_audit) {
      judge_age();
      judge_audit();
      for (const WitnessSight& witness : sight_.witnesses) judge_witness(witness);
    }
    return std::move(judgement_);
  }

 private:
  static std::string scope_of(const WitnessSight& witness) {
    return sanitized("witness " + witness.name);
  }

  void alarm(const std::string& scope, const std::string& subject, std::string code,
             const std::string& detail, std::optional<EntryIndex> entry = {},
             std::vector<Bytes> checkpoints = {}) {
    code = sanitized(code);
    std::string key = code + (subject.empty() ? "" : " " + sanitized(subject));
    // What somebody sent who holds no key proves nothing.
    std::erase_if(checkpoints, [](const Bytes& note) {
      return note.size() > held_note_size_max || !is_printable_utf8(note, "\n");
    });
    judgement_.alarms.push_back(
        {std::move(key), scope, std::move(code), sanitized(detail), entry, std::move(checkpoints)});
  }

  std::uint64_t seconds_since(UnixMillis time) const {
    return sight_.now > time ? (sight_.now.value - time.value) / 1000 : 0;
  }

  // One failed round is weather. The scope is judged again when an answer comes.
  void judge_silence(const std::string& scope, const std::string& who, const Error& error) {
    const std::uint64_t failures = ++patience_.failures[scope];
    if (failures < limits_.failures_max) return;
    alarm(
        scope, scope == log_scope ? "" : who, scope == log_scope ? "log-silent" : "witness-silent",
        who + " has not answered " + std::to_string(failures) + " times in a row: " + error.detail);
    judgement_.judged.insert(scope);
  }

  void judge_log() {
    if (sight_.no_audit && is_silence(*sight_.no_audit)) {
      judge_silence(log_scope, "the log", *sight_.no_audit);
      return;
    }
    patience_.failures.erase(log_scope);
    judgement_.judged.insert(log_scope);
    if (!sight_.no_audit) return;
    alarm(log_scope, "", sight_.no_audit->code,
          "the log's checkpoint is not to be trusted: " + sight_.no_audit->detail);
  }

  void judge_audit() {
    judgement_.judged.insert(audit_scope);
    for (const AuditFinding& finding : sight_.report.findings) {
      std::vector<Bytes> checkpoints;
      if (sight_.report.contradicted_note) {
        checkpoints = {*sight_.report.contradicted_note, sight_.report.checkpoint_note};
      }
      alarm(audit_scope, finding.entry ? entry_name(*finding.entry) : "", finding.code,
            finding.detail, finding.entry, std::move(checkpoints));
    }
    // The ledger stands at the log's size only if nothing was found.
    if (!sight_.report.findings.empty()) return;
    judgement_.judged.insert(deadline_scope);
    for (const auto& [entry, notice] : ledger_.list.notices()) judge_notice(notice);
    judge_extracts();
    judge_loading();
    judge_promises();
  }

  void judge_age() {
    judgement_.judged.insert(age_scope);
    if (!sight_.report.witness_time) return;
    const std::uint64_t age = seconds_since(*sight_.report.witness_time);
    if (age <= limits_.checkpoint_age_max) return;
    alarm(age_scope, "", "checkpoint-stale",
          "the witnesses' quorum cosigned the newest checkpoint " +
              span_text(std::chrono::seconds(age)) +
              " ago: the log stands still, or newer entries are withheld",
          {}, {sight_.report.checkpoint_note});
  }

  void judge_notice(const NoticeRecord& notice) {
    const auto found = ledger_.notice_times.find(notice.entry);
    const NoticeTimes times = found == ledger_.notice_times.end() ? NoticeTimes{} : found->second;
    const auto time_of = [&](NoticeState state) {
      return times[static_cast<std::size_t>(state)].value_or(notice.issued);
    };
    switch (notice.state) {
      case NoticeState::issued:
        return judge_wait(notice, "received", notice.issued, limits_.received_max);
      case NoticeState::received:
        return judge_wait(notice, "validated", time_of(NoticeState::received),
                          limits_.validated_max);
      case NoticeState::validated:
        return judge_wait(notice, "applied",
                          std::max(time_of(NoticeState::validated), notice.effective_from()),
                          limits_.applied_max);
      case NoticeState::rejected:
      case NoticeState::applied:
      case NoticeState::withdrawn:
        return;
    }
  }

  void judge_wait(const NoticeRecord& notice, const std::string& missing, UnixMillis since,
                  std::uint64_t seconds_max) {
    const std::uint64_t waited = seconds_since(since);
    if (waited <= seconds_max) return;
    alarm(deadline_scope, entry_name(notice.entry), "notice-not-" + missing,
          "the Service Desk has not said \"" + missing + "\" to the notice in entry " +
              entry_name(notice.entry) + " (" + counted(notice.notice.models.size(), "model") +
              "): it has had " + span_text(std::chrono::seconds(waited)) + ", and may take " +
              span_text(std::chrono::seconds(seconds_max)),
          notice.entry);
  }

  void judge_extracts() {
    if (!limits_.extract_age_max || !ledger_.extracts.uncovered_since) return;
    const std::uint64_t age = seconds_since(*ledger_.extracts.uncovered_since);
    if (age <= *limits_.extract_age_max) return;
    alarm(deadline_scope, "", "extract-late",
          "the list has changed since " + format_time(*ledger_.extracts.uncovered_since) +
              ", and no extract shows it");
  }

  // The oldest published version that the DCC's systems do not have, nor a newer one.
  void judge_loading() {
    const auto loaded = work_of<LoadedRecord>(ledger_.list, loaded_key());
    const std::uint64_t newest = loaded && *loaded ? (*loaded)->version : 0;
    const auto& published = ledger_.extracts.compared;
    if (published.size() <= newest) return;
    const std::uint64_t waited = seconds_since(published[newest].signed_at);
    if (waited <= limits_.loaded_max) return;
    const std::string version = std::to_string(newest + 1);
    alarm(deadline_scope, version, "list-not-loaded",
          "the Service Desk has not said that version " + version +
              " of the list is loaded: it has had " + span_text(std::chrono::seconds(waited)) +
              ", and may take " + span_text(std::chrono::seconds(limits_.loaded_max)));
  }

  // Sealed texts that were to be open by a day that is over.
  void judge_promises() {
    const Date today = london_day(sight_.now);
    for (const auto& [entry, record] : ledger_.list.rest().seals()) {
      for (const auto& [field, seal] : record.seals) {
        if (!seal.opens || seal.disclosed_by || today <= *seal.opens) continue;
        alarm(deadline_scope, entry_name(entry) + " " + field, "seal-not-opened",
              "the sealed text \"" + field + "\" of entry " + entry_name(entry) +
                  " was to be opened by " + seal.opens->text(),
              entry);
      }
    }
  }

  void judge_witness(const WitnessSight& witness) {
    const std::string scope = scope_of(witness);
    if (const auto& error = witness.unreachable) {
      if (is_silence(*error) || error->errc == Errc::not_found) {
        return judge_silence(scope, witness.name, *error);
      }
      judgement_.judged.insert(scope);
      return alarm(scope, witness.name, error->code,
                   "what " + witness.name + " holds cannot be compared: " + error->detail);
    }
    patience_.failures.erase(scope);
    judgement_.judged.insert(scope);
    if (witness.held.relation != ViewRelation::ahead) patience_.ahead.erase(witness.name);
    switch (witness.held.relation) {
      case ViewRelation::same:
        return;
      case ViewRelation::other:
        return alarm(scope, witness.name, "split-view",
                     witness.name + " holds a checkpoint of size " +
                         std::to_string(witness.held.size.value) +
                         " that the log signed and that is of another history than the one shown "
                         "here: the log has signed two. Keep both checkpoints, and tell the Panel",
                     {}, {witness.note, sight_.report.checkpoint_note});
      case ViewRelation::ahead:
        return judge_ahead(scope, witness);
      case ViewRelation::unknown:
        return alarm(
            scope, witness.name, "witness-checkpoint-invalid",
            "what " + witness.name + " shows is no checkpoint of this log: " + witness.held.detail,
            {}, {witness.note});
    }
  }

  // A witness cosigns before the log publishes, so for a while it may know more.
  void judge_ahead(const std::string& scope, const WitnessSight& witness) {
    if (witness.caught_up) patience_.ahead.erase(witness.name);
    const auto [ahead, is_new] =
        patience_.ahead.try_emplace(witness.name, MonitorPatience::Ahead{sight_.now, witness.note});
    if (is_new || seconds_since(ahead->second.since) <= limits_.ahead_max) return;
    alarm(scope, witness.name, "entries-withheld",
          witness.name + " has cosigned a log of size " + std::to_string(witness.held.size.value) +
              ", and the log shows " + std::to_string(sight_.report.size.value) + " since " +
              format_time(ahead->second.since) +
              ": it was rolled back, or newer entries are withheld from you",
          {}, {witness.note, sight_.report.checkpoint_note});
  }

  const MonitorSight& sight_;
  const AuditLedger& ledger_;
  const MonitorLimits& limits_;
  MonitorPatience& patience_;
  MonitorJudgement judgement_;
};

}  // namespace

bool is_silence(const Error& error) {
  return error.errc == Errc::unavailable || error.errc == Errc::overloaded ||
         error.errc == Errc::indeterminate;
}

MonitorJudgement judge_sight(const MonitorSight& sight, const AuditLedger& ledger,
                             const MonitorLimits& limits, MonitorPatience& patience) {
  return Judge(sight, ledger, limits, patience).judge();
}

}  // namespace cpl
