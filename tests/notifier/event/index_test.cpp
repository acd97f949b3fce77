// The index against a reader that opens every entry.
#include "notifier/event/event_index.hpp"

#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::index_test {

namespace {

std::vector<EntryIndex> by_reading_all(const LogView& log, const EventFilter& filter) {
  std::vector<EntryIndex> found;
  for (std::uint64_t i = 0; i < log.size().value; ++i) {
    const auto event = event_of(log.leaf(EntryIndex{i}).value(), Audience::parties).value();
    if (event && filter.matches(*event)) found.push_back(EntryIndex{i});
  }
  return found;
}

std::vector<EntryIndex> by_index(EventIndex& index, const LogView& log, const EventFilter& filter) {
  std::vector<EntryIndex> found;
  const EntryIndex end{log.size().value};
  for (EntryIndex at; at < end;) {
    const auto event = index.next(log, filter, at, end).value();
    if (event) found.push_back(event->sequence);
  }
  return found;
}

std::vector<EventFilter> filters() {
  return {{},
          {{"entry.added.v1"}, {}, {}, {}},
          {{"entry.removed.v1", "removal.announced.v1"}, {}, {}, {}},
          {{}, {"1063"}, {}, {}},
          {{}, {"1064"}, {}, {}},
          {{}, {}, {DeviceType::esme}, {}},
          {{}, {}, {DeviceType::ppmid}, {small_id(2)}},
          {{}, {}, {}, {small_id(1), small_id(3)}},
          {{"entry.added.v1"}, {"1063"}, {DeviceType::ppmid}, {small_id(3)}}};
}

}  // namespace

TEST_CASE("event index: it finds what reading every entry finds, from any entry in both ways") {
  MemoryStore store;
  TestLog log(store);
  EventIndex index(Audience::parties);
  log.append(story_notes());
  for (int round = 0; round < 2; ++round) {
    const auto view = log.view();
    for (const EventFilter& filter : filters()) {
      const auto wanted = by_reading_all(*view, filter);
      CHECK(by_index(index, *view, filter) == wanted);
      for (std::uint64_t before = 0; before <= view->size().value; ++before) {
        std::optional<EntryIndex> last;
        for (const EntryIndex candidate : wanted) {
          if (candidate.value < before) last = candidate;
        }
        CHECK(index.previous(*view, filter, EntryIndex{before}).value() == last);
      }
    }
    if (round == 0) log.append({addition_note(4), addition_note(5)});
  }
}

TEST_CASE("event index: a view that is older than the index shows nothing beyond it") {
  MemoryStore store;
  TestLog log(store);
  EventIndex index(Audience::parties);
  log.append({charter_note(), addition_note(1)});
  const auto older = log.view();
  log.append({addition_note(2)});
  EntryIndex at;
  CHECK(index.next(*log.view(), {}, at, EntryIndex{3}).value()->sequence == EntryIndex{1});
  CHECK_FALSE(index.next(*older, {}, at, EntryIndex{3}).value());
  CHECK(index.previous(*older, {}, EntryIndex{3}).value() == EntryIndex{1});
}

}  // namespace cpl::testing::index_test
