// What the judge makes of models' states that are later than the entries in question, or that
// whoever holds the log's key made up.
#include "tests/registry/evidence/forged_log.hpp"
#include "tests/registry/evidence/verdict_fixture.hpp"

namespace cpl::testing::judge_states_test {
namespace {

Decision to_reinstate(const ModelId& model) {
  Decision decision = ex_committee_decision_on({});
  decision.authorises = {{Act::reinstate, {model}}};
  return decision;
}

// A log in which a model is removed, and can come back.
struct TakenLog : ForgedLog {
  explicit TakenLog(bool decided_before_the_addition = false) {
    does(make_charter());
    if (!decided_before_the_addition) does(addition_of());
    decision = does(ex_committee_decision_on({predecessor}));
    if (decided_before_the_addition) does(addition_of());
    notice = does(notice_of({predecessor}, decision));
    does(receipt_of(notice, ReceiptStatus::received));
    does(receipt_of(notice, ReceiptStatus::validated));
    removal = does(removal_of(predecessor, notice));
  }
  void comes_back() {
    returning = does(to_reinstate(predecessor));
    reinstatement = does(Reinstatement{predecessor, returning, {}, {}});
  }
  // From here on the state is another one than the entries give.
  template <class Alter>
  void pretends(Alter alter) {
    ModelRecord record = models().at(predecessor);
    alter(record);
    says(predecessor, record);
    does(minutes_with({}, false));
  }
  // With the notice's receipts, and the removal.
  std::string told_of_notice() const {
    const std::vector<EntryIndex> entries = {
        EntryIndex{0}, decision, notice, EntryIndex{notice.value + 1}, EntryIndex{notice.value + 2},
        removal};
    return verdict_told(
        evidence(Question::notice, std::to_string(notice.value), entries, {predecessor}));
  }

  EntryIndex decision;
  EntryIndex notice;
  EntryIndex removal;
  EntryIndex returning;
  EntryIndex reinstatement;
};

}  // namespace

TEST_CASE("judge: a notice stays what it was, though its model has come back since") {
  TakenLog log;
  REQUIRE(log.told_of_notice() == "VALID, provisional");
  log.comes_back();
  CHECK(log.told_of_notice() == "VALID, provisional");
}

TEST_CASE("judge: a decision from before the addition carries no notice, whatever came later") {
  TakenLog log(true);
  CHECK(log.told_of_notice() == "INVALID: decision-spent");
  log.comes_back();
  CHECK(log.told_of_notice() == "INVALID: decision-spent");
}

TEST_CASE("judge: a reinstatement is held against the state before it, not the one it made") {
  TakenLog log;
  log.comes_back();
  const std::string subject = std::to_string(log.returning.value);
  CHECK(verdict_told(log.evidence(Question::decision, subject,
                                  {EntryIndex{0}, log.returning, log.reinstatement},
                                  {predecessor})) == "VALID, provisional");
}

TEST_CASE("judge: a state other than the removal left it shows that something is kept back") {
  TakenLog log;
  log.pretends([](ModelRecord&) {});
  CHECK(log.told_of_notice() == "VALID, provisional");
  log.pretends([](ModelRecord& record) { record.status_word = "Withdrawn"; });
  CHECK(log.told_of_notice() == "INVALID: evidence-incomplete");
}

TEST_CASE("judge: a state that names the decision's or the notice's own entry is not believed") {
  ForgedLog log;
  log.does(make_charter());
  const EntryIndex added = log.does(addition_of());
  const EntryIndex decision = log.does(ex_committee_decision_on({predecessor}));
  const EntryIndex notice = log.does(notice_of({predecessor}, decision));
  const auto told_with = [&](ModelStatus status, EntryIndex changed_at) {
    ModelRecord record = log.models().at(predecessor);
    record.status = status;
    record.changed_before = added;
    record.changed_at = changed_at;
    log.says(predecessor, record);
    log.does(minutes_with({}, false));
    return verdict_told(log.evidence(Question::notice, std::to_string(notice.value),
                                     {EntryIndex{0}, decision, notice}, {predecessor}));
  };
  CHECK(told_with(ModelStatus::listed, decision) == "INVALID: decision-spent");
  CHECK(told_with(ModelStatus::removed, notice) == "INVALID: evidence-incomplete");
}

TEST_CASE("judge: a certificate that had lapsed before the notice is no gap in the evidence") {
  LogStory story;
  story.founds();
  story.adds();
  story.does(CertificateChange{predecessor,
                               CertificateKind::cpa,
                               CertificateEvent::withdrawn,
                               day("2026-07-08"),
                               {},
                               {},
                               "By the certifying body."});
  const EntryIndex notice =
      story.notifies_and_validates({predecessor}, story.decides({predecessor}));
  story.removes(predecessor, notice);
  const auto evidence = build_notice_evidence(*story.view(), notice);
  REQUIRE(evidence.has_value());
  CHECK(verdict_told(*evidence) == "VALID, provisional");
}

TEST_CASE("judge: entries that hold no removal answer no question of one") {
  const RemovalStory story;
  const auto built = build_model_evidence(*story.view(), predecessor, story.view()->size());
  REQUIRE(built.has_value());
  Evidence evidence = *built;
  REQUIRE(verdict_told(evidence) == "VALID");
  evidence.question = Question::removal;
  CHECK(verdict_told(evidence) == "INVALID: evidence-incomplete");
}

}  // namespace cpl::testing::judge_states_test
