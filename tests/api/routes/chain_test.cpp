// On whose word a model stands as it does; what the desk answered; what a decision still wants.
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::chain_test {

namespace {

// "charter 0, addition 1"
std::string steps(const Json& chain) {
  std::string said;
  for (const Json& link : chain["links"]) {
    said +=
        (said.empty() ? "" : ", ") + link["step"].get<std::string>() + " " + link["entry"].dump();
  }
  return said;
}

std::vector<std::uint64_t> entries(const Json& page) {
  std::vector<std::uint64_t> found;
  for (const Json& decision : page["decisions"])
    found.push_back(decision["entry"].get<std::uint64_t>());
  return found;
}

std::string chain_of(std::uint64_t number) {
  return "/v1/models/" + small_id(number).text() + "/chain";
}

}  // namespace

TEST_CASE("chain: of a removed model it leads from the charter to the removal and its minutes") {
  TestApi registry;
  registry.log.append(story_notes());
  const Json chain = registry.get_json(chain_of(1));
  CHECK(steps(chain) ==
        "charter 0, addition 1, decision 4, notice 5, receipt 6, receipt 7, removal 8, minutes 9");
  CHECK(chain["status"] == "removed");
  const Json decision = chain["links"][2];
  CHECK(decision["signed_by"] == Json({"panel"}));
  CHECK(decision["role"] == "panel");
  CHECK(decision["needed"] == 1);
  CHECK(decision["of"] == 1);
  CHECK(decision["charter"] == 0);
  CHECK(decision["standing"] == "confirmed");
  CHECK(decision["text"] == the_text);
  CHECK(chain["links"][5]["status"] == "validated");
  CHECK(chain["links"][5]["signed_by"] == Json({"desk"}));
  CHECK(chain["links"][7]["status"] == "final");
}

TEST_CASE("chain: of a listed model it is as long as what there is; of none there is none") {
  TestApi registry;
  registry.log.append(story_notes());
  CHECK(steps(registry.get_json(chain_of(3))) == "charter 0, addition 3");
  CHECK(problem(registry.get(chain_of(99)), 404)["code"] == "model-not-found");
}

TEST_CASE("chain: the removal of another model of the same notice is no part of it") {
  TestApi registry;
  registry.log.append({charter_note(), addition_note(1), addition_note(2),
                       decision_note({small_id(1), small_id(2)}),
                       notice_note({small_id(1), small_id(2)}, EntryIndex{3}),
                       receipt_note(EntryIndex{4}, ReceiptStatus::received),
                       receipt_note(EntryIndex{4}, ReceiptStatus::validated),
                       removal_note(small_id(1), EntryIndex{4}),
                       removal_note(small_id(2), EntryIndex{4})});
  CHECK(steps(registry.get_json(chain_of(1))) ==
        "charter 0, addition 1, decision 3, notice 4, receipt 5, receipt 6, removal 7");
  CHECK(steps(registry.get_json(chain_of(2))) ==
        "charter 0, addition 2, decision 3, notice 4, receipt 5, receipt 6, removal 8");
}

TEST_CASE("chain: a reinstatement stands in it, with the decision that it rests on") {
  TestApi registry;
  registry.log.append(story_notes());
  Decision back = the_decision({});
  back.meeting = MeetingRef{"SECP", "SECP_31_0804"};
  back.authorises = {{Act::reinstate, {small_id(1)}}};
  registry.log.append({sign(back, log_keys().panel)});
  CHECK(registry.get_json("/v1/decisions?open=1")["decisions"][0]["remaining"] ==
        Json({small_id(1).text()}));
  registry.log.append(
      {sign(Reinstatement{small_id(1), EntryIndex{10}, {}, {}}, log_keys().registrar)});
  CHECK_THAT(steps(registry.get_json(chain_of(1))),
             Catch::EndsWith("minutes 9, decision 10, reinstatement 11"));
}

TEST_CASE("notices: one of them tells what the desk answered") {
  TestApi registry;
  std::vector<Bytes> notes = story_notes();
  notes.resize(7);
  notes.push_back(sign(Receipt{EntryIndex{5},
                               ReceiptStatus::rejected,
                               "minute-mismatch",
                               Text("It is another model."),
                               {},
                               {small_id(1)}},
                       log_keys().desk));
  registry.log.append(notes);
  const Json notice = registry.get_json("/v1/notices/5");
  CHECK(notice["receipts"] == Json({6, 7}));
  const Json& answers = notice["answers"];
  REQUIRE(answers.size() == 2);
  CHECK(answers[0]["status"] == "received");
  CHECK(answers[0]["code"].is_null());
  CHECK(answers[1]["entry"] == 7);
  CHECK(answers[1]["code"] == "minute-mismatch");
  CHECK(answers[1]["text"] == "It is another model.");
  CHECK(answers[1]["signed_by"] == Json({"desk"}));
}

TEST_CASE("decisions: those are open that name what is not done yet, with what and by when") {
  TestApi registry;
  std::vector<Bytes> notes = story_notes();
  notes.pop_back();
  registry.log.append(notes);
  const Json open = registry.get_json("/v1/decisions?open=1&standing=provisional");
  REQUIRE(entries(open) == std::vector<std::uint64_t>{4});
  CHECK(open["decisions"][0]["remaining"] == Json({small_id(2).text()}));
  // Decided on Wednesday 20 May 2026: by the end of Thursday, in London.
  CHECK(open["decisions"][0]["due"] == "2026-05-21T23:00:00Z");
  CHECK(entries(registry.get_json("/v1/decisions?standing=confirmed")).empty());
  registry.log.append({notice_note({small_id(2)}, EntryIndex{4})});
  const Json one = registry.get_json("/v1/decisions/4");
  CHECK(one["remaining"] == Json({small_id(2).text()}));
  CHECK(one["due"].is_null());
  registry.log.append({receipt_note(EntryIndex{9}, ReceiptStatus::received),
                       receipt_note(EntryIndex{9}, ReceiptStatus::validated),
                       removal_note(small_id(2), EntryIndex{9})});
  CHECK(entries(registry.get_json("/v1/decisions?open=1")).empty());
  CHECK(entries(registry.get_json("/v1/decisions")) == std::vector<std::uint64_t>{4});
}

TEST_CASE("decisions: they are paged beside a filter, and nothing else is taken") {
  TestApi registry;
  registry.log.append({charter_note(), addition_note(1)});
  std::vector<Bytes> notes;
  for (std::uint64_t i = 1; i <= 5; ++i) {
    Decision decision = the_decision({small_id(1)});
    decision.place = {i, 1};
    notes.push_back(sign(decision, log_keys().panel));
  }
  registry.log.append(notes);
  const Json first = registry.get_json("/v1/decisions?open=1&limit=2");
  CHECK(entries(first) == std::vector<std::uint64_t>{6, 5});
  CHECK(entries(registry.get_json("/v1/decisions?open=1&limit=9&before=5")) ==
        std::vector<std::uint64_t>{4, 3, 2});
  for (const std::string bad : {"open=0", "open=true", "standing=final", "state=open"}) {
    CHECK(registry.get("/v1/decisions?" + bad).status == 400);
  }
}

}  // namespace cpl::testing::chain_test
