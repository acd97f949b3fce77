// What the judge can tell of a log from its entries' order and times, and from the states in the
// file, even where whoever holds the log's key took in what the rules refuse.
#include "tests/registry/evidence/forged_log.hpp"
#include "tests/registry/evidence/verdict_fixture.hpp"

namespace cpl::testing::judge_order_test {
namespace {

Evidence on_notice(const LogStory& story, EntryIndex notice) {
  const auto built = build_notice_evidence(*story.view(), notice);
  REQUIRE(built.has_value());
  return *built;
}

Evidence on_model(const LogStory& story, const ModelId& model, std::optional<TreeSize> size = {}) {
  const auto built =
      build_model_evidence(*story.view(), model, size.value_or(story.view()->size()));
  REQUIRE(built.has_value());
  return *built;
}

Decision to_reinstate(const ModelId& model) {
  Decision decision = ex_committee_decision_on({});
  decision.authorises = {{Act::reinstate, {model}}};
  return decision;
}

// A log that took a second notice, and a second removal, on the decision that the first used up.
struct SpentLog : ForgedLog {
  SpentLog() {
    does(make_charter());
    does(addition_of());
    decision = does(decision_on({predecessor}));
    const EntryIndex notice = notifies();
    does(removal_of(predecessor, notice));
    const EntryIndex undoing = does(to_reinstate(predecessor));
    reinstatement = does(Reinstatement{predecessor, undoing, {}, {}});
    second_notice = does(notice_of({predecessor}, decision));
  }
  EntryIndex notifies() {
    const EntryIndex notice = does(notice_of({predecessor}, decision));
    validates(notice);
    return notice;
  }
  void validates(EntryIndex notice) {
    does(receipt_of(notice, ReceiptStatus::received));
    does(receipt_of(notice, ReceiptStatus::validated));
  }

  EntryIndex decision;
  EntryIndex reinstatement;
  EntryIndex second_notice;
};

std::vector<EntryIndex> indices(std::initializer_list<std::uint64_t> values) {
  std::vector<EntryIndex> out;
  for (const std::uint64_t value : values) out.push_back(EntryIndex{value});
  return out;
}

}  // namespace

TEST_CASE("judge: a decision that the proven state shows to be spent carries no notice") {
  SpentLog log;
  const std::uint64_t notice = log.second_notice.value;
  const auto entries = indices({0, log.decision.value, notice});
  CHECK(verdict_told(log.evidence(Question::notice, std::to_string(notice), entries,
                                  {predecessor})) == "INVALID: decision-spent");
  log.validates(log.second_notice);
  const EntryIndex removal = log.does(removal_of(predecessor, log.second_notice));
  // The state names the reinstatement as the change before, so leaving it out does not help.
  const auto whole =
      indices({0, log.decision.value, notice, notice + 1, notice + 2, removal.value});
  CHECK(verdict_told(log.evidence(Question::notice, std::to_string(notice), whole,
                                  {predecessor})) == "INVALID: decision-spent");
  const auto of_model =
      indices({0, 1, log.decision.value, notice, notice + 1, notice + 2, removal.value});
  for (const Question question : {Question::removal, Question::model}) {
    CHECK(verdict_told(log.evidence(question, predecessor.text(), of_model, {predecessor})) ==
          "INVALID: evidence-incomplete");
  }
}

TEST_CASE("judge: a removal of a notice's model that the file does not hold is missed") {
  const RemovalStory story;
  Evidence evidence = on_notice(story, story.notice);
  REQUIRE(verdict_told(evidence) == "VALID, provisional");
  evidence.entries.pop_back();
  CHECK(verdict_told(evidence) == "INVALID: evidence-incomplete");
}

TEST_CASE("judge: a notice for a model that came onto the list after it, or was off it, is none") {
  ForgedLog log;
  log.does(make_charter());
  const EntryIndex decision = log.does(decision_on({predecessor}));
  const EntryIndex notice = log.does(notice_of({predecessor}, decision));
  log.does(addition_of());
  CHECK(verdict_told(log.evidence(Question::notice, "2", indices({0, 1, 2}), {predecessor})) ==
        "INVALID: model-not-listed");
  log.does(removal_of(predecessor, notice));
  const EntryIndex again = log.does(decision_on({predecessor}));
  const EntryIndex second = log.does(notice_of({predecessor}, again));
  CHECK(verdict_told(log.evidence(Question::notice, std::to_string(second.value),
                                  {EntryIndex{0}, again, second}, {predecessor})) ==
        "INVALID: model-not-listed");
}

TEST_CASE("judge: no entry is older than the one before it, or of a time that is still to come") {
  RemovalStory story;
  MadeUpLog log{story.leaves()};
  const auto evidence_of = [&](const MadeUpLog& made) {
    Evidence evidence = story.evidence();
    for (ProvenEntry& entry : evidence.entries) entry = made.prove(entry_of(entry.leaf).index);
    evidence.last = made.prove(entry_of(evidence.last.leaf).index);
    return evidence;
  };
  REQUIRE(verdict_told(evidence_of(log)) == "VALID, provisional");
  for (std::size_t position : {story.decision.value, story.notice.value, story.removal.value}) {
    MadeUpLog back = log;
    back.leaves[position] = altered(
        back.leaves[position], [](Entry& entry) { entry.time = plus_seconds(entry.time, -60); });
    CAPTURE(position);
    CHECK(verdict_told(evidence_of(back)) == "INVALID: time-went-back");
    MadeUpLog ahead = log;
    ahead.leaves[position] = altered(ahead.leaves[position], [](Entry& entry) {
      entry.time = plus_seconds(entry.time, 86'400);
    });
    CHECK(verdict_told(evidence_of(ahead)) == (position == story.removal.value
                                                   ? "INVALID: entry-from-future"
                                                   : "INVALID: time-went-back"));
  }
}

TEST_CASE("judge: the entry that ends a state is not older than the one that carries it") {
  RemovalStory story;
  MadeUpLog log{story.leaves()};
  log.leaves[5] =
      altered(log.leaves[5], [](Entry& entry) { entry.time = plus_seconds(entry.time, -3600); });
  Evidence evidence = on_model(story, meter, TreeSize{5});
  for (ProvenEntry& entry : evidence.entries) entry = log.prove(entry_of(entry.leaf).index);
  evidence.last = log.prove(EntryIndex{4});
  evidence.next = log.prove(EntryIndex{5});
  CHECK(verdict_told(evidence) == "INVALID: time-went-back");
}

TEST_CASE("judge: an old paper in an entry that is dated back is seen by the entries round it") {
  ForgedLog log;
  log.does(make_charter());
  log.does(addition_of());
  // Signed a year ago and never submitted; its entry says that it came when it was signed.
  log.now = plus_seconds(log.now, -365 * 86'400);
  const EntryIndex decision = log.does(decision_on({predecessor}));
  log.now = plus_seconds(log.now, 365 * 86'400);
  const EntryIndex notice = log.does(notice_of({predecessor}, decision));
  CHECK(verdict_told(log.evidence(Question::notice, std::to_string(notice.value),
                                  {EntryIndex{0}, decision, notice}, {predecessor})) ==
        "INVALID: time-went-back");
  CHECK(verdict_told(log.evidence(Question::decision, std::to_string(decision.value),
                                  {EntryIndex{0}, decision}, {})) == "INVALID: time-went-back");
}

TEST_CASE("judge: the same statement does not count twice") {
  ForgedLog log;
  log.does(make_charter());
  log.does(addition_of());
  const EntryIndex decision = log.does(decision_on({predecessor}));
  log.repeats(decision);
  CHECK(verdict_told(log.evidence(Question::decision, "3", indices({0, 2, 3}), {})) ==
        "INVALID: statement-repeated");
}

TEST_CASE("judge: a log key that the newest charter in the file does not name is a thief's") {
  for (const bool named : {true, false}) {
    LogStory story;
    story.founds();
    story.adds();
    const EntryIndex decision = story.decides({predecessor});
    Charter second = make_charter();
    second.replaces = EntryIndex{0};
    second.log_keys = {named ? log_key().verifier() : ed25519_signer("new-key").verifier()};
    story.does(second);
    const auto evidence = build_decision_evidence(*story.view(), decision);
    REQUIRE(evidence.has_value());
    CHECK(verdict_told(*evidence) ==
          (named ? "VALID, provisional" : "INVALID: log-key-not-vouched"));
    // Of an older size, the charter of then may well name an older key.
    CHECK(verdict_told(on_model(story, predecessor, TreeSize{3})) == "VALID");
  }
}

TEST_CASE("judge: evidence on a model with any of its entries taken away is never valid") {
  RemovalStory story;
  DeviceModel renamed = make_successor();
  renamed.manufacturer_name = "Example Meters Limited";
  story.does(Correction{renamed, "The name was short.", {}});
  story.does(CertificateChange{
      meter, CertificateKind::dlms, CertificateEvent::withdrawn, day("2026-07-09"), {}, {}, {}});
  story.does(Reinstatement{meter, story.does(to_reinstate(meter)), {}, {}});
  for (const bool after_all : {true, false}) {
    const Evidence whole = on_model(
        story, meter, after_all ? story.view()->size() : TreeSize{story.removal.value + 3});
    REQUIRE(verdict_told(whole) == "VALID, provisional");
    for (std::size_t i = 0; i < whole.entries.size(); ++i) {
      CAPTURE(i);
      Evidence one_less = whole;
      one_less.entries.erase(one_less.entries.begin() + static_cast<std::ptrdiff_t>(i));
      CHECK(verdict_on(one_less).outcome == Outcome::invalid);
      Evidence cut = whole;
      cut.entries.resize(std::max<std::size_t>(i, 1));
      CHECK(verdict_on(cut).outcome == Outcome::invalid);
    }
  }
}

TEST_CASE("judge: nothing can follow the tree's last entry") {
  const RemovalStory story;
  Evidence evidence = on_model(story, meter);
  REQUIRE(verdict_told(evidence) == "VALID, provisional");
  evidence.next = evidence.last;
  CHECK(verdict_told(evidence) == "INVALID: last-entry-mismatch");
  evidence = on_notice(story, story.notice);
  evidence.next = evidence.entries.front();
  CHECK(verdict_told(evidence) == "INVALID: last-entry-mismatch");
}

TEST_CASE("judge: a proof that says it is of another index than its entry is refused") {
  RemovalStory story;
  story.minutes({minuted()});
  const Evidence good = story.evidence();
  const auto moved = [](ProvenEntry entry) {
    auto proof = parse_tlog_proof(entry.proof);
    REQUIRE(proof.has_value());
    ++proof->index.value;
    entry.proof = format_tlog_proof(*proof);
    return entry;
  };
  for (std::size_t i = 0; i < good.entries.size(); ++i) {
    Evidence evidence = good;
    evidence.entries[i] = moved(evidence.entries[i]);
    CHECK(verdict_told(evidence) == "INVALID: inclusion-proof-invalid");
  }
  Evidence evidence = good;
  evidence.last = moved(evidence.last);
  CHECK(verdict_told(evidence) == "INVALID: inclusion-proof-invalid");
}

TEST_CASE("judge: a model that a notice names and that was never on the list makes it void") {
  ForgedLog log;
  log.does(make_charter());
  log.does(addition_of());
  const EntryIndex decision = log.does(decision_on({predecessor, display}));
  const EntryIndex notice = log.does(notice_of({predecessor, display}, decision));
  const auto entries = std::vector<EntryIndex>{EntryIndex{0}, decision, notice};
  const std::string subject = std::to_string(notice.value);
  // With the proof that it was never there, without any, and where the rules cannot tell.
  CHECK(verdict_told(log.evidence(Question::notice, subject, entries, {predecessor, display})) ==
        "INVALID: model-not-listed");
  CHECK(verdict_told(log.evidence(Question::notice, subject, entries, {predecessor})) ==
        "INVALID: evidence-incomplete");
  CHECK(verdict_told(log.evidence(Question::notice, subject, entries, {})) ==
        "INVALID: evidence-incomplete");
}

TEST_CASE("judge: a state record of another model, or that names entries to come, is nonsense") {
  const RemovalStory story;
  const auto truth = read_state_record(*story.evidence().states[0].record);
  REQUIRE(truth.has_value());
  const auto told_with = [&](auto alter) {
    ModelRecord record = *truth;
    alter(record);
    ForgedLog log;
    log.does(make_charter());
    log.says(meter, record);
    for (int i = 0; i < 9; ++i) log.does(minutes_with({}, false));
    return verdict_told(log.evidence(Question::model, meter.text(), {EntryIndex{0}}, {meter}));
  };
  CHECK(told_with([](const ModelRecord&) {}) == "INVALID: evidence-incomplete");
  const std::string nonsense = "INVALID: state-record-malformed";
  CHECK(told_with([](ModelRecord& r) { r.model.firmware_version = "FFFFFFFF"; }) == nonsense);
  CHECK(told_with([](ModelRecord& r) { r.changed_at = EntryIndex{900}; }) == nonsense);
  CHECK(told_with([](ModelRecord& r) { r.changed_at = EntryIndex{10}; }) == nonsense);
  CHECK(told_with([](ModelRecord& r) { r.changed_at = EntryIndex{9}; }) ==
        "INVALID: evidence-incomplete");
  CHECK(told_with([](ModelRecord& r) { r.changed_before = r.changed_at; }) == nonsense);
  CHECK(told_with([](ModelRecord& r) { r.decision = r.changed_at; }) == nonsense);
  CHECK(told_with([](ModelRecord& r) { r.added.value = r.changed_at.value + 1; }) == nonsense);
}

}  // namespace cpl::testing::judge_order_test
