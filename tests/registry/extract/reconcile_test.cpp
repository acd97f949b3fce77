// An inventory against the list: each row is told as it stands, and what nobody has is told, too.
#include "registry/extract/reconcile.hpp"

#include <catch2/catch.hpp>

#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::reconcile_test {

namespace {

ModelRecord record_of(std::uint64_t number, ModelStatus status) {
  ModelRecord record;
  record.model = small_model(number);
  record.status = status;
  record.added = EntryIndex{number};
  record.changed_at = EntryIndex{number};
  if (status == ModelStatus::removed) record.decision = EntryIndex{90};
  return record;
}

Extract three_models() {
  Extract extract;
  extract.models = {record_of(1, ModelStatus::removed), record_of(2, ModelStatus::listed),
                    record_of(3, ModelStatus::listed)};
  return extract;
}

std::vector<std::string> texts(const std::vector<InventoryRow>& rows) {
  std::vector<std::string> found;
  for (const InventoryRow& row : rows) found.push_back(row.text);
  return found;
}

}  // namespace

TEST_CASE("reconcile: each row stands as the extract has it, and what it lacks is told") {
  const Extract extract = three_models();
  const std::vector<InventoryRow> inventory = {{2, small_id(1).text()},
                                               {3, small_id(2).text()},
                                               {4, small_id(9).text()},
                                               {5, "ESME-1"},
                                               {6, small_id(2).text()}};
  const Reconciliation result = reconcile(extract, inventory);
  REQUIRE(result.rows.size() == 4);
  CHECK(result.rows[0].standing == InventoryStanding::removed);
  CHECK(result.rows[0].record->decision == EntryIndex{90});
  CHECK(result.rows[0].newest_firmware == small_id(3));
  CHECK(result.rows[1].standing == InventoryStanding::listed);
  CHECK(result.rows[2].standing == InventoryStanding::never_listed);
  CHECK(result.rows[2].record == nullptr);
  CHECK(result.rows[3].standing == InventoryStanding::not_a_model);
  CHECK(result.count(InventoryStanding::listed) == 1);
  REQUIRE(result.only_listed.size() == 1);
  CHECK(result.only_listed[0]->model.id() == small_id(3));
}

TEST_CASE("reconcile: ids are found in the named column, the first that has one, or by lines") {
  const std::string one = small_id(1).text();
  const std::string two = small_id(2).text();
  const std::string table = "site,model,note\r\nA," + one + ",x\r\nB, " + two + " ,y\r\nC,,z\r\n";
  CHECK(texts(read_inventory(table, "").value()) == std::vector{one, two});
  CHECK(texts(read_inventory(table, "model").value()) == std::vector{one, two});
  CHECK(read_inventory(table, "model").value()[1].number == 3);
  CHECK(texts(read_inventory(one + "\n" + two + "\n", "").value()) == std::vector{one, two});
  CHECK(texts(read_inventory("id\n" + one + "\nnonsense\n", "").value()) ==
        std::vector<std::string>{one, "nonsense"});
}

TEST_CASE("reconcile: a file without ids, or without the column, says so") {
  CHECK(read_inventory("a,b\n1,2\n", "").error().code == "models-missing");
  CHECK(read_inventory("a,b\n1,2\n", "model").error().code == "column-unknown");
  CHECK_FALSE(read_inventory("a,\"b\n", ""));
}

}  // namespace cpl::testing::reconcile_test
