// What a statement says of its time, held against one bound at a time.
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::rule_times_test {
namespace {

const ModelId meter = make_model().id();

// Of the tenth of July, when the meter has been on the list for a day.
Decision decision_of_the_tenth(Act act) {
  Decision decision = ex_committee_decision_on({});
  decision.date = day("2026-07-10");
  decision.authorises = {{act, {meter}}};
  return decision;
}

// In London, where the decision's day begins.
const UnixMillis midnight = at("2026-07-09T23:00:00Z");

}  // namespace

TEST_CASE("rule 3: the clock of who adds a model may be five minutes fast and no more") {
  Story story;
  story.founds();
  Addition addition = addition_of();
  addition.effective_from = plus_seconds(story.now, 301);
  CHECK(story.says(addition) == "not-yet-effective, rule 3, conflict");
  addition.effective_from = plus_seconds(story.now, 300);
  CHECK(story.says(addition) == "accepted");
}

TEST_CASE("rule 5: no notice takes effect before its decision's day, though the model was listed") {
  Story story;
  story.founds();
  story.adds();
  story.now = at("2026-07-10T12:00:00Z");
  Notice notice = notice_of({meter}, story.does(decision_of_the_tenth(Act::remove)));
  notice.effective_from = plus_seconds(midnight, -1);
  CHECK(story.says(notice) == "time-implausible, rule 5, conflict");
  notice.effective_from = midnight;
  CHECK(story.says(notice) == "accepted");
}

TEST_CASE("rule 9: no model is back before its decision's day, though its removal was before") {
  Story story;
  story.founds();
  story.adds();
  const EntryIndex removing = story.does(ex_committee_decision_on({meter}));
  story.removes(meter, story.notifies_and_validates({meter}, removing));
  story.now = at("2026-07-10T12:00:00Z");
  Reinstatement back{meter, story.does(decision_of_the_tenth(Act::reinstate)), {}, {}};
  back.effective_from = plus_seconds(midnight, -1);
  CHECK(story.says(back) == "time-implausible, rule 9, conflict");
  back.effective_from = midnight;
  CHECK(story.says(back) == "accepted");
}

TEST_CASE("rule 5: a notice may take effect ten years from now, and no later") {
  Story story;
  story.founds();
  story.adds();
  Notice notice = notice_of({meter}, story.does(ex_committee_decision_on({meter})));
  constexpr std::int64_t ten_years = std::int64_t{10} * 366 * 86'400;
  notice.effective_from = plus_seconds(story.now, ten_years + 1);
  CHECK(story.says(notice) == "time-implausible, rule 5, conflict");
  notice.effective_from = plus_seconds(story.now, ten_years);
  CHECK(story.says(notice) == "accepted");
}

TEST_CASE("rule 6: the clock of the desk may be five minutes fast and no more") {
  Story story;
  story.founds();
  story.adds();
  const EntryIndex decision = story.does(ex_committee_decision_on({meter}));
  const EntryIndex notice = story.notifies_and_validates({meter}, decision);
  story.removes(meter, notice);
  Receipt applied = receipt_of(notice, ReceiptStatus::applied);
  applied.applied_at = plus_seconds(story.now, 301);
  CHECK(story.says(applied) == "time-implausible, rule 6, conflict");
  applied.applied_at = plus_seconds(story.now, 300);
  CHECK(story.says(applied) == "accepted");
}

}  // namespace cpl::testing::rule_times_test
