// The book of reports: their numbers, how many are kept, and what of them is stored.
#include "api/accounts/report_book.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "registry/log/log_keys.hpp"
#include "registry/store/keyspace.hpp"
#include "tests/registry/store/fault_store.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::report_test {
namespace {

const PartyId energy{"example-energy", Audience::parties};
const PartyId gas{"example-gas", Audience::parties};

class BookFixture {
 public:
  BookFixture() { open(); }
  void open() {
    auto opened = try_open();
    REQUIRE(opened);
    book = *std::move(opened);
  }
  Result<std::unique_ptr<ReportBook>> try_open() {
    return ReportBook::open(store, clock, {.waiting_of_one = 3, .kept = 4, .answers = 2});
  }
  Result<Report> add(const PartyId& owner = energy) const {
    return book->add(owner, {small_id(1), std::nullopt, "The hardware version is 0204."});
  }
  std::string added(const PartyId& owner = energy) const {  // Its number, or why there is none.
    const auto made = add(owner);
    return made ? std::to_string(made->number) : made.error().code;
  }
  Result<Report> answer(std::uint64_t number) const {
    return book->answer(number, {clock.now(), ReportOutcome::no_action, "It is 0203.", {}});
  }
  std::vector<KeyValue> rows() const {
    const auto found = memory.snapshot()->scan("r", keyspace::end_of("r"), 100);
    REQUIRE(found);
    return *found;
  }
  void put(const Bytes& key, const Bytes& value) {
    WriteBatch batch;
    batch.put(key, value);
    REQUIRE(memory.commit(batch, Durability::synced));
  }

  MemoryStore memory;
  FaultStore store{memory};
  TestClock clock;
  std::unique_ptr<ReportBook> book;
};

// What is left of a store that lost a file: it takes nothing.
class DamagedStore final : public Store {
 public:
  explicit DamagedStore(const Store& inner) : inner_(inner) {}
  std::shared_ptr<const StoreView> snapshot() const override { return inner_.snapshot(); }
  Result<void> commit(const WriteBatch&, Durability) override {
    return Error{Errc::unavailable, "store-read-only", "a fault of the test"};
  }
  bool is_writable() const override { return false; }
  std::string damage() const override { return "a file is missing"; }

 private:
  const Store& inner_;
};

std::vector<std::uint64_t> numbers(const std::vector<Report>& reports) {
  std::vector<std::uint64_t> found(reports.size());
  std::transform(reports.begin(), reports.end(), found.begin(),
                 [](const Report& report) { return report.number; });
  return found;
}

using Numbers = std::vector<std::uint64_t>;

Report whole_report() {
  return {7,
          "example-energy",
          UnixMillis{1'780'000'000'123},
          {small_id(2), ReportedCertificate{CertificateKind::cpa, CertificateEvent::withdrawn},
           "One line\nand \"another\", caf\xC3\xA9"},
          {{UnixMillis{1'780'000'001'000}, ReportOutcome::no_action, "Not yet.", {}},
           {UnixMillis{1'780'000'002'000},
            ReportOutcome::acted,
            "Now.",
            {EntryIndex{0}, EntryIndex{1510}}}}};
}

// Why what stands in place of the whole report's member cannot be read.
std::string decoded_with(const std::string& member, const Json& value) {
  Json json = Json::parse(encode(whole_report()));
  json[Json::json_pointer(member)] = value;
  const auto decoded = decode_report(json.dump());
  if (decoded) return "decoded";
  CHECK(decoded.error().errc == Errc::corrupt);
  return decoded.error().code;
}

}  // namespace

TEST_CASE("report: numbers go on without a gap, also in the next process") {
  BookFixture fixture;
  CHECK(fixture.added() == "1");
  CHECK(fixture.added(gas) == "2");
  fixture.open();
  CHECK(fixture.added() == "3");
  CHECK(numbers(fixture.book->list(0, 10, false)) == Numbers{1, 2, 3});
  CHECK(fixture.rows().size() == 3);
}

TEST_CASE("report: what was sent and answered is there in the next process, octet by octet") {
  BookFixture fixture;
  const ReportContent content{
      small_id(3), ReportedCertificate{CertificateKind::dlms, CertificateEvent::cancelled}, "a\nb"};
  const auto sent = fixture.book->add(energy, content);
  REQUIRE(sent);
  CHECK(sent->waits());
  CHECK(sent->received == fixture.clock.now());
  CHECK(fixture.book->waiting() == 1);
  fixture.clock.advance(1000);
  const auto answered = fixture.book->answer(
      1, {fixture.clock.now(), ReportOutcome::acted, "Recorded.", {EntryIndex{5}}});
  REQUIRE(answered);
  CHECK_FALSE(answered->waits());
  CHECK(fixture.book->waiting() == 0);
  fixture.open();
  const auto found = fixture.book->find(1);
  REQUIRE(found);
  CHECK(encode(*found) == encode(*answered));
  CHECK(fixture.book->waiting() == 0);
  const Json json = to_json(*found);
  CHECK(json["certificate"] == Json({{"kind", "dlms"}, {"event", "cancelled"}}));
  CHECK(json["state"] == "answered");
  CHECK(json["answers"][0]["entries"] == Json::array({5}));
}

TEST_CASE("report: one is its owner's and the operator's, and lists are by number") {
  BookFixture fixture;
  for (const PartyId& owner : {energy, gas, energy, gas}) REQUIRE(fixture.add(owner));
  CHECK(fixture.book->find(gas, 2));
  const auto others = fixture.book->find(energy, 2);
  const auto none = fixture.book->find(energy, 99);
  REQUIRE_FALSE(others);
  REQUIRE_FALSE(none);
  CHECK(others.error().code == "report-not-found");
  CHECK(others.error().errc == none.error().errc);
  CHECK(others.error().code == none.error().code);
  CHECK(fixture.book->find(2));
  CHECK(numbers(fixture.book->of_owner(energy, 0, 10)) == Numbers{1, 3});
  CHECK(numbers(fixture.book->of_owner(energy, 1, 10)) == Numbers{3});
  CHECK(numbers(fixture.book->of_owner(gas, 0, 1)) == Numbers{2});
  REQUIRE(fixture.answer(1));
  CHECK(numbers(fixture.book->list(0, 10, true)) == Numbers{2, 3, 4});
  CHECK(numbers(fixture.book->list(2, 1, true)) == Numbers{3});
  CHECK(numbers(fixture.book->list(0, 10, false)) == Numbers{1, 2, 3, 4});
}

TEST_CASE("report: so many of one Party wait, and an answer makes room") {
  BookFixture fixture;
  for (const char* number : {"1", "2", "3"}) CHECK(fixture.added() == number);
  CHECK(fixture.added() == "reports-waiting");
  CHECK(fixture.added(gas) == "4");
  REQUIRE(fixture.answer(2));
  CHECK(fixture.added() == "5");
}

TEST_CASE("report: of those kept the oldest that is answered is forgotten, and none that waits") {
  BookFixture fixture;
  for (const PartyId& owner : {energy, gas, energy, gas}) REQUIRE(fixture.add(owner));
  CHECK(fixture.added() == "reports-full");
  CHECK(fixture.rows().size() == 4);
  REQUIRE(fixture.answer(3));
  REQUIRE(fixture.answer(2));
  CHECK(fixture.added() == "5");
  CHECK(numbers(fixture.book->list(0, 10, false)) == Numbers{1, 3, 4, 5});
  CHECK(fixture.book->find(2).has_error());
  fixture.open();
  CHECK(numbers(fixture.book->list(0, 10, false)) == Numbers{1, 3, 4, 5});
  CHECK(fixture.added() == "6");
  REQUIRE(fixture.answer(6));
  // The newest keeps its number from being given twice, though it is answered.
  CHECK(fixture.added() == "reports-full");
  fixture.open();
  REQUIRE(fixture.answer(1));
  CHECK(fixture.added(gas) == "7");
}

TEST_CASE("report: a later answer adds to the first, up to a bound") {
  BookFixture fixture;
  CHECK(fixture.answer(1).error().code == "report-not-found");
  REQUIRE(fixture.add());
  REQUIRE(fixture.answer(1));
  REQUIRE(fixture.answer(1));
  CHECK(fixture.answer(1).error().code == "answers-full");
  CHECK(fixture.book->find(1)->answers.size() == 2);
}

TEST_CASE("report: what could not be stored does not count, and its number is the next one's") {
  BookFixture fixture;
  REQUIRE(fixture.add());
  fixture.store.fail_after(0, StoreFault::fails_not_persisted);
  CHECK(fixture.added() == "write-indeterminate");
  CHECK(fixture.book->find(2).has_error());
  CHECK(fixture.added(gas) == "2");
  fixture.store.fail_after(0, StoreFault::fails_not_persisted);
  CHECK(fixture.answer(2).error().code == "write-indeterminate");
  CHECK(fixture.book->find(2)->waits());
  fixture.open();
  CHECK(fixture.book->find(2)->waits());
  CHECK(numbers(fixture.book->list(0, 10, false)) == Numbers{1, 2});
}

TEST_CASE("report: what was stored though the write failed keeps its number") {
  BookFixture fixture;
  fixture.store.fail_after(0, StoreFault::fails_persisted);
  CHECK(fixture.added() == "write-indeterminate");
  CHECK(fixture.book->find(energy, 1));
  CHECK(fixture.added(gas) == "2");
  fixture.store.fail_after(0, StoreFault::fails_persisted);
  CHECK(fixture.answer(1).has_error());
  CHECK_FALSE(fixture.book->find(1)->waits());
}

TEST_CASE("report: where that cannot be looked up, it is before anything else is taken") {
  BookFixture fixture;
  fixture.store.fail_after(0, StoreFault::fails_persisted);
  fixture.store.fail_read_after(0);
  CHECK(fixture.added() == "write-indeterminate");
  CHECK(fixture.store.read_failed());
  CHECK(fixture.book->find(1).has_error());
  fixture.store.fail_read_after(0);
  CHECK(fixture.added(gas) == "store-unavailable");
  CHECK(fixture.rows().size() == 1);
  CHECK(fixture.added(gas) == "2");
  CHECK(numbers(fixture.book->of_owner(energy, 0, 10)) == Numbers{1});
}

TEST_CASE("report: of many at once each gets a number of its own, and none is left out") {
  MemoryStore store;
  const TestClock clock;
  const auto book = ReportBook::open(store, clock, {});
  REQUIRE(book);
  constexpr std::uint64_t threads_count = 4;
  constexpr std::uint64_t each = 25;
  std::atomic<std::uint64_t> failed = 0;
  std::vector<std::thread> threads;
  for (std::uint64_t i = 0; i < threads_count; ++i) {
    threads.emplace_back([&, owner = PartyId{"party-" + std::to_string(i), Audience::parties}] {
      for (std::uint64_t sent = 0; sent < each; ++sent) {
        const auto made = (*book)->add(owner, {small_id(1), std::nullopt, "x"});
        if (!made || !(*book)->find(owner, made->number)) ++failed;
        (*book)->waiting();
        (*book)->of_owner(owner, 0, 10);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failed == 0);
  const auto all = (*book)->list(0, 1000, true);
  REQUIRE(all.size() == threads_count * each);
  CHECK(all.back().number == threads_count * each);
}

TEST_CASE("report: what is made beside it is in the same batch") {
  BookFixture fixture;
  const std::size_t before = fixture.store.commits();
  const auto made = fixture.book->add(energy, {small_id(1), std::nullopt, "x"},
                                      [](const Report& report, WriteBatch& batch) {
                                        batch.put("a", std::to_string(report.number));
                                      });
  REQUIRE(made);
  REQUIRE(fixture.book->answer(1, {fixture.clock.now(), ReportOutcome::acted, "y", {}},
                               [](const Report& report, WriteBatch& batch) {
                                 batch.put("b", std::to_string(report.answers.size()));
                               }));
  CHECK(fixture.store.commits() == before + 2);
  CHECK(**fixture.memory.snapshot()->get("a") == "1");
  CHECK(**fixture.memory.snapshot()->get("b") == "1");
}

TEST_CASE("report: of a damaged store what can be read is shown, and no more is taken") {
  BookFixture fixture;
  REQUIRE(fixture.add());
  DamagedStore damaged(fixture.store);
  const auto open_damaged = [&] {
    auto opened = ReportBook::open(damaged, fixture.clock, {});
    REQUIRE(opened);
    fixture.book = *std::move(opened);
  };
  open_damaged();
  CHECK(fixture.book->find(energy, 1));
  CHECK(fixture.added() == "store-read-only");
  CHECK(fixture.answer(1).error().code == "store-read-only");
  CHECK(fixture.book->find(1)->waits());
  fixture.store.fail_read_after(0);
  open_damaged();
  CHECK(fixture.store.read_failed());
  CHECK(fixture.book->list(0, 10, false).empty());
  CHECK(fixture.added() == "store-read-only");
}

TEST_CASE("report: a damaged row is an error, and so is one under another's number") {
  BookFixture fixture;
  REQUIRE(fixture.add());
  const Bytes good = fixture.rows().at(0).value;
  const auto opens_with = [&](const Bytes& key, const Bytes& value) {
    fixture.put(key, value);
    const auto opened = fixture.try_open();
    return opened ? "opened" : opened.error().code;
  };
  const Bytes key = store_keys::report(1);
  CHECK(opens_with(key, good.substr(1)) == "stored-data-corrupt");
  CHECK(opens_with(key, "{}") == "stored-data-corrupt");
  CHECK(opens_with(key, "") == "stored-data-corrupt");
  CHECK(opens_with(key, good) == "opened");
  CHECK(opens_with(store_keys::report(2), good) == "stored-data-corrupt");
}

TEST_CASE("report: it is decoded as it was encoded, and nothing else is a report") {
  const Report report = whole_report();
  const Bytes stored = encode(report);
  const auto decoded = decode_report(stored);
  REQUIRE(decoded);
  CHECK(encode(*decoded) == stored);
  CHECK(decoded->number == 7);
  CHECK(decoded->owner == report.owner);
  CHECK(decoded->received == report.received);
  CHECK(decoded->content.model == report.content.model);
  CHECK(decoded->content.text == report.content.text);
  REQUIRE(decoded->content.certificate);
  CHECK(decoded->content.certificate->kind == CertificateKind::cpa);
  CHECK(decoded->content.certificate->event == CertificateEvent::withdrawn);
  REQUIRE(decoded->answers.size() == 2);
  CHECK(decoded->answers[0].outcome == ReportOutcome::no_action);
  CHECK(decoded->answers[1].outcome == ReportOutcome::acted);
  CHECK(decoded->answers[1].at == report.answers[1].at);
  CHECK(decoded->answers[1].entries == report.answers[1].entries);
  const std::string wrong = "stored-data-corrupt";
  CHECK(decoded_with("/number", 8) == "decoded");
  CHECK(decoded_with("/number", 0) == wrong);
  CHECK(decoded_with("/owner", "") == wrong);
  CHECK(decoded_with("/received", -1) == wrong);
  CHECK(decoded_with("/model", "ESME-1") == wrong);
  CHECK(decoded_with("/certificate/kind", "bsi") == wrong);
  CHECK(decoded_with("/certificate/event", "lost") == wrong);
  CHECK(decoded_with("/text", "\x1b[31m") == wrong);
  CHECK(decoded_with("/answers", 1) == wrong);
  CHECK(decoded_with("/answers/0/outcome", "ignored") == wrong);
  CHECK(decoded_with("/answers/0/at", "now") == wrong);
  CHECK(decoded_with("/answers/1/entries/0", -1) == wrong);
  CHECK(decoded_with("/answers/1/more", 1) == wrong);
  CHECK(decoded_with("/more", 1) == wrong);
}

}  // namespace cpl::testing::report_test
