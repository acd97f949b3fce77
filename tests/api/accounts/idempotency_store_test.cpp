// Remembered answers in the store: there with their effect or not at all, sealed, checked and
// forgotten.
#include "registry/log/log_keys.hpp"
#include "registry/upkeep/fsck.hpp"
#include "tests/api/routes/idempotency_fixture.hpp"

namespace cpl::testing::idempotency_store_test {

TEST_CASE("idempotency: an answer is kept for 48 hours, over restarts, and its row goes with it") {
  Service service;
  const HttpResponse first = service.post(subscriptions, wish, "key");
  REQUIRE(first.status == 201);
  service.start();
  service.log.clock.advance(48 * hour_millis - 1);
  check_replayed(service.post(subscriptions, wish, "key"), first);
  service.log.clock.advance(1);
  const HttpResponse anew = service.post(subscriptions, wish, "key");
  CHECK(anew.status == 201);
  CHECK_FALSE(is_replayed(anew));
  CHECK(service.rows().size() == 1);
  service.log.clock.advance(48 * hour_millis);
  // In the batch of a later one,
  REQUIRE(service.post(subscriptions, wish, "other").status == 201);
  CHECK(service.rows().size() == 1);
  // or at the next start.
  service.log.clock.advance(48 * hour_millis);
  service.start();
  CHECK(service.rows().empty());
  CHECK(service.owned() == 3);
}

TEST_CASE("idempotency: after a crash the effect and its answer are both there, or neither") {
  const auto [target, body, token, letter] = GENERATE(
      std::tuple(subscriptions, wish, party_token, std::string("s")),
      std::tuple(reports, report_body, party_token, std::string("r")),
      std::tuple(parties, Bytes(R"({"name": "example"})"), operator_token, std::string("p")));
  for (const StoreFault fault : {StoreFault::crash_before, StoreFault::crash_after,
                                 StoreFault::fails_not_persisted, StoreFault::fails_persisted}) {
    Service service;
    CAPTURE(target, static_cast<int>(fault));
    const std::size_t before = service.store.commits();
    const std::size_t there = service.rows(letter).size();  // The Parties of the fixture.
    service.store.fail_after(0, fault);
    const bool crashes = fault == StoreFault::crash_before || fault == StoreFault::crash_after;
    if (crashes) {
      CHECK_THROWS_AS(service.post(target, body, "key", token), Crash);
    } else {
      CHECK(service.post(target, body, "key", token).status == 503);
    }
    REQUIRE(service.store.commits() == before + 1);  // One batch holds both.
    CHECK(service.rows().size() == service.rows(letter).size() - there);
    service.start();
    const bool was_done = fault == StoreFault::crash_after || fault == StoreFault::fails_persisted;
    const HttpResponse again = service.post(target, body, "key", token);
    CHECK(again.status == 201);
    CHECK(is_replayed(again) == was_done);
    CHECK(service.rows(letter).size() == there + 1);
    CHECK(service.rows().size() == 1);
  }
}

TEST_CASE("idempotency: a write whose outcome was not known is not done twice in the same life") {
  Service service;
  service.store.fail_after(0, StoreFault::fails_persisted);
  CHECK(service.code(subscriptions, wish, "key", 503) == "write-indeterminate");
  CHECK(is_replayed(service.post(subscriptions, wish, "key")));
  CHECK(service.rows("s").size() == 1);
}

TEST_CASE(
    "idempotency: no secret of an answer is in the store, and only the service's key opens it") {
  Service service;
  const HttpResponse made = service.post(subscriptions, wish, "key");
  const auto secret = Json::parse(*made.body)["secret"].get<std::string>();
  const HttpResponse party = service.post(parties, R"({"name": "example"})", "key", operator_token);
  const auto token = Json::parse(*party.body)["token"].get<std::string>();
  const auto all = service.memory.snapshot()->scan("", "~", 100'000);
  REQUIRE(all);
  std::size_t remembered = 0;
  for (const KeyValue& row : *all) {
    CHECK((row.key + row.value).find(secret.substr(6, 20)) == Bytes::npos);
    CHECK((row.key + row.value).find(token.substr(0, 20)) == Bytes::npos);
    if (row.key[0] == 'a') ++remembered;
  }
  CHECK(remembered == 2);
  service.change_master_key();
  service.start();
  CHECK(service.code(subscriptions, wish, "key", 409) == "answer-lost");
  CHECK(service.owned() == 1);
}

TEST_CASE("idempotency: a row that is moved to another's key answers nobody") {
  Service service;
  REQUIRE(service.post(subscriptions, wish, "key").status == 201);
  WriteBatch batch;
  const KeyValue row = service.rows().at(0);
  Bytes key = store_keys::answers_to("party:other");
  key += row.key.substr(key.size());
  auto kept = decode_remembered_answer(row.key, row.value);
  REQUIRE(kept);
  batch.put(key, encode(key, *kept));  // The checksum is made to fit; the seal cannot be.
  REQUIRE(service.memory.commit(batch, Durability::synced));
  CHECK(service.code(subscriptions, wish, "key", 409, other_token) == "answer-lost");
}

TEST_CASE("idempotency: fsck finds each flipped bit of a remembered answer") {
  Service service;
  REQUIRE(service.post(subscriptions, wish, "1").status == 201);
  REQUIRE(service.post(subscriptions, wish, "2").status == 201);
  const KeyValue row = service.rows().at(0);
  const auto checked = [&](const KeyValue& instead) {
    WriteBatch batch;
    batch.put(instead.key, instead.value);
    if (instead.key != row.key) batch.deletes.push_back(row.key);
    REQUIRE(service.memory.commit(batch, Durability::synced));
    MemoryStore scratch;
    const auto report = fsck(*service.memory.snapshot(), service.log.record.recorded, scratch, {});
    REQUIRE(report);
    batch = {};
    batch.put(row.key, row.value);
    if (instead.key != row.key) batch.deletes.push_back(instead.key);
    REQUIRE(service.memory.commit(batch, Durability::synced));
    return *report;
  };
  const FsckReport sound = checked(row);
  CHECK(sound.findings.empty());
  CHECK(sound.answers == 2);
  for (std::size_t octet = 0; octet < row.value.size(); octet += 7) {
    KeyValue altered = row;
    altered.value[octet] = static_cast<char>(altered.value[octet] ^ (1 << (octet % 8)));
    const FsckReport report = checked(altered);
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].code == "answer-damaged");
  }
  KeyValue moved = row;
  moved.key.back() = static_cast<char>(moved.key.back() ^ 1);
  CHECK(checked(moved).findings.size() == 1);
  CHECK(checked({row.key, row.value.substr(1)}).findings.size() == 1);
  CHECK(checked({row.key, ""}).findings.size() == 1);
}

TEST_CASE("idempotency: a damaged row keeps nobody from starting, and is never an answer") {
  Service service;
  REQUIRE(service.post(subscriptions, wish, "key").status == 201);
  WriteBatch batch;
  KeyValue row = service.rows().at(0);
  row.value.back() = static_cast<char>(row.value.back() ^ 1);
  batch.put(row.key, row.value);
  REQUIRE(service.memory.commit(batch, Durability::synced));
  service.start();
  CHECK(service.code(subscriptions, wish, "key", 500) == "stored-data-corrupt");
  CHECK(service.post(subscriptions, wish, "other").status == 201);
  service.log.clock.advance(48 * hour_millis);
  service.start();
  CHECK(service.rows().empty());
}

}  // namespace cpl::testing::idempotency_store_test
