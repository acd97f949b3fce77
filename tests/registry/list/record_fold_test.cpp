// What each statement makes of a model's record, one after another.
#include "registry/list/record_fold.hpp"

#include "registry/list/state_record.hpp"
#include "tests/support/log_fixture.hpp"

namespace cpl::testing::record_fold_test {
namespace {

constexpr UnixMillis when{1'780'000'000'123};
constexpr UnixMillis second{1'780'000'000'000};

FoldedEntry at(std::uint64_t index, std::optional<EntryIndex> decision = std::nullopt) {
  return {EntryIndex{index}, when, decision};
}

ModelRecord added() {
  ModelRecord record;
  record.notice = EntryIndex{1};  // Of what was there before nothing stays.
  apply_to_record(record, Addition{small_model(1), {}}, at(3));
  return record;
}

}  // namespace

TEST_CASE("record fold: an addition begins a record, in effect since its entry's second") {
  const ModelRecord record = added();
  CHECK(record.model.id() == small_id(1));
  CHECK(record.status == ModelStatus::listed);
  CHECK(record.added == EntryIndex{3});
  CHECK(record.changed_at == EntryIndex{3});
  CHECK(record.effective_from == second);
  CHECK_FALSE(record.notice);
}

TEST_CASE("record fold: a removal and a reinstatement each remember the change before") {
  ModelRecord record = added();
  apply_to_record(record, Notice{{small_id(1)}, EntryIndex{4}}, at(5));
  CHECK(record.notice == EntryIndex{5});
  const Removal removal{small_id(1), EntryIndex{5}, RemovalBasis::panel_decision, when,
                        "Withdrawn"};
  apply_to_record(record, removal, at(6, EntryIndex{4}));
  CHECK(record.status == ModelStatus::removed);
  CHECK(record.changed_before == EntryIndex{3});
  CHECK(record.changed_at == EntryIndex{6});
  CHECK(record.effective_from == when);
  CHECK(record.decision == EntryIndex{4});
  CHECK(record.status_word == "Withdrawn");

  apply_to_record(record, Reinstatement{small_id(1), EntryIndex{7}}, at(8));
  CHECK(record.status == ModelStatus::listed);
  CHECK(record.changed_before == EntryIndex{6});
  CHECK(record.changed_at == EntryIndex{8});
  CHECK(record.decision == EntryIndex{7});
  CHECK_FALSE(record.notice);
  CHECK_FALSE(record.status_word);
}

TEST_CASE("record fold: a rejected notice frees a listed model alone") {
  const Receipt rejected{EntryIndex{5}, ReceiptStatus::rejected, {}, {}, {}};
  ModelRecord record = added();
  record.notice = EntryIndex{5};
  apply_to_record(record, Receipt{EntryIndex{5}, ReceiptStatus::validated, {}, {}, {}}, at(6));
  CHECK(record.notice == EntryIndex{5});
  ModelRecord removed = record;
  removed.status = ModelStatus::removed;
  apply_to_record(record, rejected, at(7));
  CHECK_FALSE(record.notice);
  apply_to_record(removed, rejected, at(7));
  CHECK(removed.notice == EntryIndex{5});
}

TEST_CASE("record fold: a certificate lapses until it is renewed, known by its hash or whole") {
  for (const bool by_hash : {false, true}) {
    CAPTURE(by_hash);
    ModelRecord record = added();
    if (by_hash) record.digests = digests_of(record.model);
    const Date day = *Date::parse("2026-01-02");
    apply_to_record(record,
                    CertificateChange{
                        small_id(1), CertificateKind::cpa, CertificateEvent::expired, day, {}, {}},
                    at(9));
    REQUIRE(record.lapsed.contains(CertificateKind::cpa));
    CHECK(record.lapsed.at(CertificateKind::cpa).entry == EntryIndex{9});
    const CpaCertificate renewed{
        "a new one", {}, {}, day, CpaCertificate::Kind::dated, day, CertificateMatch::exact};
    const CertificateChange renewal{
        small_id(1), CertificateKind::cpa, CertificateEvent::renewed, day, {}, renewed};
    apply_to_record(record, renewal, at(10));
    CHECK(record.lapsed.empty());
    CHECK(record.model.cpa->number == "a new one");
    CHECK(digests_of(record).of(CertificateKind::cpa) ==
          digests_of(record.model).of(CertificateKind::cpa));
  }
}

TEST_CASE("record fold: a correction replaces the model and no date of it") {
  ModelRecord record = added();
  record.digests = digests_of(record.model);
  DeviceModel right = small_model(1);
  right.manufacturer_name = "Another";
  apply_to_record(record, StatementBody(Correction{right, {}, {}}), at(11));
  CHECK(record.model.manufacturer_name == "Another");
  CHECK_FALSE(record.digests);
  CHECK(record.changed_at == EntryIndex{3});
}

TEST_CASE("record fold: what is of no model leaves the record as it was") {
  ModelRecord record = added();
  const Bytes before = state_record(record);
  for (const StatementBody& body : {StatementBody(small_charter()), StatementBody(Disclosure())}) {
    apply_to_record(record, body, at(12));
    CHECK(state_record(record) == before);
  }
}

}  // namespace cpl::testing::record_fold_test
