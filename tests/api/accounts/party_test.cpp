// Accounts of Parties: their tokens, and what of them is stored.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "api/accounts/party_book.hpp"
#include "crypto/hash.hpp"
#include "tests/api/routes/stored_party.hpp"
#include "tests/registry/store/fault_store.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::party_test {
namespace {

class BookFixture {
 public:
  BookFixture() { open(); }
  void open() {
    auto opened =
        PartyBook::open(store, clock, {.parties = 3, .tokens_in_use = 2, .tokens_kept = 3});
    REQUIRE(opened);
    book = *std::move(opened);
  }
  NewToken add(const std::string& name) {
    auto made = book->add(name, Audience::parties, "first");
    REQUIRE(made);
    return *std::move(made);
  }
  std::string owner_of(const std::string& token) const {
    const auto party = book->authenticate(sha256(token));
    return party ? party->name : "nobody";
  }

  MemoryStore memory;
  FaultStore store{memory};
  TestClock clock;
  std::unique_ptr<PartyBook> book;
};

}  // namespace

TEST_CASE("party: a token is its Party's, also for the next process, and only its hash is stored") {
  BookFixture fixture;
  const NewToken made = fixture.add("example-energy");
  CHECK(made.secret.size() == 43);  // 32 octets.
  CHECK(made.token.id.starts_with("tok_"));
  CHECK(fixture.owner_of(made.secret) == "example-energy");
  fixture.open();
  CHECK(fixture.owner_of(made.secret) == "example-energy");
  CHECK(fixture.owner_of("guessed") == "nobody");
  const auto row = fixture.memory.snapshot()->get(store_keys::party("example-energy"));
  REQUIRE((row && *row));
  CHECK((*row)->find(made.secret) == std::string::npos);
}

TEST_CASE("party: tokens are changed one after the other") {
  BookFixture fixture;
  const NewToken first = fixture.add("example-energy");
  const auto second = fixture.book->add_token("example-energy", "2026");
  REQUIRE(second);
  CHECK(fixture.owner_of(first.secret) == "example-energy");
  CHECK(fixture.owner_of(second->secret) == "example-energy");
  fixture.clock.advance(1000);
  REQUIRE(fixture.book->revoke("example-energy", first.token.id));
  CHECK(fixture.owner_of(first.secret) == "nobody");
  CHECK(fixture.owner_of(second->secret) == "example-energy");
  const UnixMillis revoked = fixture.clock.now();
  fixture.clock.advance(1000);
  const auto again = fixture.book->revoke("example-energy", first.token.id);
  REQUIRE(again);
  CHECK(again->tokens[0].revoked == revoked);
  fixture.open();
  CHECK(fixture.owner_of(first.secret) == "nobody");
}

TEST_CASE("party: certificates of a subject speak for one Party, until that is revoked") {
  BookFixture fixture;
  fixture.add("example-energy");
  fixture.add("example-gas");
  const std::string subject = "CN=hooks.example,O=Example Energy,C=GB";
  const auto owner = [&](const std::string& shown) {
    const auto party = fixture.book->authenticate_certificate(shown);
    return party ? party->name : "nobody";
  };
  CHECK(owner(subject) == "nobody");
  const auto made = fixture.book->add_certificate("example-energy", "client", subject);
  REQUIRE(made);
  CHECK(made->certificate == subject);
  CHECK(owner(subject) == "example-energy");
  CHECK(owner("CN=hooks.example,O=Example Energy") == "nobody");
  CHECK(fixture.owner_of(subject) == "nobody");  // It is no token.
  const auto taken = fixture.book->add_certificate("example-gas", "client", subject);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code == "party-certificate-taken");
  fixture.open();
  CHECK(owner(subject) == "example-energy");
  REQUIRE(fixture.book->revoke("example-energy", made->id));
  CHECK(owner(subject) == "nobody");
  CHECK(fixture.book->add_certificate("example-gas", "client", subject));
  CHECK(owner(subject) == "example-gas");
  const auto code = [&](const std::string& name, const std::string& wrong) {
    const auto refused = fixture.book->add_certificate(name, "client", wrong);
    return refused ? "added" : refused.error().code;
  };
  CHECK(code("example-gas", "") == "party-certificate-malformed");
  CHECK(code("example-gas", "hooks.example") == "party-certificate-malformed");
  CHECK(code("example-gas", "CN=" + std::string(1022, 'a')) == "party-certificate-malformed");
  CHECK(code("nobody", "CN=another") == "party-not-found");
  const NewToken token = *fixture.book->add_token("example-energy", "2027");
  CHECK(owner(token.secret) == "nobody");
}

TEST_CASE("party: names, labels and numbers are bounded, and refusals say why") {
  BookFixture fixture;
  const auto code = [&](const std::string& name, const std::string& label = "first") {
    const auto made = fixture.book->add(name, Audience::parties, label);
    return made ? "made" : made.error().code;
  };
  CHECK(code("") == "party-name-malformed");
  CHECK(code("Example") == "party-name-malformed");
  CHECK(code("a/b") == "party-name-malformed");
  CHECK(code(std::string(65, 'a')) == "party-name-malformed");
  CHECK(code("a", "") == "party-label-malformed");
  CHECK(code("a", "\x1b[31m") == "party-label-malformed");
  CHECK(code("a") == "made");
  CHECK(code("a") == "party-exists");
  CHECK(code("b") == "made");
  CHECK(code("c") == "made");
  CHECK(code("d") == "parties-full");
  CHECK(fixture.book->add_token("none", "x").error().code == "party-not-found");
  CHECK(fixture.book->revoke("a", "tok_none").error().code == "party-token-not-found");
}

TEST_CASE("party: tokens in use are bounded; of the revoked the longest so is forgotten") {
  BookFixture fixture;
  NewToken previous = fixture.add("a");
  const std::string first = previous.token.id;
  for (int i = 0; i < 3; ++i) {
    const auto next = fixture.book->add_token("a", "next");
    REQUIRE(next);
    CHECK(fixture.book->add_token("a", "third").error().code == "party-tokens-full");
    fixture.clock.advance(1000);
    REQUIRE(fixture.book->revoke("a", previous.token.id));
    previous = *next;
  }
  const auto party = fixture.book->find("a");
  REQUIRE(party);
  CHECK(party->tokens.size() == 3);
  CHECK(std::none_of(party->tokens.begin(), party->tokens.end(),
                     [&](const PartyToken& token) { return token.id == first; }));
  CHECK(fixture.owner_of(previous.secret) == "a");
}

TEST_CASE("party: the Service Desk has an account like any other, with an audience of its own") {
  BookFixture fixture;
  store_party(fixture.store, "desk", "desk token", Audience::service_desk);
  fixture.open();
  const auto desk = fixture.book->authenticate(sha256("desk token"));
  REQUIRE(desk);
  CHECK(desk->name == "desk");
  CHECK(desk->audience == Audience::service_desk);
  CHECK(fixture.book->add_token("desk", "next"));
}

TEST_CASE("party: what could not be stored does not count") {
  BookFixture fixture;
  fixture.store.fail_after(0, StoreFault::fails_not_persisted);
  CHECK(fixture.book->add("a", Audience::parties, "first").has_error());
  fixture.open();
  CHECK(fixture.book->find("a").has_error());
}

TEST_CASE("party: the directory keeps who a Party is, for the next process, too") {
  BookFixture fixture;
  PartyDetails details;
  details.legal_name = "Example Energy Ltd";
  details.categories = {PartyCategory::small_supplier, PartyCategory::other};
  details.acceded = Date::parse("2016-03-11");
  details.mailbox = "cpl@party.example";
  details.telephone = "+44 20 7946 0000";
  const auto entered = fixture.book->enter("example-energy", Audience::parties, details);
  REQUIRE(entered);
  CHECK(entered->tokens.empty());
  fixture.open();
  const auto found = fixture.book->find("example-energy");
  REQUIRE(found);
  CHECK(to_json(found->details) == to_json(details));
  CHECK(fixture.book->enter("example-energy", Audience::parties, {}).error().code ==
        "party-exists");
  details.withdrawn = Date::parse("2026-03-11");
  REQUIRE(fixture.book->describe("example-energy", details));
  CHECK(fixture.book->find("example-energy")->details.withdrawn == details.withdrawn);
  REQUIRE(fixture.book->add_token("example-energy", "first"));
}

TEST_CASE("party: one that is removed has no token, and its name stays taken") {
  BookFixture fixture;
  const NewToken made = fixture.add("example-energy");
  const auto removed = fixture.book->remove("example-energy");
  REQUIRE(removed);
  const UnixMillis since = fixture.clock.now();
  CHECK(removed->removed == since);
  CHECK(fixture.owner_of(made.secret) == "nobody");
  fixture.clock.advance(1000);
  CHECK(fixture.book->remove("example-energy")->removed == since);
  fixture.open();
  CHECK(fixture.owner_of(made.secret) == "nobody");
  CHECK(fixture.book->add_token("example-energy", "2026").error().code == "party-removed");
  CHECK(fixture.book->add("example-energy", Audience::parties, "x").error().code == "party-exists");
}

TEST_CASE("party: what a directory cannot hold is told by its member") {
  const auto faults = [](const Json& given) {
    FieldErrors errors;
    read_details(given, "#", errors);
    return errors.size();
  };
  CHECK(faults({{"categories", {"small-supplier"}}, {"acceded", "2016-03-11"}}) == 0);
  CHECK(faults({{"categories", {"shipper"}}}) == 1);
  CHECK(faults({{"acceded", "2016-03-11"}, {"withdrawn", "2016-03-10"}}) == 1);
  CHECK(faults({{"mailbox", "nobody"}}) == 1);
  CHECK(faults({{"telephone", "ask for Jo"}}) == 1);
  CHECK(faults({{"employee", "Jo"}}) == 1);
}

}  // namespace cpl::testing::party_test
