#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/minutes/json.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/source_tree.hpp"

namespace cpl::testing::minutes_test {

namespace {

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

MinutesOutline outline_of(const std::string& text) {
  auto outline = read_minutes(text);
  INFO((outline ? "" : outline.error().detail));
  REQUIRE(outline);
  return *std::move(outline);
}

MinutesOutline sample(const std::string& name) {
  const auto text = read_file(test_data() + "/minutes/" + name);
  REQUIRE(text);
  return outline_of(*text);
}

// Minutes of the Panel with one item.
MinutesOutline item_of(const std::string& body) {
  return outline_of("SEC Panel Meeting 30\nMeeting SECP_30_1103, 11th March 2016\n\n1. Paper\n" +
                    body);
}

using Verbs = std::vector<std::string>;

Verbs verbs_of(const OutlineItem& item) {
  Verbs verbs;
  for (const OutlineDecision& decision : item.decisions) verbs.push_back(decision.verb);
  return verbs;
}
Verbs verbs_of(const std::string& body) { return verbs_of(item_of(body).items.at(0)); }

std::vector<std::string> texts_of(const std::string& body) {
  std::vector<std::string> texts;
  const MinutesOutline outline = item_of(body);
  for (const OutlineDecision& decision : outline.items.at(0).decisions) {
    texts.push_back(decision.text);
  }
  return texts;
}

std::vector<std::string> reasons_of(const MinutesOutline& outline) {
  std::vector<std::string> reasons;
  for (const OutlineUnplaced& unplaced : outline.unplaced) reasons.push_back(unplaced.reason);
  return reasons;
}

// Absent if they are not here; that has been said.
std::optional<MinutesOutline> real_minutes() {
  const auto text = shared_file("minutes/SECP_30_1103.txt");
  if (!text) return std::nullopt;
  return outline_of(*text);
}

}  // namespace

TEST_CASE("minutes: the heading and the people of the real minutes are read in full") {
  const auto outline = real_minutes();
  if (!outline) return;
  CHECK(reasons_of(*outline) == std::vector<std::string>{});
  CHECK(outline->meeting.body == "SECP");
  CHECK(outline->meeting.ref == "SECP_30_1103");
  CHECK(outline->meeting.number == 30);
  CHECK(outline->meeting.title == "SEC Panel Meeting 30");
  CHECK(outline->meeting.date == "2016-03-11");
  CHECK(outline->meeting.place == "Gemserv, 8 Fenchurch Place, London, EC3M 4AJ");
  CHECK(outline->meeting.status == MinutesStatus::final);

  REQUIRE(outline->attendance.size() == 12);
  CHECK(outline->attendance[0].category == "SEC Panel Chair");
  CHECK(outline->attendance[0].names == std::vector<std::string>{"Peter Davies"});
  CHECK(outline->attendance[1].names ==
        std::vector<std::string>{"David Ross Scott", "Adam Carden (Alternate)"});
  CHECK(outline->attendance[2].names == std::vector<std::string>{"Mike Gibson", "Eric Graham"});
  CHECK(outline->attendance[11].category == "SECAS");
  CHECK(outline->attendance[11].names.size() == 5);
  REQUIRE(outline->apologies.size() == 1);
  CHECK(outline->apologies[0].names == std::vector<std::string>{"Hugh Mullens"});
}

TEST_CASE("minutes: the real minutes have 25 items, and all their decisions are found") {
  const auto outline = real_minutes();
  if (!outline) return;
  const std::vector<Verbs> expected = {
      {"APPROVED"},
      {},
      {},
      {"AGREED", "NOTED", "NOTED", "APPROVED", "APPROVED"},
      {"NOTED", "NOTED", "AGREED"},
      {"NOTED", "APPROVED"},
      {"NOTED", "APPROVED"},
      {"SUPPORTED", "NOTED", "NOTED", "SUPPORTED"},
      {"NOTED", "APPROVED"},
      {"AGREED", "NOTED"},
      {"ACCEPTED", "AGREED", "NOTED", "APPROVED", "AGREED"},
      {"NOTED"},
      {"NOTED"},
      {"NOTED", "NOTED"},
  };
  REQUIRE(outline->items.size() == 25);
  std::vector<std::string> action_refs;
  for (const OutlineItem& item : outline->items) {
    INFO("item " << item.number);
    CHECK(item.confidential == (item.number == 2 || item.number == 3));
    CHECK(item.notes.size() == (item.number == 8 ? 1U : 0U));
    if (item.number <= expected.size()) {
      CHECK(verbs_of(item) == expected[item.number - 1]);
    } else {
      CHECK(verbs_of(item) == (item.number == 25 ? Verbs{"AGREED"} : Verbs{"NOTED"}));
    }
    for (const OutlineAction& action : item.actions) action_refs.push_back(action.ref);
  }
  CHECK(action_refs == std::vector<std::string>{"SECP30/01", "SECP30/02", "SECP30/03", "SECP30/04",
                                                "SECP30/05", "SECP30/06", "SECP30/07",
                                                "SECP30/08"});
  CHECK(outline->items[0].decisions[0].ex_committee);
  CHECK(outline->items[4].actions.at(0).due == "2016-03-24");
}

TEST_CASE(
    "minutes: item 7 and the outstanding actions of the real minutes are read to the letter") {
  const auto outline = real_minutes();
  if (!outline) return;
  const OutlineItem& cpl = outline->items[6];
  CHECK(cpl.title == "Use of the Certified Products List by the DCC");
  CHECK(cpl.decisions[1].text ==
        "APPROVED the suggested mechanism for verifying the removal of a Device from the CPL");
  CHECK(cpl.decisions[1].text_sha256 == to_hex(sha256(cpl.decisions[1].text)));
  REQUIRE(cpl.actions.size() == 2);
  CHECK(cpl.actions[0].owner == "SECAS");
  CHECK(cpl.actions[0].text ==
        "SECAS to set up a standing agenda item for changes to the CPL once the CPL has been set "
        "up.");

  REQUIRE(outline->outstanding_actions.size() == 5);
  CHECK(outline->outstanding_actions[1].ref == "SECP20/04");
  CHECK(outline->outstanding_actions[2].ref == "SECP23/08");
  CHECK(outline->outstanding_actions[3].ref == "SECP28/06");
  CHECK(outline->outstanding_actions[1].text == outline->outstanding_actions[3].text);
}

TEST_CASE("minutes: the sample Panel meeting has the real one's form") {
  const MinutesOutline outline = sample("sample_panel_meeting.txt");
  CHECK(reasons_of(outline).empty());
  REQUIRE(outline.items.size() == 9);
  CHECK(verbs_of(outline.items[0]) == Verbs{"APPROVED"});
  CHECK(verbs_of(outline.items[3]) == Verbs{"AGREED", "NOTED", "NOTED", "APPROVED"});
  CHECK(verbs_of(outline.items[6]) == Verbs{"NOTED", "APPROVED"});
  CHECK(outline.items[6].actions.size() == 2);
  CHECK(outline.items[7].decisions[0].text == "supported the Chair's wish to write to the DCC");
  CHECK(verbs_of(outline.items[7]) == Verbs{"SUPPORTED", "NOTED", "SUPPORTED"});
  CHECK(outline.items[1].confidential);
  CHECK_FALSE(outline.items[3].confidential);
  CHECK(outline.outstanding_actions.size() == 4);
}

TEST_CASE("minutes: a decision to remove names its models, healed across the line break") {
  const MinutesOutline outline = sample("sample_removal_meeting.txt");
  CHECK(reasons_of(outline).empty());
  const OutlineItem& item = outline.items.at(1);
  CHECK(item.title == "Changes to the Certified Products List");
  REQUIRE(item.decisions.size() == 2);
  CHECK(item.decisions[1].ordinal == 2);
  CHECK(item.decisions[1].text ==
        "APPROVED the removal of Device Models {MODEL_1} and {MODEL_2} from the Certified "
        "Products List");
  CHECK(item.actions.at(0).due == "2016-04-15");
}

TEST_CASE("minutes: another body's draft is read by its own names") {
  const MinutesOutline outline = sample("draft_sub_committee.txt");
  CHECK(outline.meeting.body == "SSC");
  CHECK(outline.meeting.status == MinutesStatus::draft);
  REQUIRE(outline.attendance.size() == 3);
  CHECK(outline.attendance[0].category == "SSC Chair");
  CHECK(outline.attendance[1].category == "Meter Asset Providers");
  CHECK(outline.attendance[2].names == std::vector<std::string>{"Dr Yusuf Hale", "Greta Moss"});
  CHECK(outline.apologies.empty());
  CHECK(outline.outstanding_actions.at(1).ref == "SSC10/02");

  const OutlineItem& item = outline.items.at(1);
  CHECK(verbs_of(item) == Verbs{"NOTED", "ENDORSED", "APPROVED", "DEFERRED", "AGREED"});
  CHECK(item.decisions[0].text == "NOTED the paper. It is the second of three");
  CHECK(item.decisions[1].text ==
        "ENDORSED and APPROVED the review of the devices below: a prepayment meter; and a gas "
        "proxy");
  CHECK(item.decisions[1].text == item.decisions[2].text);
  CHECK(item.actions.at(0).owner == "SECAS and the DCC");
  CHECK(item.actions.at(0).due == "2019-05-01");
  // The Panel is another body here, and its formal verb is reported.
  REQUIRE(outline.unplaced.size() == 1);
  CHECK(outline.unplaced[0].text == "The Panel APPROVED the same paper in March.");
  CHECK(outline.unplaced[0].line == 25);
}

TEST_CASE("minutes: the body's own sentences decide, others' do not") {
  CHECK(verbs_of("The Panel NOTED the paper and SUPPORTED the plan.") ==
        Verbs{"NOTED", "SUPPORTED"});
  CHECK(texts_of("The Panel NOTED the paper and SUPPORTED the plan.") ==
        std::vector<std::string>{"NOTED the paper", "SUPPORTED the plan"});
  CHECK(texts_of("The Panel agreed that the text is final, but noted that it will grow.") ==
        std::vector<std::string>{"agreed that the text is final", "noted that it will grow"});
  CHECK(texts_of("The Panel noted the duty, but that it has no role.") ==
        std::vector<std::string>{"noted the duty, but that it has no role"});
  CHECK(texts_of("The Panel supported the plan, and SECAS agreed to publish it.") ==
        std::vector<std::string>{"supported the plan"});
  CHECK(verbs_of("Following discussion, the Panel unanimously agreed the plan.") ==
        Verbs{"AGREED"});
  CHECK(verbs_of("As time was short, the Panel AGREED the plan.") == Verbs{"AGREED"});
  CHECK(verbs_of("The Panel, having read the paper, rejected it.") == Verbs{"REJECTED"});
  CHECK(verbs_of("The Panel discussed the paper and agreed to publish it.") == Verbs{"AGREED"});
  CHECK(verbs_of("The Panel: NOTED the paper.") == Verbs{"NOTED"});
  CHECK(verbs_of("Panel members agreed the plan. Members supported it.") ==
        Verbs{"AGREED", "SUPPORTED"});

  CHECK(verbs_of("SECAS agreed to look into it. The Change Board approved their plan.").empty());
  CHECK(verbs_of("The Panel Chair agreed to write. The Panel had agreed this before.").empty());
  CHECK(verbs_of("It was noted that the plan is late. The TSC noted it.").empty());
  CHECK(verbs_of("The Panel asked why it is late and SECAS agreed to find out.").empty());
  CHECK(verbs_of("SECAS reported that the Panel agreed the plan, which was approved.").empty());
  CHECK(verbs_of("The Panel requested a report. The Panel will agree it in May.").empty());
  CHECK(verbs_of("The Panel was given the plan, approved by the SSC.").empty());
}

TEST_CASE("minutes: a passive decides in a main clause, if nobody else is said to have decided") {
  const MinutesOutline outline =
      item_of("The minutes of February 2016 were approved via ex-committee decision.");
  CHECK(verbs_of(outline.items[0]) == Verbs{"APPROVED"});
  CHECK(outline.items[0].decisions[0].ex_committee);
  CHECK(texts_of("All were accepted, and the paths, dates and groups were agreed.") ==
        std::vector<std::string>{"All were accepted", "the paths, dates and groups were agreed"});
  CHECK(verbs_of("It was agreed that the plan is good.") == Verbs{"AGREED"});
  CHECK(verbs_of("The plan was approved by the Panel.") == Verbs{"APPROVED"});
  CHECK(verbs_of("The plan was approved by the SSC.").empty());
  CHECK(verbs_of("SECAS checks that any removal was approved.").empty());
  CHECK(verbs_of("If this plan was agreed, it would help.").empty());
  CHECK(verbs_of("The plan had been approved. The plan is agreed.").empty());
}

TEST_CASE("minutes: what may be a decision and is not clear is reported") {
  const auto reasons = [](const std::string& body) { return reasons_of(item_of(body)); };
  CHECK(reasons("The Panel noted that SECAS had read and agreed the plan.").size() == 1);
  CHECK(reasons("The Panel discussed the plan. They agreed it.").size() == 1);
  CHECK(item_of("The Panel read\nit. The\nTSC APPROVED it.").unplaced.at(0).line == 6);
  CHECK(reasons("The plan was approved at the October 2015 meeting.").size() == 1);
  CHECK(reasons("The plan has been approved.").size() == 1);
  CHECK(reasons("The Panel did not approve the plan.").size() == 1);
  CHECK(reasons("The Panel PONDERED the plan.").size() == 1);
  CHECK(reasons("The TSC APPROVED the plan.").size() == 1);
  CHECK(reasons("The Panel:\n\n• PONDERED the plan.") ==
        std::vector<std::string>{"a decision with an unknown verb"});
  CHECK(reasons("The Panel:\n\nThere was a break.") ==
        std::vector<std::string>{"no decision follows"});
  CHECK(reasons("The SSC:\n\n• NOTED the plan.").size() == 1);
  CHECK(reasons("Post Meeting Note: the Panel APPROVED the plan ex-committee.").size() == 1);
}

TEST_CASE("minutes: bullets decide below the body's name, in whatever case and with any mark") {
  CHECK(verbs_of("The Panel:\n- Noted the plan; and\n- Agreed it.") == Verbs{"NOTED", "AGREED"});
  CHECK(verbs_of("The Panel:\n\n(a) NOTED the plan;\n(b) REQUESTED a report.") ==
        Verbs{"NOTED", "REQUESTED"});
  CHECK(verbs_of("The Panel:\n\n1. NOTED the plan; and\n2. AGREED it.") ==
        Verbs{"NOTED", "AGREED"});
  CHECK(verbs_of("The Panel read the plan and:\n\n• NOTED it; and\n\n• AGREED it.") ==
        Verbs{"NOTED", "AGREED"});
  CHECK(texts_of("The Panel APPROVED the removal of:\n\n• ESME-1063-\n00050203; and\n\n• GSME-10E0."
                 "\n\n• NOTED") ==
        std::vector<std::string>{"APPROVED the removal of: ESME-1063-00050203; and GSME-10E0",
                                 "NOTED"});
  CHECK(verbs_of("These were read:\n\n• one plan, approved; and\n\n• another.").empty());
}

TEST_CASE("minutes: items that are missing or out of sequence are reported, never renumbered") {
  const MinutesOutline outline = outline_of(
      "Meeting SECP_30_1103, 11th March 2016\n\n1. One\nText.\n\n4. Four\nText.\n\n2. Two\n"
      "The Panel NOTED it.\n\n5. Five\nThe steps are:\n\n1. first; and\n\n2. second.\n");
  std::vector<std::uint32_t> numbers;
  for (const OutlineItem& item : outline.items) numbers.push_back(item.number);
  CHECK(numbers == std::vector<std::uint32_t>{1, 4, 5});
  REQUIRE(outline.unplaced.size() == 3);
  CHECK(outline.unplaced[0].line == 6);
  CHECK(outline.unplaced[0].text == "items 2 to 3 are missing before item 4");
  CHECK(outline.unplaced[1].line == 9);
  CHECK(outline.unplaced[1].text == "2. Two");
  CHECK(outline.unplaced[2].text == "The Panel NOTED it.");
}

TEST_CASE("minutes: a number at the start of a line is no heading inside a sentence") {
  const MinutesOutline outline = item_of("The likelihood of risk\n2. The other was not\nchanged.");
  CHECK(outline.items.size() == 1);
  CHECK(outline.unplaced.empty());
}

TEST_CASE("minutes: actions that are duplicate, foreign or unreadable are reported") {
  const MinutesOutline outline = item_of(
      "ACTION SECP30/01: SECAS to act.\n\nACTION SECP30/01: SECAS to act again.\n\n"
      "ACTION SECP3O/02: SECAS to act.\n\nACTION SECP29/03: SECAS to act.\n\n"
      "ACTION SECP30/04 & 30/05: to be done by 31st February 2016.");
  REQUIRE(outline.items[0].actions.size() == 3);
  CHECK(outline.items[0].actions[2].ref == "SECP30/05");
  CHECK_FALSE(outline.items[0].actions[2].owner);
  CHECK_FALSE(outline.items[0].actions[2].due);
  CHECK(outline.unplaced.size() == 3);
}

TEST_CASE("minutes: what the front does not explain is reported") {
  const MinutesOutline outline = outline_of(
      "SEC Panel Meeting 31\nMeeting SECP_30_1103, 12th March 2016\nHall 1,\nLondon\n\nStray "
      "text.\n"
      "Draft Minutes\nFinal Minutes\nAttendees:\nJane Roe\nChair Ann Bell\nlower case\n\n1. One\n");
  CHECK(outline.meeting.place == "Hall 1, London");
  CHECK_FALSE(outline.meeting.status);
  std::vector<std::size_t> lines;
  for (const OutlineUnplaced& unplaced : outline.unplaced) lines.push_back(unplaced.line);
  CHECK(lines == std::vector<std::size_t>{1, 2, 6, 8, 10, 12});
}

TEST_CASE("minutes: the JSON has the fixed names in the fixed order") {
  const MinutesOutline outline = outline_of(
      "Meeting SECP_30_1103, 11th March 2016\n\nChair Ann Bell\n\n1. One\nThe Panel "
      "NOTED it.\n\nACTION SECP30/01: SECAS to act.\n");
  std::string expected =
      R"({"meeting":{"ref":"SECP_30_1103","number":30,"date":"2016-03-11",)"
      R"("place":"Chair Ann Bell","status":null},"attendance":[],"apologies":[],)"
      R"("items":[{"number":1,"title":"One","confidential":false,)"
      R"("decisions":[{"ordinal":1,"verb":"NOTED","formal":false,"text":"NOTED it",)"
      R"("text_sha256":")";
  expected += to_hex(sha256("NOTED it"));
  expected += R"("}],"actions":[{"ref":"SECP30/01","owner":"SECAS","text":"SECAS to act.",)"
              R"("due":null}],"notes":[]}],"outstanding_actions":[],"unplaced":[]})";
  CHECK(minutes_to_json(outline).dump() == expected);
}

TEST_CASE("minutes: the outline for people shows decisions, actions and what was not placed") {
  const std::string text = minutes_outline_text(sample("draft_sub_committee.txt"));
  CHECK(text.find("SSC_12_1004, 2019-04-10, status: draft") != text.npos);
  CHECK(text.find("Decision 2/1, NOTED: NOTED the paper.") != text.npos);
  CHECK(text.find("Action SSC12/01 (SECAS and the DCC, by 2019-05-01): ") != text.npos);
  CHECK(text.find("line 25, a formal verb") != text.npos);
}

TEST_CASE("minutes: a list of organisations that are admitted as Parties is read with categories") {
  const MinutesOutline outline = item_of(
      "SECAS noted that the following organisations would be admitted as Parties to the SEC "
      "following the\nexecution of an Accession Agreement by the SECCo Board:\n\n"
      "\u2022 Example Meters (UK) Ltd (Other SEC Party);\n\n"
      "\u2022 North Energy Ltd  (Small Supplier); and\n\n"
      "\u2022 South Energy Ltd\n\nThe Panel NOTED the contents of the paper.\n");
  const auto& admissions = outline.items.at(0).admissions;
  REQUIRE(admissions.size() == 2);
  CHECK(admissions[0].legal_name == "Example Meters (UK) Ltd");
  CHECK(admissions[0].category == "Other SEC Party");
  CHECK(admissions[1].legal_name == "North Energy Ltd");
  CHECK(admissions[1].category == "Small Supplier");
  CHECK(std::any_of(outline.unplaced.begin(), outline.unplaced.end(), [](const auto& one) {
    return one.text.find("South Energy") != std::string::npos;
  }));
  // A list that nothing announces admits nobody.
  CHECK(item_of("The Panel heard from:\n\n\u2022 North Energy Ltd (Small Supplier)\n")
            .items.at(0)
            .admissions.empty());
}

}  // namespace cpl::testing::minutes_test
