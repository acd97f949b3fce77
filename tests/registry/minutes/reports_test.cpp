// What the minutes reader tells of what it does not know, and the characters and dates it reads.
#include <catch2/catch.hpp>

#include "registry/minutes/minutes.hpp"
#include "registry/minutes/model_mentions.hpp"

namespace cpl::testing::reports_test {

namespace {

const std::string model = "ESME-9A01-00040405-12081B34";

MinutesOutline outline_of(const std::string& text) {
  auto outline = read_minutes(text);
  INFO((outline ? "" : outline.error().detail));
  REQUIRE(outline);
  return *std::move(outline);
}

MinutesOutline item_of(const std::string& body, const std::string& title = "Paper") {
  return outline_of(
      "SEC Panel Meeting 44\nMeeting SECP_44_1204, 12th April 2019\n\nFinal Minutes\n\n1. " +
      title + "\n" + body + "\n");
}

std::string only_text(const std::string& body) {
  const MinutesOutline outline = item_of(body);
  CHECK(outline.unplaced.empty());
  REQUIRE(outline.items.at(0).decisions.size() == 1);
  return outline.items[0].decisions[0].text;
}

bool is_told(const std::string& body) { return !item_of(body).unplaced.empty(); }

std::size_t decisions_in(const std::string& body) {
  return item_of(body).items.at(0).decisions.size();
}

bool is_confidential(const std::string& body, const std::string& title = "Paper") {
  return item_of(body, title).items.at(0).confidential;
}

std::optional<std::string> date_of(const std::string& written) {
  return outline_of("SEC Panel Meeting 44\nMeeting SECP_44_1204, " + written +
                    "\n\n1. Paper\nThe Panel NOTED it.\n")
      .meeting.date;
}

}  // namespace

TEST_CASE("minutes: the numbers of paragraphs are read past") {
  CHECK(only_text("1.1 The Panel agreed the plan.") == "agreed the plan");
  CHECK(only_text("1.1. SECAS spoke.\n1.2. The Panel agreed the plan.") == "agreed the plan");
  CHECK(only_text("1.2.1 The Panel:\n\n• AGREED the plan.") == "AGREED the plan");
}

TEST_CASE("minutes: decisions in words that the grammar does not know are told") {
  for (const std::string body : {"DECISION: The plan goes on.",
                                 "Decision 44/02: the plan.",
                                 "Resolution: the plan.",
                                 "The Panel decided on the plan.",
                                 "All Panel Members agreed the plan.",
                                 "After discussion the Panel agreed the plan.",
                                 "The Panel agree the plan.",
                                 "Agreed: the plan.",
                                 "All agreed.",
                                 "It was resolved to go on.",
                                 "The Panel's decision was to go on.",
                                 "The Panel gave its approval to the plan.",
                                 "The Committee agreed the plan.",
                                 "Members were content with the plan.",
                                 "The Panel and SECAS agreed the plan.",
                                 "The Panel (quorate) agreed the plan.",
                                 "The plan was ratified.",
                                 "Plan A   Approved   SECAS",
                                 "Action: SECAS to write.",
                                 "SECAS will write (ACTION: SECAS).",
                                 "Post-meeting update: The Panel approved it."}) {
    INFO(body);
    CHECK(is_told(body));
  }
}

TEST_CASE("minutes: what others did is no report") {
  for (const std::string body :
       {"SECAS agreed to write to the Panel.", "It was noted that the Panel meets in May.",
        "The SSC approved their Work Package.", "The agreed grouping is as follows."}) {
    INFO(body);
    CHECK_FALSE(is_told(body));
  }
}

TEST_CASE("minutes: capitals in a clause of another time, body or condition decide nothing") {
  CHECK(decisions_in("The Panel NOTED that it had APPROVED the plan at Meeting 43.") == 1);
  CHECK(decisions_in("The Panel NOTED that the SSC APPROVED the plan.") == 1);
  CHECK(decisions_in("The Panel AGREED that, if it fails, it would be REJECTED.") == 1);
  CHECK(decisions_in("The Panel previously APPROVED the plan.") == 0);
  CHECK(decisions_in("SECAS reported the plan was APPROVED.") == 0);
  CHECK(item_of("The Panel:\n\n• NOTED it.").items[0].decisions.at(0).formal);
  CHECK_FALSE(item_of("The Panel NOTED it.").items[0].decisions.at(0).formal);
}

TEST_CASE("minutes: a decision that is cut short, or mixed with others' words, is told") {
  CHECK(is_told("The Panel AGREED the plan and"));
  CHECK(is_told("The Panel:\n\n• APPROVED the removal of:\n\nSECAS spoke."));
  CHECK(is_told("The Panel AGREED the plan   SECAS"));
  CHECK(is_told("The Panel AGREED the plan of\n\n1 See the Code.\n\nthe DCC."));
  CHECK(is_told("The removal of " + model + " was discussed."));
  CHECK(is_told("The Panel AGREED to remove " + model + "1."));
}

TEST_CASE("minutes: odd characters are made plain before matching and hashing") {
  const std::string plain = "APPROVED the removal of " + model + " from the certified list";
  CHECK(only_text("The Panel AP\u00ADPROVED the\u2009removal\u202Fof\u00A0ESME\u20119A01\u2013"
                  "00040405\u201112081B34 from\u200B the certi\uFB01ed list.") ==
        "APPROVED the removal of " + model + " from the certified list");
  CHECK(minutes_words(" The \u200Bwords\u00A0are \uFB01ne; and ") == "The words are fine");
  CHECK(minutes_words(plain + ".") == plain);
}

TEST_CASE("minutes: an item is confidential by its title, colour or sentences") {
  CHECK(is_confidential("Text.", "Breach (CONFIDENTIAL)"));
  CHECK(is_confidential("Text.", "Report [RED]"));
  CHECK(is_confidential("This item is confidential."));
  CHECK(is_confidential("The discussion was held in confidence."));
  CHECK(is_confidential("The con\uFB01dential minutes hold the rest."));
  CHECK_FALSE(is_confidential("It is set out in Confidential Appendix B."));
  CHECK_FALSE(is_confidential("The template is non-confidential. It is not confidential."));
}

TEST_CASE("minutes: dates in forms that are clear are read, others are not guessed") {
  for (const std::string written :
       {"2019-04-12", "April 12, 2019", "12th of April 2019", "12 Apr 2019",
        "Friday 12th April 2019", "12/04/2019", "12.04.2019"}) {
    INFO(written);
    CHECK(date_of(written) == "2019-04-12");
  }
  CHECK_FALSE(date_of("04/12/2019"));  // The reference says 12 April.
  CHECK_FALSE(date_of("the usual day"));
}

TEST_CASE("model mentions: ids are found in any case, and what only looks like one is said") {
  const auto mentions = [](const std::string& words) { return find_model_mentions(words); };
  CHECK(mentions("remove " + model + ".").at(0).id->text() == model);
  CHECK(mentions("remove esme-9a01-00040405-12081b34").at(0).id->text() == model);
  CHECK_FALSE(mentions("remove " + model + "2").at(0).id);
  CHECK_FALSE(mentions("remove ESME 9A01 00040405 12081B34").at(0).id);
  CHECK_FALSE(mentions("remove ESME-9A01- 00040405-12081B34").at(0).id);
  CHECK_FALSE(mentions("remove ESME-9A01-00040405").at(0).id);
  CHECK(mentions("on 12 April 2019 the ESME of 1,000 homes").empty());
}

}  // namespace cpl::testing::reports_test
