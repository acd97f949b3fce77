// What the operator sees of everybody's deliveries, and whom an entry has reached.
#include "api/routes/reach.hpp"
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::oversight_test {
namespace {

const std::string overseen = "/v1/operator/subscriptions";

Json asked(TestApi& registry, const std::string& target) {
  const HttpResponse response = registry.send(HttpMethod::get, target, {}, operator_token);
  INFO(target << ": " << *response.body);
  REQUIRE(response.status == 200);
  return Json::parse(*response.body);
}

std::string subscribe(TestApi& registry, const std::string& body, std::string_view token) {
  const HttpResponse made = registry.send(HttpMethod::post, "/v1/subscriptions", body, token);
  INFO(*made.body);
  REQUIRE(made.status == 201);
  return Json::parse(*made.body)["id"].get<std::string>();
}

void deliver(TestApi& registry) {
  for (int pass = 0; pass < 20; ++pass) registry.notifier->run_once();
}

std::string reach_in(const Json& reached, const std::string& party) {
  for (const Json& row : reached["parties"]) {
    if (row["party"] == party) return row["reach"].get<std::string>();
  }
  return "no such Party";
}

bool never_delivered(const Subscription&) { return false; }

// An event of entry 5, and a subscription to everything that stands at it.
Event event_of_entry_5() {
  Event event;
  event.sequence = EntryIndex{5};
  event.kind = "entry.removed.v1";
  event.time = start_time;
  return event;
}
Subscription standing_at(std::uint64_t cursor, SubscriptionState state) {
  Subscription subscription;
  subscription.cursor = EntryIndex{cursor};
  subscription.state = state;
  subscription.created = UnixMillis{start_time.value - 1};
  return subscription;
}
UnixMillis after(std::chrono::minutes span) {
  return UnixMillis{start_time.value +
                    static_cast<std::uint64_t>(std::chrono::milliseconds(span).count())};
}

}  // namespace

TEST_CASE("reach: what is behind the cursor is delivered, the rest is told by the state") {
  using enum SubscriptionState;
  const Event event = event_of_entry_5();
  CHECK(reach_of(standing_at(6, active), event, start_time, never_delivered) == Reach::delivered);
  CHECK(reach_of(standing_at(6, quarantined), event, start_time, never_delivered) ==
        Reach::delivered);
  CHECK(reach_of(standing_at(5, active), event, start_time, never_delivered) == Reach::waiting);
  CHECK(reach_of(standing_at(5, quarantined), event, start_time, never_delivered) ==
        Reach::quarantined);
  CHECK(reach_of(standing_at(5, paused), event, start_time, never_delivered) == Reach::untold);
  CHECK(reach_of(standing_at(5, pending), event, start_time, never_delivered) == Reach::untold);
}

TEST_CASE(
    "reach: what is on its way is late after a quarter of an hour, and after a day by digest") {
  const Event event = event_of_entry_5();
  Subscription one = standing_at(5, SubscriptionState::active);
  CHECK(reach_of(one, event, after(late_after), never_delivered) == Reach::waiting);
  CHECK(reach_of(one, event, after(late_after + std::chrono::minutes(1)), never_delivered) ==
        Reach::late);
  one.digest = true;
  CHECK(reach_of(one, event, after(late_after + std::chrono::minutes(1)), never_delivered) ==
        Reach::waiting);
  CHECK(reach_of(one, event, after(late_after_daily + std::chrono::minutes(1)), never_delivered) ==
        Reach::late);
}

TEST_CASE("reach: a subscription that was made after the entry has not told of it") {
  Subscription one = standing_at(6, SubscriptionState::active);
  one.created = UnixMillis{start_time.value + 1};
  CHECK(reach_of(one, event_of_entry_5(), start_time, never_delivered) == Reach::made_later);
  const auto is_kept = [](const Subscription&) {
    return true;
  };  // It asked from the first entry on.
  CHECK(reach_of(one, event_of_entry_5(), start_time, is_kept) == Reach::delivered);
}

TEST_CASE("reach: a Party has the best reach of its subscriptions") {
  const Event event = event_of_entry_5();
  Subscription deaf = standing_at(6, SubscriptionState::active);
  deaf.filter.kinds = {"entry.added.v1"};
  CHECK(best_reach({}, event, start_time, never_delivered).reach == Reach::no_subscription);
  CHECK(best_reach({deaf}, event, start_time, never_delivered).reach == Reach::not_asked);
  const Subscription failing = standing_at(5, SubscriptionState::quarantined);
  CHECK(best_reach({deaf, failing}, event, start_time, never_delivered).reach ==
        Reach::quarantined);
  const Subscription good = standing_at(6, SubscriptionState::active);
  CHECK(best_reach({failing, good, deaf}, event, start_time, never_delivered).reach ==
        Reach::delivered);
}

TEST_CASE("api: everybody's subscriptions are the operator's to see, without secrets or paths") {
  TestApi registry;
  const std::string id =
      subscribe(registry, R"({"url": "https://party.example/hooks?key=hidden"})", party_token);
  subscribe(registry, R"({"url": "https://other.example/hooks"})", other_token);
  CHECK(registry.send(HttpMethod::get, overseen, {}, party_token).status == 401);
  const Json all = asked(registry, overseen)["subscriptions"];
  REQUIRE(all.size() == 2);
  CHECK(asked(registry, overseen + "?owner=party")["subscriptions"].size() == 1);
  CHECK(asked(registry, overseen + "?state=quarantined")["subscriptions"].empty());
  const Json one = asked(registry, overseen + "/" + id + "/deliveries")["subscription"];
  CHECK(one["owner"] == "party");
  CHECK(one["receiver"] == "https://party.example");
  CHECK(all.dump().find("hidden") == std::string::npos);
  CHECK(all.dump().find("whsec_") == std::string::npos);
  CHECK(registry.send(HttpMethod::get, overseen + "?state=retired", {}, operator_token).status ==
        400);
}

TEST_CASE(
    "api: the operator sends again for whosever subscription, and tries what is in quarantine") {
  TestApi registry;
  registry.log.append(story_notes());
  const std::string id =
      subscribe(registry, R"({"url": "https://party.example/hooks", "from": 0})", party_token);
  deliver(registry);
  const std::string path = overseen + "/" + id;
  CHECK(registry.send(HttpMethod::post, path + "/retry", {}, operator_token).status == 200);
  REQUIRE(registry.send(HttpMethod::post, "/v1/subscriptions/" + id + "/pause", {}, party_token)
              .status == 200);
  CHECK(problem(registry.send(HttpMethod::post, path + "/retry", {}, operator_token),
                409)["code"] == "not-quarantined");
  const HttpResponse moved =
      registry.send(HttpMethod::post, path + "/replay", R"({"from": 1})", operator_token);
  REQUIRE(moved.status == 200);
  CHECK(Json::parse(*moved.body)["cursor"] == 1);
  CHECK(registry.send(HttpMethod::post, path + "/replay", R"({"from": 1})", party_token).status ==
        401);
  CHECK(registry.send(HttpMethod::post, overseen + "/sub_none/retry", {}, operator_token).status ==
        404);
}

TEST_CASE("api: for each Party it is told whether an entry has reached it, and why not") {
  TestApi registry;
  registry.log.append(story_notes());
  subscribe(registry, R"({"url": "https://party.example/hooks", "from": 0})", party_token);
  registry.log.append({addition_note(9)});
  const std::uint64_t newest = registry.log.view()->size().value - 1;
  const std::string path = "/v1/operator/entries/" + std::to_string(newest) + "/deliveries";
  CHECK(reach_in(asked(registry, path), "party") == "untold");
  deliver(registry);
  const Json reached = asked(registry, path);
  CHECK(reach_in(reached, "party") == "delivered");
  CHECK(reach_in(reached, "other") == "no_subscription");
  CHECK(reached["counts"]["delivered"] == 1);
  CHECK(reached["says_something"] == true);
  CHECK(registry.send(HttpMethod::get, path, {}, party_token).status == 401);
  CHECK(registry.send(HttpMethod::get, "/v1/operator/entries/999999/deliveries", {}, operator_token)
            .status == 404);
}

}  // namespace cpl::testing::oversight_test
