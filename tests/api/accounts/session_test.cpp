// Sessions of the pages: how they begin, and each way in which they end.
#include <catch2/catch.hpp>

#include "api/accounts/session_book.hpp"
#include "crypto/hash.hpp"
#include "tests/api/routes/stored_party.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::session_test {
namespace {

constexpr std::uint64_t minute = 60'000;

class SessionFixture {
 public:
  explicit SessionFixture(SessionBook::Limits limits = {}) {
    store_party(store, "example-energy", "one");
    store_party(store, "other-energy", "other");
    auto opened = PartyBook::open(store, clock, {});
    REQUIRE(opened);
    parties = *std::move(opened);
    sessions = std::make_unique<SessionBook>(parties, clock, limits);
  }
  std::string begin(std::string_view token) {
    const auto secret = sessions->begin(sha256(token));
    REQUIRE(secret);
    return *secret;
  }
  std::string user(const std::string& secret) {
    const auto session = sessions->use(secret);
    return session ? session->party.name : "nobody";
  }
  std::size_t count(std::string_view party) { return sessions->of_party(party).size(); }

  MemoryStore store;
  TestClock clock;
  std::shared_ptr<PartyBook> parties;
  std::unique_ptr<SessionBook> sessions;
};

}  // namespace

TEST_CASE("session: a token begins one, and nothing else does") {
  SessionFixture fixture;
  const std::string secret = fixture.begin("one");
  CHECK(secret.size() == 64);
  CHECK(secret != fixture.begin("one"));
  CHECK(fixture.user(secret) == "example-energy");
  CHECK(fixture.user("") == "nobody");
  CHECK(fixture.user(std::string(64, '0')) == "nobody");
  for (const char* token : {"", "two", "one "}) {
    const auto refused = fixture.sessions->begin(sha256(std::string_view(token)));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "credentials-unknown");
  }
  CHECK_FALSE(SessionBook(nullptr, fixture.clock, {}).begin(sha256("one")));
}

TEST_CASE("session: it ends after half an hour without use, and after eight hours at most") {
  SessionFixture fixture;
  const std::string idle = fixture.begin("one");
  const std::string used = fixture.begin("one");
  fixture.clock.advance(30 * minute - 1);
  CHECK(fixture.user(used) == "example-energy");
  fixture.clock.advance(1);
  CHECK(fixture.count("example-energy") == 1);
  CHECK(fixture.user(idle) == "nobody");
  for (int i = 0; i < 22; ++i) {
    fixture.clock.advance(20 * minute);
    CHECK(fixture.user(used) == "example-energy");
  }
  fixture.clock.advance(10 * minute);
  CHECK(fixture.user(used) == "nobody");
  CHECK(fixture.count("example-energy") == 0);
}

TEST_CASE("session: it ends at once when its token is revoked") {
  SessionFixture fixture;
  const auto second = fixture.parties->add_token("example-energy", "second");
  REQUIRE(second);
  const std::string secret = fixture.begin(second->secret);
  const std::string kept = fixture.begin("one");
  REQUIRE(fixture.parties->revoke("example-energy", second->token.id));
  CHECK(fixture.count("example-energy") == 1);
  CHECK(fixture.user(secret) == "nobody");
  CHECK(fixture.user(kept) == "example-energy");
}

TEST_CASE("session: who signs out ends one's own, and a Party each of its own by its name") {
  SessionFixture fixture;
  const std::string first = fixture.begin("one");
  const std::string second = fixture.begin("one");
  const std::string other = fixture.begin("other");
  fixture.sessions->end(first);
  CHECK(fixture.user(first) == "nobody");
  const auto sessions = fixture.sessions->of_party("example-energy");
  REQUIRE(sessions.size() == 1);
  const auto stranger = fixture.sessions->end_of("other-energy", sessions[0].id);
  const auto never = fixture.sessions->end_of("other-energy", "ses_0000000000000000");
  REQUIRE_FALSE(stranger);
  REQUIRE_FALSE(never);
  CHECK(stranger.error().code == "session-not-found");
  CHECK(stranger.error().detail == never.error().detail);
  CHECK(fixture.user(second) == "example-energy");
  CHECK(fixture.sessions->end_of("example-energy", sessions[0].id));
  CHECK(fixture.user(second) == "nobody");
  CHECK(fixture.user(other) == "other-energy");
}

TEST_CASE("session: a Party has ten, and the one that was not used for longest makes room") {
  SessionFixture fixture;
  std::vector<std::string> secrets;
  for (int i = 0; i < 10; ++i) {
    secrets.push_back(fixture.begin("one"));
    fixture.clock.advance(minute);
  }
  CHECK(fixture.user(secrets[0]) == "example-energy");
  secrets.push_back(fixture.begin("one"));
  CHECK(fixture.count("example-energy") == 10);
  CHECK(fixture.user(secrets[0]) == "example-energy");
  CHECK(fixture.user(secrets[1]) == "nobody");
}

TEST_CASE("session: all have a bound, and what has ended leaves room") {
  SessionFixture fixture({.of_one = 10, .all = 2});
  fixture.begin("one");
  fixture.begin("one");
  const auto refused = fixture.sessions->begin(sha256("other"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "sessions-full");
  fixture.clock.advance(30 * minute);
  CHECK(fixture.user(fixture.begin("other")) == "other-energy");
}

}  // namespace cpl::testing::session_test
