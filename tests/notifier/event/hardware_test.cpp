// Following a hardware: all its firmware, and that which is new; and which terms an event has met.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "notifier/event/event_filter.hpp"
#include "notifier/event/event_index.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::hardware_test {
namespace {

ModelId id_of(std::string_view text) {
  const auto id = ModelId::parse(text);
  REQUIRE(id);
  return *id;
}

HardwareTerm term_of(std::string_view text) {
  const auto term = HardwareTerm::parse(text);
  REQUIRE(term);
  return *term;
}

Event event_on(std::vector<ModelId> models) {
  Event event;
  event.kind = "entry.added.v1";
  event.models = std::move(models);
  return event;
}

}  // namespace

TEST_CASE("hardware: a term is a type and a manufacturer, with a model and hardware or without") {
  const HardwareTerm own = term_of("ESME-1063-00050203");
  CHECK(own.covers(id_of("ESME-1063-00050203-38040404")));
  CHECK(own.covers(id_of("ESME-1063-00050203-FFFFFFFF")));
  CHECK_FALSE(own.covers(id_of("ESME-1063-00050204-38040404")));
  CHECK_FALSE(own.covers(id_of("GSME-1063-00050203-38040404")));
  const HardwareTerm all = term_of("ESME-1063");
  CHECK(all.covers(id_of("ESME-1063-00050204-38040404")));
  CHECK_FALSE(all.covers(id_of("ESME-1064-00050204-38040404")));
  CHECK(all.device_type() == DeviceType::esme);
  CHECK(all.manufacturer_id() == "1063");
  CHECK(HardwareTerm::of(id_of("ESME-1063-00050203-38040404")) == own);
  for (const std::string_view wrong :
       {"", "ESME", "ESME-", "ESME-106", "ESME-1063-", "esme-1063", "METER-1063", "ESME-1063-0005",
        "ESME-1063-0005020g", "ESME-1063-00050203-38040404"}) {
    CHECK(HardwareTerm::parse(wrong).error().code == "hardware-malformed");
  }
}

TEST_CASE("hardware: a model is told of that the models or the hardware of a filter name") {
  EventFilter filter;
  filter.hardware = {term_of("ESME-1063-00050203"), term_of("GSME-10E0")};
  filter.models = {id_of("CH-1063-00010001-00000001")};
  const auto matches = [&](std::string_view id) { return filter.matches(event_on({id_of(id)})); };
  CHECK(matches("ESME-1063-00050203-00000009"));  // New firmware of what is owned.
  CHECK(matches("GSME-10E0-00000000-00000000"));
  CHECK(matches("CH-1063-00010001-00000001"));
  CHECK_FALSE(matches("CH-1063-00010001-00000002"));
  CHECK_FALSE(matches("GSME-1063-00050203-00000009"));
  filter.manufacturer_ids = {"10E0"};
  CHECK(matches("GSME-10E0-00000000-00000000"));
  CHECK_FALSE(matches("ESME-1063-00050203-00000009"));
  FieldErrors errors;
  CHECK(to_json(read_filter(to_json(filter), "#", errors)) == to_json(filter));
  CHECK(errors.empty());
}

TEST_CASE("hardware: an event says which terms of the filter it has met") {
  const auto both =
      event_on({id_of("ESME-1063-00050203-00000009"), id_of("GSME-10E0-00000000-00000000")});
  CHECK(EventFilter().terms_met(both).empty());
  EventFilter filter;
  filter.kinds = {"entry.added.v1"};
  filter.hardware = {term_of("GSME-10E0"), term_of("ESME-1063"), term_of("ESME-1063-00050203")};
  CHECK(filter.terms_met(both) ==
        "types:entry.added.v1 hardware:ESME-1063 hardware:ESME-1063-00050203 hardware:GSME-10E0");
  EventFilter parts;
  parts.manufacturer_ids = {"1063", "1064"};
  parts.device_types = {DeviceType::esme};
  CHECK(parts.terms_met(both) == "manufacturer_ids:1063 device_types:ESME");
  std::vector<ModelId> many;
  for (std::uint64_t i = 0; i < 100; ++i) many.push_back(small_id(i));
  EventFilter long_one;
  long_one.models = many;
  const std::string terms = long_one.terms_met(event_on(many));
  CHECK(std::count(terms.begin(), terms.end(), ' ') + 1 == terms_told_max);
}

TEST_CASE("hardware: the index of events passes over no firmware of it") {
  MemoryStore store;
  TestLog log(store);
  log.append(story_notes());
  EventIndex index(Audience::parties);
  EventFilter filter;
  filter.hardware = {HardwareTerm::of(small_id(1))};  // All of the story's models.
  EntryIndex from{0};
  std::vector<std::uint64_t> found;
  while (const auto event = *index.next(*log.view(), filter, from, EntryIndex{10})) {
    found.push_back(event->sequence.value);
  }
  CHECK(found == std::vector<std::uint64_t>{1, 2, 3, 5, 8});
  filter.hardware = {term_of("ESME-1063")};
  from = EntryIndex{0};
  CHECK_FALSE(*index.next(*log.view(), filter, from, EntryIndex{10}));
}

}  // namespace cpl::testing::hardware_test
