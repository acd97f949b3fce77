// What drafts, minutes and opened texts leave on the record of a meeting and of its decisions.
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::meeting_test {
namespace {

const ModelId meter = make_model().id();
const Bytes salt(32, 's');
const std::string other_words = "Quite another text.";

MeetingRecord meeting_in(const Story& story) {
  const auto record = story.list().meeting(minutes_with({}).meeting);
  REQUIRE(record.has_value());
  REQUIRE(record->has_value());
  return **record;
}

Decision decision_in(const Story& story, EntryIndex entry) {
  const auto record = story.list().decision(entry);
  REQUIRE(record.has_value());
  REQUIRE(record->has_value());
  return (**record).decision;
}

Text sealed(const std::string& words) { return Text(seal_of(salt, words)); }

}  // namespace

TEST_CASE("rule 8: every draft is on its meeting's record, in order, and none counts as final") {
  Story story;
  story.founds();
  const EntryIndex first_draft = story.minutes({}, false);
  const EntryIndex second_draft = story.minutes({minuted()}, false);
  CHECK(meeting_in(story).drafts == std::vector{first_draft, second_draft});
  CHECK_FALSE(meeting_in(story).final_minutes.has_value());
  const EntryIndex final_minutes = story.minutes({minuted()});
  CHECK(meeting_in(story).drafts == std::vector{first_draft, second_draft});
  CHECK(meeting_in(story).final_minutes == final_minutes);
}

TEST_CASE("rule 8: what opened minutes say is held against decisions that come later, too") {
  Story story;
  story.founds();
  const EntryIndex minutes =
      story.does(minutes_with({{{7, 2}, "APPROVED", sealed(decision_text)}}));
  CHECK(story.standing(story.decides({meter})) == DecisionStanding::provisional);
  story.does(Disclosure{minutes, "/decisions/0/text", salt, decision_text});
  CHECK(meeting_in(story).minuted.front().text.words == decision_text);
  CHECK(story.standing(story.decides({meter})) == DecisionStanding::confirmed);
}

TEST_CASE("rule 8: a text of a long draft is opened, and the shorter final minutes stay") {
  Story story;
  story.founds();
  const EntryIndex decision = story.decides({meter});
  const EntryIndex draft = story.does(minutes_with({minuted("NOTED", "An open text.", {7, 1}),
                                                    {{7, 2}, "APPROVED", sealed(other_words)},
                                                    {{7, 3}, "APPROVED", sealed(other_words)}},
                                                   false));
  story.minutes({minuted()});
  for (const char* field : {"/decisions/1/text", "/decisions/2/text"}) {
    story.does(Disclosure{draft, field, salt, other_words});
  }
  REQUIRE(meeting_in(story).minuted.size() == 1);
  CHECK(meeting_in(story).minuted.front().text == minuted().text);
  CHECK(story.standing(decision) == DecisionStanding::confirmed);
}

TEST_CASE("rule 8: opened words on how to handle a decision are not taken for its text") {
  Story story;
  story.founds();
  const std::string handling = "AMBER\nservice_desk";
  Decision both_sealed = decision_on({meter});
  both_sealed.text = sealed(decision_text);
  both_sealed.handling = sealed(handling);
  const EntryIndex decision = story.does(both_sealed);
  story.minutes({minuted()});
  story.does(Disclosure{decision, "/handling", salt, handling});
  CHECK_FALSE(decision_in(story, decision).text.is_known());
  CHECK(story.standing(decision) == DecisionStanding::provisional);
  story.does(Disclosure{decision, "/text", salt, decision_text});
  CHECK(decision_in(story, decision).text.words == decision_text);
  CHECK(story.standing(decision) == DecisionStanding::confirmed);
}

TEST_CASE("rule 8: an action's opened words are not taken for those of a decision") {
  Story story;
  story.founds();
  const EntryIndex decision = story.decides({meter});
  Minutes many_actions = minutes_with({minuted()});
  many_actions.actions.assign(101, {"SECP155/01", "SECAS", "To notify."});
  for (const std::size_t number : {0U, 10U, 100U}) {
    many_actions.actions[number].text = sealed(other_words);
  }
  const EntryIndex minutes = story.does(many_actions);
  REQUIRE(story.standing(decision) == DecisionStanding::confirmed);
  for (const char* field : {"/actions/0/text", "/actions/10/text", "/actions/100/text"}) {
    story.does(Disclosure{minutes, field, salt, other_words});
    CHECK(meeting_in(story).minuted.front().text == minuted().text);
    CHECK(story.standing(decision) == DecisionStanding::confirmed);
  }
}

}  // namespace cpl::testing::meeting_test
