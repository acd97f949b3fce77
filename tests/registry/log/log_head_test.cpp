// Where a log stands: the stored head, and what is opened from the signed-size record without it.
#include "registry/log/log_head.hpp"

#include <nlohmann/json.hpp>

#include "registry/log/log_keys.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::log_head_test {
namespace {

// A log of ten entries that was closed.
struct Closed {
  MemoryStore store;
  TestLog log{store};
  std::shared_ptr<const LogView> view;
  LogHead head;

  Closed() {
    log.append(story_notes());
    view = log.view();
    const auto read = LogHead::read(*store.snapshot());
    REQUIRE(read);
    head = *read;
    log.close();
  }
  Result<std::unique_ptr<Log>> at_record(SignedSizeRecord& record) {
    return Log::open_at_record(store, record, log.clock, log_keys().log, log_origin,
                               "the head is lost");
  }
};

}  // namespace

TEST_CASE("log head: a stored head with anything more or less in it is damaged") {
  MemoryStore store;
  const Json good = {{"size", 1},
                     {"root", to_base64(sha256("r"))},
                     {"state_root", to_base64(sha256("s"))},
                     {"time", 5}};
  const auto reading = [&](const Json& json) {
    WriteBatch batch;
    batch.put(store_keys::head(), json.dump());
    REQUIRE(store.commit(batch, Durability::synced));
    const auto read = LogHead::read(*store.snapshot());
    return read ? "read" : read.error().code;
  };
  CHECK(reading(good) == "read");
  Json more = good;
  more["shape"] = 1;
  CHECK(reading(more) == "stored-data-corrupt");
  for (const auto& [name, value] : good.items()) {
    Json less = good;
    less.erase(name);
    CHECK(reading(less) == "stored-data-corrupt");
  }
}

TEST_CASE("log head: the record alone leads to the last entry's time and state") {
  Closed closed;
  const LogHead head = LogHead::at(*closed.log.record.recorded, closed.store.snapshot());
  CHECK(head.encode() == closed.head.encode());
  const LogHead none = LogHead::at({TreeSize{0}, merkle_empty_root()}, closed.store.snapshot());
  CHECK(none.size == TreeSize{0});
  CHECK(none.state_root == Hash{});
  CHECK(none.time == UnixMillis{0});
}

TEST_CASE("log head: a log opened at its record serves all that it had, and signs nothing (I10)") {
  Closed closed;
  const auto opened = closed.at_record(closed.log.record);
  REQUIRE(opened);
  const auto view = (*opened)->view();
  CHECK(view->checkpoint_note().empty());
  CHECK(view->checkpoint().root == closed.view->checkpoint().root);
  REQUIRE(view->charter() != nullptr);
  CHECK(view->charter()->entry == closed.view->charter()->entry);
  CHECK((*opened)->read_only_reason() == "the head is lost");
  CHECK((*opened)->last_time() == closed.head.time);
}

TEST_CASE("log head: without a head and without a record no log is opened (I10)") {
  Closed closed;
  MemorySignedSize nothing;
  const auto opened = closed.at_record(nothing);
  REQUIRE(opened.has_error());
  CHECK(opened.error().errc == Errc::corrupt);
  CHECK(opened.error().detail == "the head is lost");
}

TEST_CASE("log head: a log whose last tile is just full opens again and goes on") {
  MemoryStore store;
  TestLog log(store);
  std::vector<Bytes> notes = {charter_note()};
  while (notes.size() < tile_width) notes.push_back(addition_note(notes.size()));
  log.append(notes);
  REQUIRE(log.view()->size() == TreeSize{tile_width});
  const Bytes checkpoint = log.view()->checkpoint_note();
  log.open();
  CHECK(log->read_only_reason().empty());
  CHECK(log.view()->checkpoint_note() == checkpoint);
  log.append({addition_note(tile_width)});
  CHECK(log.view()->size() == TreeSize{tile_width + 1});
}

}  // namespace cpl::testing::log_head_test
