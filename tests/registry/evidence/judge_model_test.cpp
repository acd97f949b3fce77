// Evidence on a model at any size of the log, and on a decision: built, judged, and refused where
// it does not hold together.
#include "tests/registry/evidence/verdict_fixture.hpp"

namespace cpl::testing::judge_model_test {
namespace {

Evidence on_model(const LogStory& story, const ModelId& model, TreeSize size) {
  const auto built = build_model_evidence(*story.view(), model, size);
  INFO((built ? "" : built.error().detail));
  REQUIRE(built.has_value());
  return *built;
}

std::string sentence_on(const LogStory& story, const ModelId& model, TreeSize size) {
  const Verdict verdict = verdict_on(on_model(story, model, size));
  CHECK(verdict.size == size);
  return told(verdict) + ": " + verdict.sentence;
}

// A validated notice from its entry on, for a model whose status has changed since.
EntryIndex notifies_from_now(Story& story, const ModelId& model, EntryIndex decision) {
  Notice from_now = notice_of({model}, decision);
  from_now.effective_from.reset();
  const EntryIndex notice = story.does(from_now);
  story.receipts(notice, ReceiptStatus::received);
  story.receipts(notice, ReceiptStatus::validated);
  return notice;
}

}  // namespace

TEST_CASE("judge: listed, removed and never listed are proven at every size of a log") {
  const RemovalStory story;
  const TreeSize whole = story.view()->size();
  for (std::uint64_t size = 1; size <= whole.value; ++size) {
    CAPTURE(size);
    const std::string said = sentence_on(story, meter, TreeSize{size});
    if (size <= 2) {
      CHECK_THAT(said, Catch::Contains("VALID: " + meter.text() + " was never on the list"));
    } else if (size <= story.removal.value) {
      CHECK_THAT(said,
                 Catch::Contains("VALID: " + meter.text() + " is on the list, since entry 2"));
    } else {
      CHECK_THAT(said, Catch::StartsWith("VALID, provisional: " + meter.text() +
                                         " is off the list, removed by entry 8"));
    }
    CHECK((said.find("until") != said.npos) == (size < whole.value));
  }
}

TEST_CASE("judge: a size beyond the log, and none, cannot be proven") {
  const RemovalStory story;
  for (const std::uint64_t size : {std::uint64_t{0}, story.view()->size().value + 1}) {
    const auto built = build_model_evidence(*story.view(), meter, TreeSize{size});
    REQUIRE_FALSE(built.has_value());
    CHECK(built.error().code == "size-not-found");
  }
}

TEST_CASE("judge: a log that must not sign proves nothing, and says so (I10)") {
  const RemovalStory story;
  const auto unsigned_view = story.view()->under({});
  CHECK(build_model_evidence(*unsigned_view, display, TreeSize{3}).error().code == "read-only");
  CHECK(build_removal_evidence(*unsigned_view, meter).error().code == "read-only");
  CHECK(build_notice_evidence(*unsigned_view, story.notice).error().code == "read-only");
  CHECK(build_decision_evidence(*unsigned_view, story.decision).error().code == "read-only");
}

TEST_CASE("judge: the size of the log at a time is that of the entries up to it") {
  const RemovalStory story;
  const auto time_of = [&](std::uint64_t index) {
    return story.view()->entry(EntryIndex{index})->time;
  };
  CHECK(*size_at_time(*story.view(), time_of(0)) == TreeSize{1});
  CHECK(*size_at_time(*story.view(), time_of(3)) == TreeSize{4});
  CHECK(*size_at_time(*story.view(), UnixMillis{time_of(3).value - 1}) == TreeSize{3});
  CHECK(*size_at_time(*story.view(), at("2099-01-01T00:00:00Z")) == story.view()->size());
  CHECK(size_at_time(*story.view(), UnixMillis{time_of(0).value - 1}).error().code ==
        "size-not-found");
}

TEST_CASE("judge: evidence on a model holds only as it was built") {
  const RemovalStory story;
  const TreeSize size{5};
  const Evidence good = on_model(story, meter, size);
  Evidence evidence = good;
  evidence.next.reset();
  CHECK(verdict_told(evidence) == "INVALID: last-entry-mismatch");
  evidence = good;
  evidence.next = on_model(story, meter, TreeSize{6}).next;
  CHECK(verdict_told(evidence) == "INVALID: last-entry-mismatch");
  evidence = good;
  evidence.states[0] = on_model(story, meter, TreeSize{9}).states[0];
  CHECK(verdict_told(evidence) == "INVALID: state-proof-invalid");
  evidence = good;
  evidence.states[0].record.reset();
  CHECK(verdict_told(evidence) == "INVALID: state-proof-invalid");
  evidence = good;
  evidence.states.clear();
  CHECK(verdict_told(evidence) == "INVALID: evidence-incomplete");
  evidence = good;
  evidence.entries.pop_back();  // The addition.
  CHECK(verdict_told(evidence) == "INVALID: evidence-incomplete");
  evidence = on_model(story, meter, TreeSize{3});
  evidence.entries.push_back(on_model(story, meter, TreeSize{9}).entries[2]);  // The decision.
  CHECK(verdict_told(evidence) == "INVALID: evidence-out-of-order");
  evidence = good;
  evidence.subject = display.text();
  CHECK(verdict_told(evidence) == "INVALID: evidence-incomplete");
  // An older state passed off as the answer to what is no question of a size.
  evidence = good;
  evidence.question = Question::removal;
  CHECK(verdict_told(evidence) == "INVALID: last-entry-mismatch");
}

TEST_CASE("judge: a removal that was undone is no removal; the model is shown listed") {
  RemovalStory story;
  const Evidence removal = story.evidence();
  Decision again = ex_committee_decision_on({});
  again.authorises = {{Act::reinstate, {meter}}};
  const EntryIndex decision = story.does(again);
  story.does(Reinstatement{meter, decision, {}, {}});
  CHECK_THAT(sentence_on(story, meter, story.view()->size()),
             Catch::StartsWith("VALID, provisional: " + meter.text() + " is on the list"));
  CHECK(build_removal_evidence(*story.view(), meter).error().code == "model-listed");
  // The whole history with the wrong question.
  Evidence evidence = on_model(story, meter, story.view()->size());
  evidence.question = Question::removal;
  CHECK(verdict_told(evidence) == "INVALID: model-listed");
  CHECK(verdict_told(removal) == "VALID, provisional");  // So it was at its size.

  const EntryIndex second = story.does(ex_committee_decision_on({meter}));
  story.removes(meter, notifies_from_now(story, meter, second));
  CHECK(verdict_told(story.evidence()) == "VALID, provisional");
}

TEST_CASE("judge: a decision on record, and whether final minutes hold it") {
  RemovalStory story;
  const auto verdict = [&] {
    const auto built = build_decision_evidence(*story.view(), story.decision);
    REQUIRE(built.has_value());
    return verdict_on(*built);
  };
  CHECK(told(verdict()) == "VALID, provisional");
  CHECK(verdict().sentence ==
        "the decision in entry 4 says APPROVED, which authorises what it names: 2 models");
  story.minutes({minuted()});
  CHECK(told(verdict()) == "VALID");
  story.minutes({});
  CHECK(told(verdict()) == "INVALID: decision-contradicted");
  CHECK(build_decision_evidence(*story.view(), story.notice).error().code == "decision-not-found");
  auto evidence = *build_decision_evidence(*story.view(), story.decision);
  evidence.subject = "5";
  CHECK(verdict_told(evidence) == "INVALID: evidence-incomplete");
}

}  // namespace cpl::testing::judge_model_test
