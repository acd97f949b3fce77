// The sentences of refusals that say how many signatures are needed, or what came in between; and
// what the rules say of a statement that nobody has signed yet.
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::rule_sentences_test {
namespace {

const ModelId meter = make_model().id();

std::string sentence(Story& story, const StatementBody& body, const Signers& signers) {
  const auto entered = story.submit(story.issued_now(body), signers);
  REQUIRE_FALSE(entered.has_value());
  return entered.error().detail;
}

std::string sentence(Story& story, const StatementBody& body) {
  return sentence(story, body, signers_for(body));
}

Reinstatement back(EntryIndex decision) { return {meter, decision, {}, {}}; }

Decision to_reinstate() {
  Decision decision = ex_committee_decision_on({});
  decision.authorises = {{Act::reinstate, {meter}}};
  return decision;
}

}  // namespace

TEST_CASE("rule 2: who is short of signatures reads how many a new charter needs and has") {
  Story story;
  CHECK_THAT(sentence(story, make_charter(), first(2, people().panel)),
             Catch::Contains("needs 3 signatures") && Catch::Contains("this one has 2"));
  story.founds();
  Charter next = make_charter();
  next.replaces = EntryIndex{0};
  CHECK_THAT(sentence(story, next, first(2, people().panel)),
             Catch::Contains("needs 3 signatures of the panel that is in force") &&
                 Catch::Contains("this one has 2"));
}

TEST_CASE("rules: who cites a spent decision reads what was done since") {
  Story story;
  story.founds();
  const EntryIndex before_all = story.does(ex_committee_decision_on({meter}));
  const EntryIndex to_undo = story.does(to_reinstate());
  story.adds();
  CHECK_THAT(sentence(story, notice_of({meter}, before_all)),
             Catch::Contains("was taken before " + meter.text() + " was added by entry 3"));
  const EntryIndex removing = story.does(ex_committee_decision_on({meter}));
  story.removes(meter, story.notifies_and_validates({meter}, removing));
  CHECK_THAT(sentence(story, back(to_undo)), Catch::Contains("was removed by entry 8"));
  story.does(back(story.does(to_reinstate())));
  CHECK_THAT(sentence(story, notice_of({meter}, removing)),
             Catch::Contains("was reinstated by entry 10"));
}

TEST_CASE("rules: what nobody has signed yet is held to its registry, its age and its charter") {
  Story story;
  const auto says = [&story](const Statement& statement) {
    const auto checked =
        check_content(story.list(), statement, {test_origin, EntryIndex{1}, story.now});
    return checked ? "accepted" : told(checked.error());
  };
  Statement statement = story.issued_now(addition_of());
  CHECK(says(statement) == "charter-missing, rule 2, conflict");
  story.founds();
  CHECK(says(statement) == "accepted");
  statement.origin = "other.example.org/log";
  CHECK(says(statement) == "origin-mismatch, rule 0, conflict");
  statement.origin = test_origin;
  statement.issued_at = plus_seconds(story.now, 301);
  CHECK(says(statement) == "statement-from-future, rule 0, conflict");
  statement.issued_at = plus_seconds(story.now, -400 * 86'400);
  CHECK(says(statement) == "statement-too-old, rule 0, conflict");
}

}  // namespace cpl::testing::rule_sentences_test
