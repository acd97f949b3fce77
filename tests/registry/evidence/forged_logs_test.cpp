// Forged logs by the thousand: whoever holds the log's key, and any of the others, has it take in
// what the rules refuse. Whatever file is cut from such a log, the judge calls nothing valid that
// the audit finds fault with, but for what a file can leave out (registry/FORMAT.md, "Evidence").
#include <cstdlib>

#include "tests/registry/evidence/forger.hpp"
#include "tests/registry/evidence/verdict_fixture.hpp"

namespace cpl::testing::forged_logs_test {
namespace {

std::size_t forged_logs() {
  const char* wished = std::getenv("CPL_FORGED_LOGS");
  return wished == nullptr ? 12 : std::stoul(wished);
}

// What an entry is refused for, by the full log, where the file holds that entry and not the ones
// that it goes against. FORMAT.md gives the same list.
const std::set<std::string> left_out = {"charter-replaces-mismatch",
                                        "decision-contradicted",
                                        "decision-not-found",
                                        "decision-spent",
                                        "log-key-not-vouched",
                                        "model-already-listed",
                                        "model-listed",
                                        "model-not-listed",
                                        "model-removed",
                                        "model-under-notice",
                                        "notice-rejected",
                                        "receipt-out-of-order",
                                        "seal-already-open",
                                        "statement-repeated",
                                        "time-implausible",
                                        "time-went-back",
                                        "predecessor-not-found",
                                        "removal-missing"};

// One question to a forged log, and the entries that an honest answer to it holds.
struct Asked {
  Question question;
  std::string subject;
  std::set<EntryIndex> entries;
  std::vector<ModelId> states;
};

class Cutter {
 public:
  explicit Cutter(const Forger& forger) : forger_(forger) {
    for (const Bytes& leaf : forger.log().log.leaves) {
      bodies_.push_back(parse_statement(parse_note(entry_of(leaf).statement)->text)->body);
    }
  }

  std::vector<Asked> questions() const {
    std::vector<Asked> out;
    for (const ModelId& id : forger_.models()) {
      for (const Question question : {Question::model, Question::removal}) {
        out.push_back({question, id.text(), of_model(id), {id}});
      }
    }
    for (const EntryIndex entry : forger_.notices()) {
      const auto& notice = std::get<Notice>(bodies_[entry.value]);
      Asked asked{Question::notice, std::to_string(entry.value), {entry}, notice.models};
      add_notice(entry, asked.entries);
      out.push_back(asked);
    }
    for (const EntryIndex entry : forger_.decisions()) {
      Asked asked{Question::decision, std::to_string(entry.value), {}, {}};
      add_decision(entry, asked.entries);
      out.push_back(asked);
    }
    for (Asked& asked : out) add_charters(asked.entries);
    return out;
  }
  std::set<EntryIndex> all() const {
    std::set<EntryIndex> entries;
    for (std::uint64_t i = 0; i < bodies_.size(); ++i) entries.insert(EntryIndex{i});
    return entries;
  }

 private:
  template <class Visit>
  void each(Visit visit) const {
    for (std::uint64_t i = 0; i < bodies_.size(); ++i) visit(EntryIndex{i}, bodies_[i]);
  }
  void add_charters(std::set<EntryIndex>& entries) const {
    each([&](EntryIndex index, const StatementBody& body) {
      if (std::holds_alternative<Charter>(body)) entries.insert(index);
    });
  }
  void add_decision(EntryIndex entry, std::set<EntryIndex>& entries) const {
    if (entry.value >= bodies_.size()) return;
    const auto* decision = std::get_if<Decision>(&bodies_[entry.value]);
    if (decision == nullptr) return;
    entries.insert(entry);
    each([&](EntryIndex index, const StatementBody& body) {
      const auto* minutes = std::get_if<Minutes>(&body);
      if (minutes != nullptr && minutes->is_final && decision->meeting) entries.insert(index);
    });
  }
  void add_notice(EntryIndex entry, std::set<EntryIndex>& entries) const {
    entries.insert(entry);
    add_decision(std::get<Notice>(bodies_[entry.value]).decision, entries);
    each([&](EntryIndex index, const StatementBody& body) {
      const auto* receipt = std::get_if<Receipt>(&body);
      const auto* removal = std::get_if<Removal>(&body);
      if ((receipt != nullptr && receipt->notice == entry) ||
          (removal != nullptr && removal->notice == entry)) {
        entries.insert(index);
      }
    });
  }
  std::set<EntryIndex> of_model(const ModelId& id) const {
    std::set<EntryIndex> entries;
    each([&](EntryIndex index, const StatementBody& body) {
      if (const auto* notice = std::get_if<Notice>(&body)) {
        if (notice->models.front() == id) add_notice(index, entries);
      }
      const auto* addition = std::get_if<Addition>(&body);
      const auto* removal = std::get_if<Removal>(&body);
      const auto* correction = std::get_if<Correction>(&body);
      const auto* certificate = std::get_if<CertificateChange>(&body);
      const auto* reinstatement = std::get_if<Reinstatement>(&body);
      if (reinstatement != nullptr && reinstatement->model == id) {
        entries.insert(index);
        add_decision(reinstatement->decision, entries);
      }
      if ((addition != nullptr && addition->model.id() == id) ||
          (removal != nullptr && removal->model == id) ||
          (correction != nullptr && correction->model.id() == id) ||
          (certificate != nullptr && certificate->model == id)) {
        entries.insert(index);
      }
    });
    return entries;
  }

  const Forger& forger_;
  std::vector<StatementBody> bodies_;
};

struct Count {
  std::size_t verdicts = 0;
  std::size_t valid = 0;
  std::size_t sound_logs = 0;
  std::map<std::string, std::size_t> excused;
};

// Judges the file, and holds a good verdict against what the audit found.
void hold(const Forger& forger, const Asked& asked, const std::set<EntryIndex>& entries,
          const std::optional<AuditFinding>& finding, Count& count) {
  const Evidence evidence =
      forger.log().evidence(asked.question, asked.subject,
                            std::vector<EntryIndex>(entries.begin(), entries.end()), asked.states);
  JudgeOptions options{plus_seconds(forger.log().now, 7200), 86'400};
  const Verdict verdict = judge(evidence, log_policy(), options);
  constexpr std::size_t kept_of = 50;
  if (count.verdicts % kept_of == 0) keep_judged(format_evidence(evidence));
  ++count.verdicts;
  if (verdict.outcome == Outcome::invalid) return;
  ++count.valid;
  if (!finding || !finding->entry || !entries.contains(*finding->entry)) return;
  CAPTURE(finding->entry->value, finding->code, finding->detail, verdict.sentence);
  const bool whole = entries.size() == forger.log().log.leaves.size();
  ++count.excused[finding->code + (whole ? " (whole)" : "")];
  // The states of other models stand under the roots, and no file has them all.
  if (finding->code == "state-root-mismatch") return;
  CHECK_FALSE(whole);
  CHECK(left_out.contains(finding->code));
}

}  // namespace

TEST_CASE(
    "forged logs: what the judge calls valid, the audit calls sound, but for what is left out") {
  Count count;
  for (std::uint64_t seed = 1; seed <= forged_logs(); ++seed) {
    CAPTURE(seed);
    Forger forger(seed);
    const Published files = forger.log().log.published();
    const auto report = audit(fetch_from(files), log_policy(), {});
    REQUIRE(report.has_value());
    std::optional<AuditFinding> finding;
    for (const AuditFinding& found : report->findings) {
      // What it says of a decision's authority is no fault of the log.
      if (!finding && found.code != "removal-contradicted") finding = found;
    }
    if (!finding) ++count.sound_logs;
    const Cutter cutter(forger);
    for (const Asked& asked : cutter.questions()) {
      // With every entry, and the state of every model, nothing is left out.
      hold(forger, {asked.question, asked.subject, {}, forger.models()}, cutter.all(), finding,
           count);
      hold(forger, asked, asked.entries, finding, count);
      auto thin = asked.entries;
      thin.erase(std::next(thin.begin(), static_cast<std::ptrdiff_t>(forger.below(thin.size()))));
      if (!thin.empty()) hold(forger, asked, thin, finding, count);
    }
  }
  std::string excused;
  for (const auto& [code, times] : count.excused)
    excused += " " + code + " " + std::to_string(times);
  WARN(count.verdicts << " verdicts, " << count.valid << " valid, " << count.sound_logs
                      << " sound logs; left out:" << excused);
  CHECK(count.valid > count.verdicts / 20);
  CHECK(count.sound_logs < forged_logs());
}

}  // namespace cpl::testing::forged_logs_test
