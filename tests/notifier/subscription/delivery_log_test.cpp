// The delivery log: what an owner can see of each attempt, and how much is kept of it.
#include "notifier/subscription/delivery_log.hpp"

#include "registry/log/log_keys.hpp"
#include "registry/store/keyspace.hpp"
#include "tests/notifier/run/notifier_fixture.hpp"

namespace cpl::testing::delivery_log_test {
namespace {

const std::string url = "https://a.example/";

}  // namespace

TEST_CASE("delivery log: every attempt stands in it, the newest first, in pages") {
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe(url);
  fixture.endpoint(url).status = 500;
  fixture.settle();
  const auto log = fixture.notifier->attempts("Party", subscription.id, std::nullopt, 10);
  REQUIRE(log);
  REQUIRE(log->size() == 3);
  const DeliveryAttempt& failed = (*log)[0];
  CHECK(failed.number == 2);
  CHECK(failed.what == "entry");
  CHECK(failed.message == "msg_00000000000000000001");
  CHECK(failed.sequence == EntryIndex{1});
  CHECK(failed.request_octets == fixture.endpoint(url).messages[0].body.size());
  CHECK_FALSE(failed.succeeded);
  CHECK(failed.status == 500);
  CHECK(failed.failure == "the endpoint answered 500");
  CHECK(failed.answer == "<p>no\\x00\\x1b[31m</p>");
  CHECK(failed.took_millis == 7);
  CHECK(failed.next_attempt_at == fixture.row(subscription).next_attempt_at);
  CHECK((*log)[1].what == "challenge");
  CHECK((*log)[2].what == "consent");
  CHECK((*log)[2].succeeded);
  // The next process goes on with the numbers.
  fixture.open();
  fixture.endpoint(url).status = 200;
  fixture.log.clock.advance(7'000);
  fixture.settle();
  const auto page = fixture.notifier->attempts("Party", subscription.id, 5, 3);
  REQUIRE(page);
  REQUIRE(page->size() == 3);
  CHECK((*page)[0].number == 4);
  CHECK((*page)[2].number == 2);
  CHECK((*page)[1].succeeded);
}

TEST_CASE("delivery log: of a receiver that is not verified it shows no words and no times (T6)") {
  NotifierFixture fixture;
  fixture.endpoint(url).consents = false;
  const Subscription subscription = fixture.subscribe(url);
  fixture.settle();
  const auto log = fixture.notifier->attempts("Party", subscription.id, std::nullopt, 10);
  REQUIRE((log && log->size() == 1));
  CHECK_FALSE((*log)[0].succeeded);
  CHECK((*log)[0].answer.empty());
  CHECK_FALSE((*log)[0].took_millis);
  CHECK((*log)[0].failure == fixture.row(subscription).last_failure);
}

TEST_CASE("delivery log: the newest two hundred are kept") {
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe(url);
  fixture.settle();
  while (fixture.row(subscription).attempts_logged < delivery_log_rows + 20) {
    REQUIRE(fixture.notifier->replay("Party", subscription.id, EntryIndex{0}));
    fixture.settle();
  }
  const std::uint64_t end = fixture.row(subscription).attempts_logged;
  const Bytes first = store_keys::delivery(subscription.id, 0);
  const auto rows = fixture.memory.snapshot()->scan(
      first, store_keys::delivery(subscription.id, end), 2 * delivery_log_rows);
  REQUIRE(rows);
  CHECK(rows->size() == delivery_log_rows);
  CHECK(keyspace::last_number((*rows)[0].key) == end - delivery_log_rows);
  const auto log =
      fixture.notifier->attempts("Party", subscription.id, std::nullopt, delivery_log_rows);
  REQUIRE(log);
  CHECK(log->front().number == end - 1);
  CHECK(fixture.notifier->attempts("Party", subscription.id, 5, 10)->empty());
}

TEST_CASE("delivery log: another's octets are shown escaped, and so many as fit a line") {
  CHECK(escaped_head("plain text") == "plain text");
  CHECK(escaped_head("a\\b\n\xff") == "a\\x5cb\\x0a\\xff");
  CHECK(escaped_head(std::string(1000, 'a')) == std::string(200, 'a'));
}

TEST_CASE(
    "delivery log: a subscription of an earlier version reads, and has still to be verified") {
  const auto row = decode_subscription(
      R"({"attempt":0,"audience":"party","checkpoint_told":5,"created":1,"cursor":7,)"
      R"("deliveries":2,"delivered":6,)"
      R"("filter":{},"id":"sub_1","key_generation":0,"next_attempt_at":3,)"
      R"("owner":"Party","state":"active","url":"https://a.example/"})");
  REQUIRE(row);
  CHECK(row->state == SubscriptionState::pending);
  CHECK(row->cursor == EntryIndex{7});
  CHECK(row->attempts_logged == 0);
}

}  // namespace cpl::testing::delivery_log_test
