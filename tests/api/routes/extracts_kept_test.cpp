// Extracts as they are kept on the disk: what was altered there is not served, and is no other.
#include "tests/api/routes/extracts_fixture.hpp"

namespace cpl::testing::extracts_kept_test {

TEST_CASE("extracts: a file that changed on disk is not served; half a publication is not there") {
  ExtractApi api;
  REQUIRE(api.publish(api.extract()).status == 201);
  const auto folder = api.folder.path() / "extracts";
  std::filesystem::create_directories(folder / "2.new");
  api.open();
  CHECK(api.registry.get_json("/v1/extracts")["newest"] == 1);
  std::filesystem::resize_file(folder / "1" / "extract.csv", 10);
  CHECK(problem(api.registry.get("/v1/extract.csv"), 500)["code"] == "stored-data-corrupt");
  CHECK(api.registry.get("/v1/extract.json").status == 200);
}

TEST_CASE("extracts: a version whose record is damaged or gone is an error, and no other is") {
  ExtractApi api;
  REQUIRE(api.publish(api.extract()).status == 201);
  const Hash first =
      (*ExtractShelf::open(api.folder.path() / "extracts"))->published()->at(0)->hash();
  const Extract second = api.extract(2, first);
  REQUIRE(api.publish(second).status == 201);
  const auto record = api.folder.path() / "extracts" / "1" / "published.json";
  SECTION("damaged") { std::filesystem::resize_file(record, 10); }
  SECTION("gone") { std::filesystem::remove(record); }
  SECTION("the whole folder gone") { std::filesystem::remove_all(record.parent_path()); }
  api.open();
  CHECK(api.registry.get("/v1/extract.csv").status == 200);
  CHECK(api.registry.get("/v1/extracts/2.csv").status == 200);
  CHECK(problem(api.registry.get("/v1/extracts/1.csv"), 500)["code"] == "stored-data-corrupt");
  CHECK(api.registry.get("/v1/extracts").status == 500);
  CHECK(api.registry.get("/v1/extracts?after=1").status == 200);
  const auto third = api.extract(3, sha256(written(second, ExtractForm::json)));
  CHECK(problem(api.publish(third), 500)["code"] == "stored-data-corrupt");
  CHECK_FALSE(std::filesystem::exists(api.folder.path() / "extracts" / "3"));
}

}  // namespace cpl::testing::extracts_kept_test
