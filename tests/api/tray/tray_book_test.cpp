// The tray: whose signatures it keeps, who sees them, how long, and what of it is stored.
#include "api/tray/tray_book.hpp"

#include <catch2/catch.hpp>

#include "registry/log/log_keys.hpp"
#include "registry/store/keyspace.hpp"
#include "tests/registry/store/fault_store.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/shared_signing.hpp"

namespace cpl::testing::tray_book_test {
namespace {

CharterRecord in_force() { return {shared_charter(), EntryIndex{0}}; }
const std::set<Role> registrars{Role::registrar};

TrayNote received(const Bytes& note) {
  auto read = receive_tray_note(note, in_force());
  REQUIRE(read);
  return *std::move(read);
}

class TrayFixture {
 public:
  TrayFixture() { open(); }
  void open() {
    auto opened = try_open();
    REQUIRE(opened);
    book = *std::move(opened);
  }
  Result<std::unique_ptr<TrayBook>> try_open() {
    return TrayBook::open(store, clock,
                          {.statements = 3, .octets = 4'000, .kept = std::chrono::hours{24}});
  }
  TrayStatement put(std::uint64_t number, const std::string& account = "secas") const {
    const auto made = book->put(received(half_signed(number, {"r1"})), account, false);
    REQUIRE(made);
    return made->statement;
  }
  std::string put_code(const Bytes& note) const {
    const auto made = book->put(received(note), "secas", false);
    return made ? "" : made.error().code;
  }
  std::size_t rows() const {
    const auto found = memory.snapshot()->scan(keyspace::first(keyspace::Kind::tray),
                                               keyspace::end_of(keyspace::Kind::tray), 100);
    REQUIRE(found);
    return found->size();
  }

  MemoryStore memory;
  FaultStore store{memory};
  TestClock clock;
  std::unique_ptr<TrayBook> book;
};

std::vector<std::string> names_on(const Bytes& note) {
  const auto parsed = parse_note(note);
  REQUIRE(parsed);
  std::vector<std::string> names;
  for (const NoteSignature& line : parsed->signatures) names.push_back(line.name);
  return names;
}

}  // namespace

TEST_CASE("tray: of what is sent only good lines of keys that count are kept, each once") {
  Note note{format_statement({log_origin, start_time, Addition{small_model(1), start_time}}), {}};
  sign_note(note, signer_of("stranger"));
  sign_note(note, signer_of("p1"));  // Known to the charter, in another role.
  sign_note(note, signer_of("r1"));
  note.signatures.push_back(note.signatures.back());
  note.signatures.push_back({"garbage", 7, "octets of no signature"});
  const TrayNote kept = received(format_note(note));
  CHECK(names_on(format_note(kept.note)) == std::vector<std::string>{"r1"});
  CHECK(kept.role == Role::registrar);
  REQUIRE(kept.signers.size() == 1);
  CHECK(kept.signers[0].signed_by == std::vector<std::string>{"r1"});
  CHECK(kept.signers[0].can_sign == std::vector<std::string>{"r2"});
  CHECK_FALSE(kept.is_complete());
  CHECK(received(half_signed(1, {"r1", "r2"})).is_complete());
}

TEST_CASE("tray: nobody of the role, or a bad line of one who is, keeps a statement out") {
  const auto refusal = [](const Bytes& note) {
    const auto read = receive_tray_note(note, in_force());
    return read ? std::string() : read.error().code;
  };
  CHECK(refusal(half_signed(1, {"p1"})) == "tray-signer-missing");
  CHECK(refusal(half_signed(1, {"stranger"})) == "signature-missing");
  Note forged{format_statement({log_origin, start_time, Addition{small_model(1), start_time}}), {}};
  sign_note(forged, signer_of("r1"));
  Note other{format_statement({log_origin, start_time, Addition{small_model(2), start_time}}), {}};
  sign_note(other, signer_of("r2"));
  forged.signatures.push_back(other.signatures.front());
  CHECK(refusal(format_note(forged)) == "signature-invalid");
}

TEST_CASE("tray: a new charter waits for both Panels, and the new one alone puts nothing there") {
  Charter next = shared_charter();
  next.replaces = EntryIndex{0};
  next.roles[Role::panel] = {2, {signer_of("n1").verifier(), signer_of("n2").verifier()}};
  const TrayNote begun = received(signed_by(next, {"p1"}));
  REQUIRE(begun.signers.size() == 2);
  CHECK(begun.signers[1].whose == "new_panel");
  CHECK(begun.signers[1].can_sign == std::vector<std::string>{"n1", "n2"});
  CHECK_FALSE(receive_tray_note(signed_by(next, {"n1", "n2"}), in_force()));
  CHECK_FALSE(received(signed_by(next, {"p1", "p2", "n1"})).is_complete());
  CHECK(received(signed_by(next, {"p1", "p2", "n1", "n2"})).is_complete());
}

TEST_CASE("tray: signatures merge, and who signed twice adds nothing") {
  const TrayFixture fixture;
  const TrayStatement begun = fixture.put(1);
  const auto twice = fixture.book->sign(begun.id, registrars, received(half_signed(1, {"r1"})));
  REQUIRE_FALSE(twice);
  CHECK(twice.error().code == "signature-known");
  const auto both = fixture.book->sign(begun.id, registrars, received(half_signed(1, {"r2"})));
  REQUIRE(both);
  CHECK(names_on(both->note) == std::vector<std::string>{"r1", "r2"});
  const auto again = fixture.book->put(received(half_signed(1, {"r1", "r2"})), "secas", true);
  CHECK_FALSE(again);
  const auto other = fixture.book->sign(begun.id, registrars, received(half_signed(2, {"r2"})));
  REQUIRE_FALSE(other);
  CHECK(other.error().code == "tray-text-differs");
}

TEST_CASE("tray: the same text has one place, whoever puts it there") {
  const TrayFixture fixture;
  const TrayStatement begun = fixture.put(1);
  const auto joined = fixture.book->put(received(half_signed(1, {"r2"})), "other", true);
  REQUIRE(joined);
  CHECK_FALSE(joined->is_new);
  CHECK(joined->statement.id == begun.id);
  CHECK(joined->statement.put_by == "secas");
  CHECK_FALSE(joined->statement.submits);
}

TEST_CASE("tray: another role's statement is as one that never was") {
  const TrayFixture fixture;
  const TrayStatement begun = fixture.put(1);
  const std::set<Role> panel{Role::panel};
  const auto hidden = fixture.book->find(begun.id, panel);
  const auto absent = fixture.book->find("tray_00", panel);
  REQUIRE_FALSE(hidden);
  REQUIRE_FALSE(absent);
  CHECK(hidden.error().code == absent.error().code);
  CHECK(hidden.error().detail == absent.error().detail);
  CHECK(fixture.book->list(panel).empty());
  CHECK(fixture.book->list(registrars).size() == 1);
  CHECK_FALSE(fixture.book->withdraw(begun.id, panel, "secas"));
  CHECK_FALSE(fixture.book->sign(begun.id, panel, received(half_signed(1, {"r2"}))));
}

TEST_CASE("tray: only who put it there withdraws it") {
  const TrayFixture fixture;
  const TrayStatement begun = fixture.put(1);
  const auto refused = fixture.book->withdraw(begun.id, registrars, "other");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "tray-not-yours");
  CHECK(fixture.book->withdraw(begun.id, registrars, "secas"));
  CHECK(fixture.rows() == 0);
}

TEST_CASE("tray: ids are no numbers that could be guessed") {
  const TrayFixture fixture;
  const std::string one = fixture.put(1).id;
  const std::string two = fixture.put(2).id;
  CHECK(one.size() == std::string("tray_").size() + 32);
  CHECK(one.substr(0, 20) != two.substr(0, 20));
}

TEST_CASE("tray: what it keeps is bounded in number and octets, and an end makes room") {
  TrayFixture fixture;
  for (std::uint64_t number = 1; number <= 3; ++number) fixture.put(number);
  CHECK(fixture.put_code(half_signed(4, {"r1"})) == "tray-full");
  fixture.clock.advance(86'400'000 - 1);
  CHECK(fixture.put_code(half_signed(4, {"r1"})) == "tray-full");
  fixture.clock.advance(1);
  CHECK(fixture.book->list(registrars).empty());
  CHECK(fixture.put_code(half_signed(4, {"r1"})).empty());
  CHECK(fixture.rows() == 1);  // What is over went with it.
}

TEST_CASE("tray: a large statement is refused by its octets") {
  const TrayFixture fixture;
  Decision long_one = the_decision({small_id(1)});
  long_one.text.words = std::string(3'900, 'x');
  CHECK(fixture.put_code(signed_by(long_one, {"p1"})) == "tray-full");
  CHECK(fixture.put_code(half_signed(1, {"r1"})).empty());
}

TEST_CASE("tray: what was put there is there in the next process, octet by octet") {
  TrayFixture fixture;
  const TrayStatement begun = fixture.put(1);
  REQUIRE(fixture.book->note_refusal(begun.id, refuse("model-known", "It is on the list.")));
  fixture.open();
  const auto found = fixture.book->find(begun.id, registrars);
  REQUIRE(found);
  CHECK(found->note == begun.note);
  CHECK(found->put_by == "secas");
  CHECK(found->put == begun.put);
  REQUIRE(found->refused);
  CHECK(found->refused->code == "model-known");
}

TEST_CASE("tray: a stored statement that is damaged is told, and not passed over") {
  for (const std::string& value :
       {std::string("no JSON"), std::string("{}"),
        std::string(R"({"id":"tray_1","note":"!","put":1,)"
                    R"("put_by":"a","role":"panel","submits":false})")}) {
    CAPTURE(value);
    TrayFixture fixture;
    WriteBatch batch;
    batch.put(store_keys::tray("tray_1"), value);
    REQUIRE(fixture.memory.commit(batch, Durability::synced));
    const auto opened = fixture.try_open();
    REQUIRE_FALSE(opened);
    CHECK(opened.error().errc == Errc::corrupt);
  }
  TrayFixture fixture;
  WriteBatch batch;
  batch.put(store_keys::tray("tray_2"), encode(fixture.put(1)));
  REQUIRE(fixture.memory.commit(batch, Durability::synced));
  CHECK_FALSE(fixture.try_open());  // Another's place.
}

TEST_CASE("tray: where a write may or may not be done, the store is asked") {
  TrayFixture fixture;
  fixture.store.fail_after(0, StoreFault::fails_persisted);
  CHECK_FALSE(fixture.book->put(received(half_signed(1, {"r1"})), "secas", false));
  CHECK(fixture.book->list(registrars).size() == 1);
  fixture.store.fail_after(0, StoreFault::fails_not_persisted);
  CHECK_FALSE(fixture.book->put(received(half_signed(2, {"r1"})), "secas", false));
  CHECK(fixture.book->list(registrars).size() == 1);
}

TEST_CASE("tray: lines of keys that a new charter does not know count no more") {
  const TrayFixture fixture;
  const TrayStatement begun = fixture.put(1);
  CharterRecord later = in_force();
  later.charter.roles[Role::registrar] = {1, {signer_of("r2").verifier()}};
  const auto counted_anew = recount_tray_note(begun.note, later);
  REQUIRE(counted_anew);
  CHECK(counted_anew->signers[0].signed_by.empty());
  CHECK(counted_anew->note.signatures.empty());
}

}  // namespace cpl::testing::tray_book_test
