// The indexes of the list: what leads to a model, as its record changes.
#include "registry/log/model_index.hpp"

#include "registry/list/certificate_cover.hpp"
#include "registry/log/log_keys.hpp"
#include "registry/store/keyspace.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::model_index_test {

namespace {

DeviceModel model_with_facts(std::uint64_t number) {
  DeviceModel model = small_model(number);
  model.image_hash = sha256("image");
  model.cpl_entry_id = "CPL-Entry-7";
  model.zigbee = {"ZIG2022", {}, *Date::parse("2022-01-01"), CertificateMatch::exact};
  model.cpa = {"CPA-1",
               {},
               {},
               *Date::parse("2022-01-01"),
               CpaCertificate::Kind::dated,
               *Date::parse("2027-01-01"),
               CertificateMatch::exact};
  return model;
}
Bytes addition_of(const DeviceModel& model) {
  return sign(Addition{model, start_time}, log_keys().registrar);
}

std::vector<std::string> ids_of(const TestLog& log, ModelStatus status) {
  const auto view = log.view();
  const auto rows = view->list().index().of_status(status, "", "", 100);
  REQUIRE(rows);
  std::vector<std::string> ids;
  for (const auto& row : *rows) ids.push_back(row.id);
  return ids;
}
std::size_t ends_by(const TestLog& log, std::string_view day) {
  const auto view = log.view();
  const auto rows = view->list().index().cover_ends("", day, 100);
  REQUIRE(rows);
  return rows->size();
}

}  // namespace

TEST_CASE("model index: a model stands under its facts, in whatever case they are asked for") {
  MemoryStore store;
  TestLog log(store);
  log.append({charter_note(), addition_of(model_with_facts(1)), addition_note(2)});
  const auto view = log.view();
  const ModelIndex index = view->list().index();
  const std::vector<std::string> one = {small_id(1).text()};
  CHECK(index.with(ModelFact::image_hash, to_hex(sha256("image").view()), 10).value() == one);
  CHECK(index.with(ModelFact::certificate, "zig2022", 10).value() == one);
  CHECK(index.with(ModelFact::certificate, "cpa-1", 10).value() == one);
  CHECK(index.with(ModelFact::cpl_entry_id, "cpl-entry-7", 10).value() == one);
  CHECK(index.with(ModelFact::cpl_entry_id, "CPL-Entry", 10).value().empty());
  REQUIRE(index.wordy(10).value().size() == 1);
  CHECK(index.wordy(10).value()[0].id == one[0]);
  CHECK(index.wordy(10).value()[0].text == "\ncpl-entry-7");
  REQUIRE(index.manufacturers(10).value().size() == 1);
  CHECK(index.manufacturers(10).value()[0].name == "Example Meters Ltd");
  CHECK(ends_by(log, "2026-12-31") == 0);
  CHECK(ends_by(log, "2027-01-01") == 1);
}

TEST_CASE("model index: a removal moves a model, in one batch or in many, and its cover with it") {
  std::vector<Bytes> notes = story_notes();
  notes[1] = addition_of(model_with_facts(1));
  MemoryStore together_store;
  TestLog together(together_store);
  together.append(notes);
  MemoryStore apart_store;
  TestLog apart(apart_store);
  for (const Bytes& note : notes) apart.append({note});
  for (const TestLog* log : {&together, &apart}) {
    CHECK(ids_of(*log, ModelStatus::removed) == std::vector<std::string>{small_id(1).text()});
    CHECK(ids_of(*log, ModelStatus::listed).size() == 2);
    CHECK(ends_by(*log, "9999-12-31") == 0);
  }
}

TEST_CASE("model index: a correction and a renewal leave no row behind that misleads") {
  MemoryStore store;
  TestLog log(store);
  DeviceModel model = model_with_facts(1);
  log.append({charter_note(), addition_of(model)});
  model.cpl_entry_id = "8";
  model.manufacturer_name = "Example Meters plc";
  model.cpa->end_date = *Date::parse("2027-12-31");
  log.append({sign(Correction{model, "It was misprinted.", {}}, log_keys().registrar)});
  const auto view = log.view();
  const ModelIndex index = view->list().index();
  CHECK(index.with(ModelFact::cpl_entry_id, "CPL-Entry-7", 10).value().empty());
  CHECK(index.with(ModelFact::cpl_entry_id, "8", 10).value().size() == 1);
  CHECK(index.wordy(10).value().empty());
  // Other models may still bear the older name.
  CHECK(index.manufacturers(10).value().size() == 2);
  CHECK(ends_by(log, "2027-12-30") == 0);
  CHECK(ends_by(log, "2027-12-31") == 1);
}

TEST_CASE("model index: what changed and changed back within a batch is as it was") {
  ModelRecord before;
  before.model = model_with_facts(1);
  WriteBatch same;
  put_model_rows(before, before, same);
  CHECK(same.empty());
  ModelRecord removed = before;
  removed.status = ModelStatus::removed;
  WriteBatch batch;
  put_model_rows(before, removed, batch);
  CHECK(batch.puts.size() == 1);
  CHECK(batch.deletes.size() == 2);
}

TEST_CASE("model index: a word is four letters in a row, or the beginning of a hub's id") {
  for (const std::string_view text : {"beta", "1.0-release", "ch-9a01", "\xC3\xBC\xC3\xBC"}) {
    CHECK(has_words(text));
  }
  for (const std::string_view text : {"", "v4.18.36", "cpl-7", "abc1def", "38040404"}) {
    CHECK_FALSE(has_words(text));
  }
}

}  // namespace cpl::testing::model_index_test
