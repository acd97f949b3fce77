// The clocks on a removal, step by step, and what the API says of them.
#include "registry/query/desk_clock.hpp"

#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::desk_clock_test {

namespace {

constexpr std::uint64_t hour = 3'600'000;

struct Desk {
  // The story up to, but without, the desk's receipts: the notice is entry 5.
  Desk() {
    std::vector<Bytes> notes = story_notes();
    notes.resize(6);
    registry.log.append(notes);
  }

  std::vector<DeskClock> clocks() const {
    const auto view = registry.log.view();
    const auto notice = view->list().notice(EntryIndex{5});
    REQUIRE(notice);
    REQUIRE(*notice);
    const auto found = desk_clocks(*view, **notice, {1, 24, 48, 24}, WorkingDays::built_in());
    REQUIRE(found);
    return *found;
  }
  void receives(ReceiptStatus status, std::optional<UnixMillis> applied_at = {}) {
    registry.log.append(
        {sign(Receipt{EntryIndex{5}, status, {}, {}, applied_at}, log_keys().desk)});
  }
  UnixMillis now() const { return registry.log.clock.now(); }
  void pass(std::uint64_t hours) { registry.log.clock.advance(hours * hour); }
  Json listed(const std::string& query) {
    return registry.get_json("/v1/notices" + query)["notices"];
  }

  TestApi registry;
};

bool has_line(const Bytes& metrics, const std::string& line) {
  return metrics.find("\n" + line + "\n") != metrics.npos;
}

}  // namespace

TEST_CASE("desk: the notice is due one Working Day after the decision") {
  Desk desk;
  const auto clocks = desk.clocks();
  REQUIRE(clocks.size() == 3);
  CHECK(clocks[0].step == DeskStep::notify);
  CHECK(format_time(clocks[0].since) == "2026-05-19T23:00:00Z");  // A Wednesday, in London.
  CHECK(format_time(clocks[0].due) == "2026-05-21T23:00:00Z");
  CHECK(clocks[0].done == desk.now());
  CHECK(clocks[0].is_late(desk.now()));  // It came eight days later.
}

TEST_CASE("desk: receipts stop the clocks that they answer") {
  Desk desk;
  const UnixMillis issued = desk.now();
  auto clocks = desk.clocks();
  CHECK(clocks[1].step == DeskStep::receive);
  CHECK(clocks[1].since == issued);
  CHECK(clocks[1].due == UnixMillis{issued.value + 24 * hour});
  CHECK(clocks[1].is_open());
  CHECK(clocks[2].due == UnixMillis{issued.value + 48 * hour});
  CHECK_FALSE(clocks[1].is_late(UnixMillis{issued.value + 24 * hour}));
  CHECK(clocks[1].is_late(UnixMillis{issued.value + 24 * hour + 1}));

  desk.pass(1);
  desk.receives(ReceiptStatus::received);
  clocks = desk.clocks();
  CHECK(clocks[1].done == desk.now());
  CHECK(clocks[2].is_open());
  desk.pass(50);
  desk.receives(ReceiptStatus::validated);
  clocks = desk.clocks();
  CHECK(clocks[2].done == desk.now());
  CHECK(clocks[2].is_late(desk.now()));
  CHECK(clocks.size() == 3);  // Nothing is removed: there is nothing to apply.
}

TEST_CASE("desk: applying is due from the removal, and a rejection ends it all") {
  Desk desk;
  desk.receives(ReceiptStatus::received);
  SECTION("applied") {
    desk.receives(ReceiptStatus::validated);
    desk.pass(3);
    desk.registry.log.append({removal_note(small_id(1), EntryIndex{5})});
    const UnixMillis removed = desk.now();
    auto clocks = desk.clocks();
    REQUIRE(clocks.size() == 4);
    CHECK(clocks[3].step == DeskStep::apply);
    CHECK(clocks[3].since == removed);
    CHECK(clocks[3].due == UnixMillis{removed.value + 24 * hour});
    CHECK(clocks[3].is_open());
    desk.pass(2);
    desk.receives(ReceiptStatus::applied, start_time);
    CHECK(desk.clocks()[3].done == desk.now());
  }
  SECTION("rejected") {
    desk.registry.log.append({sign(Receipt{EntryIndex{5},
                                           ReceiptStatus::rejected,
                                           "minute-mismatch",
                                           Text("Another."),
                                           {},
                                           {small_id(1)}},
                                   log_keys().desk)});
    const auto clocks = desk.clocks();
    REQUIRE(clocks.size() == 3);
    CHECK(clocks[2].done == desk.now());
    CHECK(desk.listed("?state=open").empty());
    CHECK(desk.listed("?state=rejected").size() == 1);
  }
  SECTION("taken back") {
    desk.registry.log.append(
        {sign(Withdrawal{EntryIndex{5}, {small_id(1)}, "Renewed.", {}}, log_keys().registrar)});
    for (const DeskClock& clock : desk.clocks()) CHECK(clock.done);
    CHECK(desk.listed("?state=open").empty());
    CHECK(desk.listed("?state=withdrawn").size() == 1);
    CHECK(desk.registry.get_json("/v1/notices/5")["withdrawn_by"] == 7);
  }
}

TEST_CASE("desk: what is published and not yet applied is always shown") {
  Desk desk;
  CHECK(desk.listed("?state=open").size() == 1);
  CHECK(desk.listed("?state=issued")[0]["entry"] == 5);
  CHECK(desk.listed("?state=applied").empty());
  const Json clocks = desk.listed("")[0]["clocks"];
  REQUIRE(clocks.size() == 3);
  CHECK(clocks[1]["step"] == "receive");
  CHECK(clocks[1]["done"].is_null());
  CHECK(desk.registry.get_json("/v1/notices/5")["clocks"] == clocks);
  CHECK(desk.registry.get_json("/v1/notices")["calendar"]["name"] == "England and Wales");
  const Json wrong = problem(desk.registry.get("/v1/notices?state=late"), 400);
  CHECK_THAT(wrong["detail"].get<std::string>(), Catch::Contains("withdrawn or open"));
}

TEST_CASE("desk: the metrics count what is late by now, without a new entry") {
  Desk desk;
  Bytes metrics = desk.registry.metrics();
  CHECK(has_line(metrics, "cpl_desk_notices{state=\"issued\"} 1"));
  CHECK(has_line(metrics, "cpl_desk_clocks_late{step=\"receive\"} 0"));
  desk.pass(25);
  metrics = desk.registry.metrics();
  CHECK(has_line(metrics, "cpl_desk_clocks_late{step=\"receive\"} 1"));
  CHECK(has_line(metrics, "cpl_desk_clocks_late{step=\"validate\"} 1"));
  CHECK(has_line(metrics, "cpl_desk_clocks_late{step=\"notify\"} 0"));  // Late, but done.
  desk.receives(ReceiptStatus::received);
  metrics = desk.registry.metrics();
  CHECK(has_line(metrics, "cpl_desk_clocks_late{step=\"receive\"} 0"));
  CHECK(has_line(metrics, "cpl_desk_notices{state=\"received\"} 1"));
}

}  // namespace cpl::testing::desk_clock_test
