// What is one owner's is not another's: rates, turns, room.
#include "tests/notifier/run/notifier_fixture.hpp"

namespace cpl::testing::fair_share_test {
namespace {

const std::string shared_url = "https://shared.example/hook";

Subscription subscribe_as(NotifierFixture& fixture, const std::string& owner, Audience audience,
                          const std::string& url) {
  auto made = fixture.notifier->subscribe(owner, audience, {url, {}}, EntryIndex{0});
  REQUIRE(made);
  return *std::move(made);
}

// Sequences that the owner's subscription was sent and that were taken.
EntryIndex cursor(const NotifierFixture& fixture, const Subscription& subscription) {
  return fixture.row(subscription).cursor;
}

}  // namespace

TEST_CASE("fair share: what one owner asks of a receiver is not taken from another's rate") {
  NotifierFixture fixture;
  fixture.endpoint(shared_url).rate = "12";
  const Subscription bob = subscribe_as(fixture, "bob", Audience::parties, shared_url);
  const Subscription desk = subscribe_as(fixture, "desk", Audience::service_desk, shared_url);
  fixture.settle();
  std::vector<Subscription> strangers;
  for (int i = 0; i < 4; ++i) {
    strangers.push_back(subscribe_as(fixture, "aaa", Audience::parties, shared_url));
  }
  constexpr std::size_t receipts = 2;  // Which the desk is told of, too.
  for (std::size_t i = 0; i < story_events.size() + receipts; ++i) {
    for (const Subscription& one : strangers) {
      (void)fixture.notifier->verify("aaa", one.id);
      (void)fixture.notifier->replay("aaa", one.id, EntryIndex{0});
    }
    fixture.log.clock.advance(5'000);  // What twelve a minute allows.
    fixture.settle();
  }
  CHECK(cursor(fixture, bob) > EntryIndex{8});
  CHECK(cursor(fixture, desk) > EntryIndex{8});
}

TEST_CASE("fair share: the rows of an owner take turns at a receiver's rate") {
  NotifierFixture fixture;
  fixture.endpoint(shared_url).rate = "12";
  std::vector<Subscription> rows;
  for (int i = 0; i < 3; ++i) {
    rows.push_back(subscribe_as(fixture, "bob", Audience::parties, shared_url));
  }
  for (int round = 0; round < 40; ++round) {
    for (const Subscription& one : rows) {
      (void)fixture.notifier->replay("bob", one.id, EntryIndex{0});  // There is always more.
    }
    fixture.log.clock.advance(5'000);
    fixture.settle();
  }
  std::vector<std::uint64_t> delivered;
  for (const Subscription& one : rows) delivered.push_back(fixture.row(one).deliveries);
  const auto [fewest, most] = std::minmax_element(delivered.begin(), delivered.end());
  CHECK(*fewest > 5);
  CHECK(*most - *fewest <= 2);
}

TEST_CASE("fair share: a pass begins with another owner each time, whatever they are called") {
  NotifierFixture fixture;
  std::map<std::string, int> first;
  for (const char* const owner : {"aaa", "bbb", "ccc", "ddd"}) {
    subscribe_as(fixture, owner, Audience::parties, std::string("https://") + owner + ".example/");
  }
  fixture.settle();
  for (std::uint64_t number = 20; number < 29; ++number) {
    fixture.log.append({addition_note(number)});
    fixture.notifier->run_once();
    ++first[fixture.transport.first_waiting()];
    fixture.settle();
  }
  CHECK(first.size() == 4);
}

TEST_CASE("fair share: there is room for the Service Desk however many Parties have") {
  NotifierFixture fixture;
  for (int i = 0; i < 20; ++i) {
    subscribe_as(fixture, "p" + std::to_string(i / 4), Audience::parties, "https://a.example/");
  }
  const auto more = fixture.notifier->subscribe("p9", Audience::parties, {"https://a.example/", {}},
                                                EntryIndex{0});
  CHECK(more.error().code == "subscriptions-full");
  for (int i = 0; i < 4; ++i) {
    subscribe_as(fixture, "desk", Audience::service_desk, "https://desk.example/");
  }
  fixture.open();
  const auto beyond = fixture.notifier->subscribe("desk", Audience::service_desk,
                                                  {"https://a.example/", {}}, EntryIndex{0});
  CHECK(beyond.error().code == "subscriptions-full");
}

}  // namespace cpl::testing::fair_share_test
