// The list's records as stored: written, read and written again they are the same octets, and what
// is not exactly a record is told as corrupt.
#include "registry/list/record_json.hpp"
#include "registry/list/state_record.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/log_fixture.hpp"

namespace cpl::testing::record_test {
namespace {

ModelRecord full_model_record() {
  ModelRecord record;
  record.model = small_model(1);
  record.model.cpl_entry_id = "42";
  record.model.gbcs_version = "3.2";
  record.model.firmware_version_printed = "1.0";
  record.model.firmware_encoding = "HEX";
  record.model.image_hash = sha256("image");
  record.model.image_creator = "Maker";
  record.model.image_hash_signature = to_base64("signature");
  record.model.associating_party = "Party";
  record.model.zigbee =
      Certificate{"ZIG1", "v1", *Date::parse("2024-02-29"), CertificateMatch::exact};
  record.model.dlms =
      Certificate{"D1", {}, *Date::parse("2024-03-01"), CertificateMatch::mapped_by_evidence};
  record.model.cpa = CpaCertificate{"CPA1",
                                    "v2",
                                    "1.4",
                                    *Date::parse("2024-03-01"),
                                    CpaCertificate::Kind::lifetime,
                                    *Date::parse("2030-03-01"),
                                    CertificateMatch::exact};
  record.model.evidence = {{sha256("a"), true}, {sha256("b"), false}};
  record.model.predecessors = {small_id(2), small_id(3)};
  record.model.fir_contact = "Contact";
  record.model.fir_release_date = *Date::parse("2025-01-01");
  record.model.fir_notes = "Two\nlines, and \xC3\xA9.";
  record.model.s1_combination_refs = {"one", "two"};
  record.model.remarks = "Remarks.";
  record.status = ModelStatus::removed;
  record.added = EntryIndex{3};
  record.changed_at = EntryIndex{9};
  record.changed_before = EntryIndex{3};
  record.effective_from = start_time;
  record.decision = EntryIndex{5};
  record.notice = EntryIndex{6};
  record.status_word = "Withdrawn";
  return record;
}

DecisionRecord decision_record() {
  return {EntryIndex{4},
          {"SECP",
           *Date::parse("2026-05-20"),
           the_meeting,
           {4, 2},
           {},
           Verb::approved,
           "Two\nlines.",
           {{Act::remove, {small_id(1)}}, {Act::reinstate, {small_id(2)}}}},
          DecisionStanding::contradicted,
          EntryIndex{8}};
}

MeetingRecord meeting_record() {
  MeetingRecord record;
  record.meeting = the_meeting;
  record.drafts = {EntryIndex{1}, EntryIndex{2}};
  record.decisions = {EntryIndex{4}};
  record.final_minutes = EntryIndex{8};
  record.minuted = {{{4, 1}, "NOTED", "One."}, {{4, 2}, "AGREED", "Two\nlines."}};
  return record;
}

NoticeRecord notice_record() {
  NoticeRecord record;
  record.entry = EntryIndex{5};
  record.issued = UnixMillis{start_time.value + 123};
  record.notice = {
      {small_id(1), small_id(2)}, EntryIndex{4}, RemovalBasis::cpa_expired, start_time};
  record.state = NoticeState::validated;
  record.receipts = {EntryIndex{6}, EntryIndex{7}};
  record.removals.emplace(small_id(1), EntryIndex{8});
  return record;
}

template <class Record>
void check_round_trip(const Record& record, Result<Record> (*decode)(BytesView)) {
  const Bytes stored = encode(record);
  const auto read = decode(stored);
  if (!read) FAIL(read.error().detail);
  CHECK(encode(*read) == stored);
}

// Each member missing, each of another type, one too many, and no JSON at all.
template <class Record>
void check_strict(const Record& record, Result<Record> (*decode)(BytesView)) {
  const auto refused = [&](BytesView value) {
    const auto read = decode(value);
    return read.has_error() && read.error().errc == Errc::corrupt;
  };
  const Json good = Json::parse(encode(record));
  const std::set<std::string> optional = {"changed_before", "decision", "notice", "status_word",
                                          "final_minutes"};
  for (const auto& [name, value] : good.items()) {
    INFO(name);
    Json other = good;
    other[name] = -1;
    CHECK(refused(other.dump()));
    Json without = good;
    without.erase(name);
    const bool may_miss = optional.contains(name) && !value.is_object();
    CHECK(refused(without.dump()) != may_miss);
  }
  Json more = good;
  more["more"] = 1;
  CHECK(refused(more.dump()));
  for (const char* value : {"", "{", "[]", "null", "{}"}) CHECK(refused(value));
}

}  // namespace

TEST_CASE("records: a model's record is read back whole") {
  check_round_trip(full_model_record(), decode_model);
  check_strict(full_model_record(), decode_model);
  const auto read = decode_model(encode(full_model_record()));
  REQUIRE(read);
  CHECK(read->model.id() == small_id(1));
  CHECK(read->status == ModelStatus::removed);
  CHECK(read->changed_at.value == 9);
  CHECK(read->status_word == "Withdrawn");
  CHECK(state_record(*read) == state_record(full_model_record()));
}

TEST_CASE("records: a listed model's record has no members that it has no use for") {
  ModelRecord record;
  record.model = small_model(1);
  record.effective_from = start_time;
  check_round_trip(record, decode_model);
  const Json json = Json::parse(encode(record));
  CHECK(json.size() == 5);
  CHECK_FALSE(decode_model(encode(record))->decision);
}

TEST_CASE("records: decisions, taken in a meeting or ex-committee, are read back whole") {
  check_round_trip(decision_record(), decode_decision);
  check_strict(decision_record(), decode_decision);
  DecisionRecord ex_committee = decision_record();
  ex_committee.decision.meeting.reset();
  ex_committee.decision.place = {};
  ex_committee.decision.ex_committee = "XC_7";
  ex_committee.standing = DecisionStanding::provisional;
  ex_committee.final_minutes.reset();
  check_round_trip(ex_committee, decode_decision);
  CHECK(decode_decision(encode(ex_committee))->decision.ex_committee == "XC_7");
}

TEST_CASE("records: meetings are read back whole") {
  check_round_trip(meeting_record(), decode_meeting);
  check_strict(meeting_record(), decode_meeting);
  MeetingRecord fresh;
  fresh.meeting = the_meeting;
  check_round_trip(fresh, decode_meeting);
}

TEST_CASE("records: notices are read back whole") {
  check_round_trip(notice_record(), decode_notice);
  check_strict(notice_record(), decode_notice);
  const auto read = decode_notice(encode(notice_record()));
  REQUIRE(read);
  CHECK(read->removals == notice_record().removals);
  CHECK(read->issued.value == start_time.value + 123);
}

TEST_CASE("records: a model is written as text as canonical JSON has it, whatever it holds") {
  std::vector<ModelRecord> records(3, full_model_record());
  records[1].model.remarks = "\"quoted\" \\ and \n\t\x01\x7F, \xC3\xA9";
  records[1].model.evidence.clear();
  records[1].model.s1_combination_refs.clear();
  records[1].model.predecessors.clear();
  records[1].model.cpa->kind = CpaCertificate::Kind::dated;
  records[1].lapsed = {{CertificateKind::dlms,
                        {CertificateEvent::withdrawn, *Date::parse("2026-01-31"), EntryIndex{7}}}};
  records[2].model = small_model(2);
  records[2].status_word.reset();
  records[2].decision.reset();
  records[2].notice.reset();
  for (const ModelRecord& record : records) {
    const Bytes text = encode(record);
    const auto json = parse_json(text);
    REQUIRE(json);
    CHECK(canonical_json(*json) == text);
    CHECK((*json)["model"] == to_json(record.model));
  }
}

TEST_CASE(
    "records: a lapse has its event, date and entry, of a kind of certificate that there is") {
  ModelRecord record = full_model_record();
  record.lapsed = {{CertificateKind::dlms,
                    {CertificateEvent::withdrawn, *Date::parse("2026-01-31"), EntryIndex{7}}}};
  check_round_trip(record, decode_model);
  const Json good = Json::parse(encode(record));
  const auto fault = [&](const char* pointer) {
    Json more = good;
    more[Json::json_pointer(pointer)] = 1;
    const auto read = decode_model(more.dump());
    return read ? "taken" : read.error().detail;
  };
  CHECK_THAT(fault("/lapsed/dlms/more"), Catch::Contains("more: is not a known member"));
  CHECK_THAT(fault("/lapsed/cosem"), Catch::Contains("cosem: is not a known member"));
}

TEST_CASE("records: a state record's member that is none is named") {
  const Json good = Json::parse(state_record(full_model_record()));
  const auto fault = [&](const char* pointer) {
    Json more = good;
    more[Json::json_pointer(pointer)] = 1;
    const auto read = read_state_record(more.dump());
    return read ? "taken" : read.error().detail;
  };
  for (const char* pointer : {"/more", "/certificates/more", "/lapsed/more"}) {
    CHECK_THAT(fault(pointer), Catch::Contains("more: is not a known member"));
  }
}

}  // namespace cpl::testing::record_test
