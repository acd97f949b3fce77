#include "registry/base/fault_teller.hpp"

#include "registry/store/keyspace.hpp"
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::fault_teller_test {

TEST_CASE("fault teller: each fault is told once a minute, and counted each time") {
  std::vector<std::string> told;
  FaultTeller teller([&](const std::string& sentence) { told.push_back(sentence); });
  const Error fault = corrupt("entry 7 is missing");
  teller.meet(fault, UnixMillis{5000});
  teller.meet(fault, UnixMillis{64'999});
  CHECK(told.size() == 1);
  CHECK_THAT(told[0], Catch::Contains("entry 7 is missing"));
  teller.meet(corrupt("entry 8 is missing"), UnixMillis{64'999});
  CHECK(told.size() == 2);
  teller.meet(fault, UnixMillis{65'000});
  CHECK(told.size() == 3);
  CHECK(teller.count() == 4);
}

TEST_CASE("fault teller: what is refused, busy or unknown is no fault of stored data") {
  CHECK(is_fault(corrupt("a tile is too short")));
  for (const char* code : {"store-unavailable", "extracts-unavailable", "file-error"}) {
    CHECK(is_fault(Error{Errc::unavailable, code, "no such file"}));
  }
  CHECK_FALSE(is_fault(Error{Errc::unavailable, "store-damaged", "a file is missing"}));
  CHECK_FALSE(is_fault(malformed("entry-malformed", "not a number")));
}

TEST_CASE("fault teller: of a missing entry the operator is told which, whoever asks that it is") {
  TestApi registry;
  registry.log.append(story_notes());
  registry.lose(keyspace::entry(EntryIndex{4}));
  registry.log.append({addition_note(30)});  // What is read from now on is what is left.
  REQUIRE(registry.told.empty());
  const Json answer = problem(registry.get("/v1/entries/4"), 500);
  CHECK(answer["code"] == "stored-data-corrupt");
  CHECK(answer["detail"] == "the operator has been told");
  REQUIRE(registry.told.size() == 1);
  CHECK_THAT(registry.told[0], Catch::Contains("entry 4 is missing"));
  CHECK(registry.get("/v1/entries/5").status == 200);
  CHECK(registry.get("/v1/entries/50").status == 404);
  CHECK(registry.told.size() == 1);
  CHECK_THAT(registry.metrics(), Catch::Contains("\ncpl_stored_data_faults_total 1\n"));
}

}  // namespace cpl::testing::fault_teller_test
