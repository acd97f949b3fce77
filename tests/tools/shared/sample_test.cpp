#include "tools/shared/sample.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/sheet/model_sheet.hpp"

namespace cpl::testing::sample_test {
namespace {

const Date today = *Date::parse("2026-07-09");

std::string digest(std::span<const DeviceModel> models) {
  return to_hex(sha256(write_model_sheet(models)));
}

Date days_later(const Date& date, std::uint64_t days) {
  return Date::of({date.midnight().value + days * 86'400'000});
}

template <class Predicate>
std::size_t count_of(const std::vector<DeviceModel>& models, Predicate holds) {
  return static_cast<std::size_t>(std::count_if(models.begin(), models.end(), holds));
}

}  // namespace

TEST_CASE("sample: the same arguments give the same list, others another") {
  const auto models = sample_models(500, 7, today);
  CHECK(digest(models) == digest(sample_models(500, 7, today)));
  CHECK(digest(models) != digest(sample_models(500, 8, today)));
  // Frozen: measurements and demonstrations of different days must speak of the same list.
  CHECK(digest(models) == "6bcffb0065f8fce34a8f376b159c41b4ebeff92260bd763eb3c17156197a5b67");
}

TEST_CASE("sample: no models, one and two are lists too") {
  CHECK(sample_models(0, 1, today).empty());
  CHECK(sample_models(1, 1, today).front().cpl_entry_id == "CPL-000001");
  const auto two = sample_models(2, 1, today);
  REQUIRE(two.size() == 2);
  CHECK(two[1].cpl_entry_id == "CPL-000002");
  CHECK(two[0].id() != two[1].id());
}

TEST_CASE("sample: every model would pass as a submission and stands after its predecessors") {
  for (const std::size_t count : {1U, 2U, 10U, 3000U}) {
    const auto models = sample_models(count, count, today);
    std::set<ModelId> seen;
    for (const DeviceModel& model : models) {
      FieldErrors errors;
      read_device_model(to_json(model), "", errors);
      INFO(describe(errors));
      REQUIRE(errors.empty());
      for (const ModelId& predecessor : model.predecessors) {
        REQUIRE(seen.count(predecessor) == 1);
        REQUIRE(predecessor.device_model() == model.id().device_model());
        REQUIRE(predecessor.firmware_version() < model.firmware_version);
      }
      REQUIRE(seen.insert(model.id()).second);
    }
  }
}

TEST_CASE("sample: certificates are those a device type needs, in force, of six years at most") {
  for (const DeviceModel& model : sample_models(3000, 5, today)) {
    REQUIRE(model.zigbee);
    REQUIRE(model.dlms.has_value() == (model.device_type == DeviceType::esme));
    REQUIRE(model.cpa.has_value() == (model.device_type != DeviceType::ppmid));
    REQUIRE(model.image_hash);
    const Date received = Date::of(model.received_at);
    REQUIRE(received < today);
    REQUIRE(model.zigbee->issue_date < received);
    if (!model.cpa) continue;
    REQUIRE(model.cpa->issue_date < received);
    REQUIRE(model.cpa->end_date > today);
    REQUIRE(model.cpa->end_date <= model.cpa->issue_date.plus_years(6));
  }
}

TEST_CASE("sample: the list has the variety of a real one") {
  const auto models = sample_models(5000, 11, today);
  std::map<DeviceType, std::size_t> by_type;
  std::set<std::string> manufacturers;
  std::set<std::string> encodings;
  for (const DeviceModel& model : models) {
    ++by_type[model.device_type];
    manufacturers.insert(model.manufacturer_id);
    encodings.insert(model.firmware_encoding.value());
  }
  CHECK(by_type.size() == 6);
  CHECK(by_type[DeviceType::esme] > 1900);
  CHECK(by_type[DeviceType::sapc] < 400);
  CHECK(manufacturers.size() >= 38);
  CHECK(encodings.size() == 4);
  CHECK(count_of(models, [](const auto& m) { return m.generation == "SMETS1"; }) > 250);
  CHECK(count_of(models, [](const auto& m) { return !m.predecessors.empty(); }) > 2500);
  CHECK(count_of(models, [](const auto& m) { return m.han_variant == "Dual Band"; }) > 50);
  const auto ends_within = [&](std::uint64_t low, std::uint64_t high) {
    return count_of(models, [&](const auto& m) {
      return m.cpa && m.cpa->kind == CpaCertificate::Kind::dated &&
             m.cpa->end_date > days_later(today, low) && m.cpa->end_date <= days_later(today, high);
    });
  };
  CHECK(ends_within(0, 182) > 100);
  CHECK(ends_within(182, 365) > 100);
  CHECK(count_of(models, [](const auto& m) {
          return m.cpa && m.cpa->kind == CpaCertificate::Kind::lifetime;
        }) > 500);
  CHECK(order_by_predecessors(models)->size() <= 8);
}

TEST_CASE("sample: printed versions and digits belong together in the way that is named") {
  std::set<std::string> checked;
  for (const DeviceModel& model : sample_models(2000, 3, today)) {
    if (!model.firmware_version_printed) {
      CHECK(model.firmware_encoding == "UNKNOWN");
      continue;
    }
    unsigned major = 0;
    unsigned minor = 0;
    unsigned patch = 0;
    REQUIRE(std::sscanf(model.firmware_version_printed->c_str(), "%u.%u.%u", &major, &minor,
                        &patch) == 3);
    std::array<char, 16> tail{};
    const bool bcd = model.firmware_encoding == "BCD";
    std::snprintf(tail.data(), tail.size(), bcd ? "%02u%02u%02u" : "%02X%02X%02X", major, minor,
                  patch);
    CHECK(model.firmware_version.substr(2) == tail.data());
    if (model.firmware_encoding == "MIXED") CHECK(model.firmware_version.substr(0, 2) != "00");
    checked.insert(*model.firmware_encoding);
  }
  CHECK(checked.size() == 3);
}

TEST_CASE("sample: natural keys are unique in a list of a hundred thousand") {
  SampleList list(100'000, 2, today);
  std::unordered_set<std::string> ids;
  while (const auto model = list.next()) ids.insert(model->id().text());
  CHECK(ids.size() == 100'000);
}

}  // namespace cpl::testing::sample_test
