// The reader against reading and formatting each entry anew.
#include "notifier/event/event_reader.hpp"

#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::reader_test {

namespace {

const EventOptions options{"https://cpl.example/log", "example.cpl"};
constexpr std::array<Audience, 2> audiences = {Audience::parties, Audience::service_desk};

void check_all(EventReader& reader, const LogView& log, const std::optional<EntryIndex>& previous) {
  for (std::uint64_t i = 0; i < log.size().value; ++i) {
    CAPTURE(i);
    for (const Audience audience : audiences) {
      const auto wanted = event_of(log.leaf(EntryIndex{i}).value(), audience).value();
      const auto event = reader.read(log, EntryIndex{i}, audience).value();
      REQUIRE((event != nullptr) == wanted.has_value());
      if (!wanted) continue;
      CHECK(event->kind == wanted->kind);
      CHECK(event->leaf == wanted->leaf);
      CHECK(reader.format(*event, audience, {previous}, log).value() ==
            format_event(*wanted, {previous}, log, options).value());
    }
  }
}

}  // namespace

TEST_CASE("event reader: it says what reading each entry anew says, while the log grows") {
  MemoryStore store;
  TestLog log(store);
  EventReader reader(options);
  EventReader narrow(options, 1);
  const auto notes = story_notes();
  for (const Bytes& note : notes) {
    log.append({note});
    const auto view = log.view();
    for (const auto& previous : {std::optional<EntryIndex>(), std::optional(EntryIndex{1})}) {
      check_all(reader, *view, previous);
      check_all(narrow, *view, previous);
    }
  }
}

TEST_CASE("event reader: what one has read is there for the next, until others take its place") {
  MemoryStore store;
  TestLog log(store);
  log.append(story_notes());
  while (log.view()->size().value <= 32) {
    log.append({addition_note(100 + log.view()->size().value)});
  }
  EventReader reader(options, 2);
  const auto at = [&](std::uint64_t index) {
    return reader.read(*log.view(), EntryIndex{index}, Audience::parties).value();
  };
  const auto first = at(8);
  REQUIRE(first != nullptr);
  CHECK(at(8) == first);
  at(16);
  CHECK(at(8) == first);
  at(32);  // Takes the place of what 16 came with, which was used longer ago.
  CHECK(at(8) == first);
  at(16);
  at(32);
  CHECK(at(8) != first);
}

}  // namespace cpl::testing::reader_test
