// Rule 2: the first charter, and what replaces it. Each refusal stands beside its twin that is
// accepted.
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::charter_test {
namespace {

const ModelId meter = make_model().id();

// A charter that replaces the first, with a panel of other people.
Charter charter_of_others() {
  Charter charter = make_charter();
  charter.roles[Role::panel] = role_keys(3, numbered_signers("other-panel", 5));
  charter.replaces = EntryIndex{0};
  return charter;
}

struct FoundedStory : Story {
  FoundedStory() { founds(); }
};

}  // namespace

TEST_CASE("rules: the age of the first charter is judged by its own policy") {
  Story story;
  Charter charter = make_charter();
  charter.policy.statement_age_seconds_max = 60;
  Statement statement = story.issued_now(charter);
  statement.issued_at = plus_seconds(story.now, -61);
  CHECK(story.says(statement, first(3, people().panel)) == "statement-too-old, rule 0, conflict");
  statement.issued_at = plus_seconds(story.now, -60);
  CHECK(story.says(statement, first(3, people().panel)) == "accepted");
}

TEST_CASE("rules: nothing comes before the first charter") {
  Story story;
  for (const StatementBody& body :
       {StatementBody(addition_of()), StatementBody(decision_on({meter})),
        StatementBody(minutes_with({})), StatementBody(notice_of({meter}, EntryIndex{0})),
        StatementBody(receipt_of(EntryIndex{0}, ReceiptStatus::received)),
        StatementBody(removal_of(meter, EntryIndex{0}))}) {
    CHECK(story.says(body) == "charter-missing, rule 2, conflict");
  }
  CHECK(story.says(make_charter()) == "accepted");
  CHECK(story.says(addition_of()) == "accepted");
}

TEST_CASE("rules: a first charter is entry 0, so nobody can begin a log anew in its middle") {
  const MemoryList nothing;
  Story story;
  const auto opened = open_statement(
      format_note(sign(story.issued_now(make_charter()), first(3, people().panel))), nullptr);
  REQUIRE(opened.has_value());
  const auto in_the_middle = apply(nothing, *opened, {test_origin, EntryIndex{5}, story.now});
  REQUIRE_FALSE(in_the_middle.has_value());
  CHECK(told(in_the_middle.error()) == "charter-missing, rule 2, conflict");
  CHECK(apply(nothing, *opened, {test_origin, EntryIndex{0}, story.now}).has_value());
}

TEST_CASE("rule 2: a first charter replaces none, a later one the one in force") {
  Story story;
  Charter charter = make_charter();
  charter.replaces = EntryIndex{0};
  CHECK(story.says(charter) == "charter-replaces-mismatch, rule 2, conflict");
  charter.replaces.reset();
  CHECK(story.says(charter) == "accepted");

  CHECK(story.says(charter) == "charter-replaces-mismatch, rule 2, conflict");
  charter.replaces = EntryIndex{1};
  CHECK(story.says(charter) == "charter-replaces-mismatch, rule 2, conflict");
  charter.replaces = EntryIndex{0};
  CHECK(story.says(charter) == "accepted");
  CHECK(story.list().charter()->entry == EntryIndex{1});

  CHECK(story.says(charter) == "charter-replaces-mismatch, rule 2, conflict");
  charter.replaces = EntryIndex{1};
  CHECK(story.says(charter) == "accepted");
}

TEST_CASE("rule 2: a new charter needs the old panel's threshold and the new one's") {
  FoundedStory story;
  const Signers others = numbered_signers("other-panel", 5);
  CHECK(story.says(charter_of_others(), together(first(2, people().panel), others)) ==
        "charter-old-threshold-not-met, rule 2, conflict");
  CHECK(story.says(charter_of_others(), others) == "signature-missing, rule 0, unauthorized");
  CHECK(story.says(charter_of_others(), together(people().panel, first(2, others))) ==
        "charter-new-threshold-not-met, rule 2, conflict");
  CHECK(story.says(charter_of_others(), together(people().registrar, others)) ==
        "charter-old-threshold-not-met, rule 2, conflict");
  CHECK(story.says(charter_of_others(), together(first(3, people().panel), first(3, others))) ==
        "accepted");

  CHECK(story.says(decision_on({meter}), people().panel) ==
        "signature-missing, rule 0, unauthorized");
  CHECK(story.says(decision_on({meter}), first(3, others)) == "accepted");
}

TEST_CASE("rule 2: the old panel is held to its own threshold, not to the one that is to come") {
  for (const auto& [old_threshold, new_threshold] :
       {std::pair(4, 1), std::pair(3, 2), std::pair(1, 3), std::pair(2, 5)}) {
    Story story;
    Charter charter = make_charter();
    charter.roles[Role::panel] =
        role_keys(static_cast<std::uint64_t>(old_threshold), people().panel);
    story.does(charter, people().panel);
    Charter next = charter;
    next.replaces = EntryIndex{0};
    next.roles[Role::panel].threshold = static_cast<std::uint64_t>(new_threshold);
    CAPTURE(old_threshold, new_threshold);
    const auto needed = static_cast<std::size_t>(std::max(old_threshold, new_threshold));
    for (std::size_t count = 1; count < needed; ++count) {
      CHECK(story.says(next, first(count, people().panel)) ==
            (count < static_cast<std::size_t>(old_threshold)
                 ? "charter-old-threshold-not-met, rule 2, conflict"
                 : "charter-new-threshold-not-met, rule 2, conflict"));
    }
    CHECK(story.says(next, first(needed, people().panel)) == "accepted");
    // The threshold that is in force now is the new one.
    const auto now_needed = static_cast<std::size_t>(new_threshold);
    if (now_needed > 1) {
      CHECK(story.says(decision_on({meter}), first(now_needed - 1, people().panel)) ==
            "threshold-not-met, rule 1, unauthorized");
    }
    CHECK(story.says(decision_on({meter}), first(now_needed, people().panel)) == "accepted");
  }
}

TEST_CASE("rule 2: the first charter needs the threshold of the panel it names") {
  Story story;
  CHECK(story.says(make_charter(), first(2, people().panel)) ==
        "charter-new-threshold-not-met, rule 2, conflict");
  CHECK(story.says(make_charter(), people().registrar) ==
        "signature-missing, rule 0, unauthorized");
  CHECK(story.says(make_charter(), first(3, people().panel)) == "accepted");
}

}  // namespace cpl::testing::charter_test
