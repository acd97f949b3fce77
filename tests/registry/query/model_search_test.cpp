// The list searched by its indexes: what is found is what reading every record finds.
#include "registry/query/model_search.hpp"

#include <random>

#include "registry/list/record_json.hpp"
#include "registry/log/log_keys.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::model_search_test {

namespace {

using Random = std::mt19937;

std::uint64_t below(Random& random, std::uint64_t bound) { return random() % bound; }

template <class Values>
auto one_of(Random& random, const Values& values) {
  return values[below(random, values.size())];
}

const std::vector<std::string> names = {"Example Meters Ltd", "Rare plc", "Esme-Works", "Tech-9",
                                        "S\xC3\xB6hne GmbH",  "Calc Co"};
const std::vector<std::string> printed = {"v4.18.36", "1.0-beta", "tech-9a", "38.04", "release 2"};
const std::vector<std::string> entry_ids = {"CPL-7", "Old List 12", "4711"};
const std::vector<std::string> days = {"2026-03-31", "2026-12-31", "2027-06-30", "2031-01-01"};
const std::vector<std::string> texts = {
    "",          "esme",   "esme-9a01", "esme-9a01-0005", "ppmid-",    "ch-",
    "ch-9a",     "rare",   "meters",    "beta",           "calc",      "hcalcs",
    "tech",      "38",     "old list",  "s\xC3\xB6hne",   "esme-work", "00000001",
    "not there", "-9a01-", "gsme-1063", "release",        "facade",    "list 12"};

DeviceModel any_model(Random& random, std::uint64_t number) {
  DeviceModel model = small_model(number);
  model.device_type = static_cast<DeviceType>(below(random, device_type_words.size()));
  if (model.device_type == DeviceType::ch) model.han_variant = "Single Band";
  if (model.device_type == DeviceType::esme) model.esme_variant = "A";
  model.manufacturer_id = one_of(random, std::vector<std::string>{"9A01", "1063", "FACA", "0001"});
  model.manufacturer_name = one_of(random, names);
  if (below(random, 2) == 0) model.firmware_version_printed = one_of(random, printed);
  if (below(random, 4) == 0) model.cpl_entry_id = one_of(random, entry_ids);
  if (below(random, 3) == 0) {
    const Date day = *Date::parse("2022-01-01");
    model.cpa = {"CPA",
                 {},
                 {},
                 day,
                 CpaCertificate::Kind::dated,
                 *Date::parse(one_of(random, days)),
                 CertificateMatch::exact};
  }
  return model;
}

// A list in a store, without a log.
struct Scene {
  MemoryStore store;
  std::map<std::string, ModelRecord> records;

  explicit Scene(Random& random, std::size_t models, std::size_t removed_of_a_hundred) {
    WriteBatch batch;
    for (std::size_t number = 0; number < models; ++number) {
      ModelRecord record;
      record.model = any_model(random, number);
      record.status =
          below(random, 100) < removed_of_a_hundred ? ModelStatus::removed : ModelStatus::listed;
      record.effective_from = start_time;
      batch.put(store_keys::model(record.model.id()), encode(record));
      put_model_rows({}, record, batch);
      batch.put(manufacturer_row(record.model), "");
      records.insert_or_assign(record.model.id().text(), record);
    }
    REQUIRE(store.commit(batch, Durability::synced));
  }

  std::vector<std::string> by_reading(const ModelFilter& filter) const {
    std::vector<std::string> ids;
    for (const auto& [id, record] : records) {
      if (filter.matches_now(record)) ids.push_back(id);
    }
    return ids;
  }

  std::vector<std::string> by_search(const ModelFilter& filter, std::size_t limit) const {
    const StoredList list(store.snapshot(), nullptr);
    std::vector<std::string> ids;
    ModelSearch search{"", limit};
    for (std::size_t page = 0; page < 10'000; ++page) {
      std::size_t taken = 0;
      const auto next = search_models(list, filter, search, [&](const ModelRecord& record) {
        ids.push_back(record.model.id().text());
        ++taken;
        return Result<bool>(true);
      });
      if (!next) FAIL(next.error().detail);
      REQUIRE(taken <= limit);
      if (!*next) return ids;
      REQUIRE(ModelId::parse(**next));
      REQUIRE(search.after < **next);
      search.after = **next;
    }
    FAIL("it does not end");
    return ids;
  }
};

ModelFilter any_filter(Random& random) {
  ModelFilter filter;
  if (below(random, 3) == 0) {
    filter.device_type = static_cast<DeviceType>(below(random, device_type_words.size()));
  }
  if (below(random, 3) == 0) {
    filter.manufacturer_id = one_of(random, std::vector<std::string>{"9A01", "1063", "7777"});
  }
  if (below(random, 2) == 0) filter.status = static_cast<ModelStatus>(below(random, 2));
  if (below(random, 3) == 0) filter.cover_ends_by = Date::parse(one_of(random, days));
  if (below(random, 2) == 0) filter.text = one_of(random, texts);
  return filter;
}

}  // namespace

TEST_CASE("model search: any filter finds, page by page, what reading every record finds") {
  Random random(7);
  for (const std::size_t removed : {0U, 3U, 50U, 100U}) {
    const Scene scene(random, 700, removed);
    for (int round = 0; round < 250; ++round) {
      const ModelFilter filter = any_filter(random);
      const std::size_t limit = 1 + below(random, 120);
      CAPTURE(filter.text, filter.manufacturer_id, limit, removed, round);
      CHECK(scene.by_search(filter, limit) == scene.by_reading(filter));
    }
  }
}

TEST_CASE("model search: bounds that one request comes to are gone on from by the next") {
  Random random(8);
  const Scene scene(random, 9000, 40);
  for (const std::string text : {"", "not there", "beta", "38"}) {
    for (const auto status : {ModelStatus::listed, ModelStatus::removed}) {
      ModelFilter filter;
      filter.status = status;
      filter.text = text;
      CAPTURE(text);
      CHECK(scene.by_search(filter, 500) == scene.by_reading(filter));
      filter.text.clear();
      filter.cover_ends_by = Date::parse("2026-12-31");
      CHECK(scene.by_search(filter, 500) == scene.by_reading(filter));
    }
  }
}

TEST_CASE("model search: where it looks for a word is told by what bears it") {
  Random random(9);
  const Scene scene(random, 200, 0);
  const StoredList list(scene.store.snapshot(), nullptr);
  const auto look = [&](const std::string& text) {
    ModelFilter filter;
    filter.text = text;
    const auto where = where_to_look(list.index(), filter);
    REQUIRE(where);
    return *where;
  };
  CHECK(look("no such word").ranges.empty());
  CHECK_FALSE(look("no such word").text_is_open);
  CHECK_FALSE(look("beta").ranges.empty());
  CHECK(look("38").text_is_open);
  CHECK(look("calcs").text_is_open);
  CHECK(look("facade").text_is_open);
  ModelFilter of_one_maker;
  of_one_maker.manufacturer_id = "9A01";
  of_one_maker.device_type = DeviceType::esme;
  const auto where = where_to_look(list.index(), of_one_maker);
  REQUIRE(where);
  CHECK(where->ranges == std::vector<IdRange>{{"ESME-9A01", "ESME-9A02"}});
}

}  // namespace cpl::testing::model_search_test
