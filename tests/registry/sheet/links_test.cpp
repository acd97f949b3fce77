#include <catch2/catch.hpp>

#include "tests/registry/sheet/sheet_fixture.hpp"
#include "tools/shared/sample.hpp"

namespace cpl::testing::links_test {
namespace {

const Date today = *Date::parse("2026-07-09");

}  // namespace

TEST_CASE("model sheet links: one model in two rows, and one number for two rows, are refused") {
  fails(Sheet().add("CPL-000002", "00000001"), 3, "", "as row 2 does");
  fails(Sheet().add("CPL-000001", "00000002"), 3, "cpl_entry_id", "is the number of row 2 too");
}

TEST_CASE(
    "model sheet links: predecessors are model ids or entry ids of rows in either direction") {
  const std::string first = "ESME-1063-00050203-00000001";
  const Sheet two = Sheet().add("CPL-000002", "00000009");
  const auto predecessors = [&](const std::string& cell) {
    std::vector<std::string> ids;
    for (const ModelId& id : accepts(Sheet(two).set("predecessors", cell)).predecessors) {
      ids.push_back(id.text());
    }
    return ids;
  };
  using Ids = std::vector<std::string>;
  CHECK(predecessors("N/A").empty());
  CHECK(predecessors("").empty());
  CHECK(predecessors("CPL-000001") == Ids{first});
  CHECK(predecessors(first) == Ids{first});
  CHECK(predecessors("CPL-000001; ESME-1063-00050200-00000000") ==
        Ids{first, "ESME-1063-00050200-00000000"});
  const SheetReading forward =
      Sheet().set("predecessors", "CPL-000002").add("CPL-000002", "00000000").read();
  CHECK(forward.models.at(0).predecessors.at(0).text() == "ESME-1063-00050203-00000000");
  warns(Sheet(two).set("predecessors", "esme-1063-00050203-00000001"), 3, "predecessors",
        "read as upper case");
}

TEST_CASE("model sheet links: predecessors that cannot be are named") {
  const Sheet two = Sheet().add("CPL-000002", "00000009");
  fails(Sheet(two).set("predecessors", "CPL-000003"), 3, "predecessors", "neither");
  fails(Sheet(two).set("predecessors", "ESME-1064-00050203-00000001"), 3, "predecessors",
        "another manufacturer or model");
  fails(Sheet(two).set("predecessors", "ESME-1063-00060203-00000001"), 3, "predecessors",
        "another manufacturer or model");
  // The number is known, its row is wrong: said once, at that row.
  fails(Sheet().set("predecessors", "CPL-000002").add("CPL-000002", "502030"), 3,
        "firmware_version", "drops the zeros");
}

TEST_CASE("model sheet links: a circle of predecessors names its rows") {
  fails(Sheet().set("predecessors", "CPL-000001"), 2, "predecessors", "rows 2 and back to 2");
  Sheet three;
  three.set("predecessors", "CPL-000003");
  three.add("CPL-000002", "00000005").set("predecessors", "CPL-000001");
  three.add("CPL-000003", "00000009").set("predecessors", "CPL-000002");
  three.add("CPL-000004", "0000000F").set("predecessors", "CPL-000003");
  fails(three, 2, "predecessors", "rows 2, 4, 3 and back to 2");
}

TEST_CASE(
    "model sheet links: digits that change places are a warning, unless one succeeds the other") {
  warns(Sheet().set("firmware_version", "00000112").add("CPL-000002", "00000121"), 3,
        "firmware_version", "differs from ESME-1063-00050203-00000112 in row 2");
  warns(Sheet().add("CPL-000002", "00000001").set("model_id", "0050"), 3, "model_id", "row 2");
  accepts(Sheet()
              .set("firmware_version", "00000112")
              .add("CPL-000002", "00000121")
              .set("predecessors", "CPL-000001"));
  accepts(Sheet().add("CPL-000002", "00000003"));
}

TEST_CASE("model sheet links: generations put every predecessor before its successors") {
  const auto models = sample_models(1000, 4, today);
  const auto generations = order_by_predecessors(models);
  REQUIRE(generations);
  std::set<std::string> done;
  std::size_t count = 0;
  for (const auto& generation : *generations) {
    for (const std::size_t i : generation) {
      for (const ModelId& id : models[i].predecessors) CHECK(done.count(id.text()) == 1);
    }
    for (const std::size_t i : generation) done.insert(models[i].id().text());
    count += generation.size();
  }
  CHECK(count == models.size());
  CHECK(order_by_predecessors({})->empty());
}

TEST_CASE("model sheet links: models in a circle have no order") {
  auto models = sample_models(2, 1, today);
  models[0].predecessors = {models[1].id()};
  models[1].predecessors = {models[0].id()};
  const auto generations = order_by_predecessors(models);
  REQUIRE_FALSE(generations);
  CHECK(generations.error().code == "predecessor-circle");
  CHECK_THAT(generations.error().detail, Catch::Contains(models[1].id().text() + " and back to"));
}

}  // namespace cpl::testing::links_test
