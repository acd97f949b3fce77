// Which certificates of listed models end by a day: of one record, and as the API tells of all.
#include "registry/list/certificate_cover.hpp"

#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::certificate_cover_test {

namespace {

Date day(std::string_view text) { return *Date::parse(text); }

CpaCertificate cpa_until(std::string_view date, CpaCertificate::Kind kind) {
  return {"CPA-1", {}, {}, day("2022-01-01"), kind, day(date), CertificateMatch::exact};
}

ModelRecord record_of(std::uint64_t number, std::optional<CpaCertificate> cpa) {
  ModelRecord record;
  record.model = small_model(number);
  record.model.cpa = std::move(cpa);
  record.added = EntryIndex{1};
  record.changed_at = EntryIndex{1};
  record.effective_from = start_time;
  return record;
}

// "cpa expires 2026-12-31; zigbee withdrawn 2026-05-01"
std::string said(const std::vector<CoverEnd>& ends) {
  std::string text;
  for (const CoverEnd& end : ends) {
    text += (text.empty() ? "" : "; ") + std::string(word_of(end.certificate)) + " " +
            std::string(word_of(end.kind)) + " " + end.date.text();
  }
  return text;
}

Bytes addition_of(std::uint64_t number, std::string_view until, CpaCertificate::Kind kind) {
  DeviceModel model = small_model(number);
  model.cpa = cpa_until(until, kind);
  return sign(Addition{model, start_time}, log_keys().registrar);
}

}  // namespace

TEST_CASE("certificate cover: a dated certificate expires, a lifetime one is due, on its day") {
  const ModelRecord dated = record_of(1, cpa_until("2026-12-31", CpaCertificate::Kind::dated));
  CHECK(said(cover_ends(dated, day("2026-12-30"))).empty());
  CHECK(said(cover_ends(dated, day("2026-12-31"))) == "cpa expires 2026-12-31");
  const ModelRecord lifetime =
      record_of(1, cpa_until("2026-12-31", CpaCertificate::Kind::lifetime));
  CHECK(said(cover_ends(lifetime, day("2027-01-01"))) == "cpa renewal-due 2026-12-31");
  CHECK(cover_ends(record_of(1, {}), day("9999-12-31")).empty());
}

TEST_CASE("certificate cover: what is recorded counts from its day, in place of the day on it") {
  ModelRecord record = record_of(1, cpa_until("2026-12-31", CpaCertificate::Kind::dated));
  record.lapsed.insert(
      {CertificateKind::zigbee, {CertificateEvent::withdrawn, day("2026-05-01"), EntryIndex{7}}});
  record.lapsed.insert(
      {CertificateKind::cpa, {CertificateEvent::cancelled, day("2026-06-01"), EntryIndex{8}}});
  CHECK(said(cover_ends(record, day("2026-04-30"))).empty());
  CHECK(said(cover_ends(record, day("2026-05-31"))) == "zigbee withdrawn 2026-05-01");
  CHECK(said(cover_ends(record, day("2027-01-01"))) ==
        "zigbee withdrawn 2026-05-01; cpa cancelled 2026-06-01");
}

TEST_CASE("certificate cover: the API tells of listed models only, and what ends") {
  TestApi registry;
  std::vector<Bytes> notes = story_notes();
  notes[1] = addition_of(1, "2026-08-01", CpaCertificate::Kind::dated);  // Removed by entry 8.
  notes[2] = addition_of(2, "2026-08-01", CpaCertificate::Kind::dated);
  notes[3] = addition_of(3, "2027-08-01", CpaCertificate::Kind::lifetime);
  registry.log.append(notes);
  const auto ids = [&](const std::string& query) {
    const HttpResponse response = registry.send(HttpMethod::get, "/v1/models?" + query);
    REQUIRE(response.status == 200);
    const Json page = Json::parse(*response.body);
    std::vector<std::string> found;
    for (const Json& model : page["models"]) {
      found.push_back(model["id"].get<std::string>());
      CHECK(model["cover_ends"].size() == 1);
    }
    return found;
  };
  CHECK(ids("cover_ends_by=2026-07-31").empty());
  CHECK(ids("cover_ends_by=2026-08-01") == std::vector<std::string>{small_id(2).text()});
  CHECK(ids("cover_ends_by=2027-08-01&limit=1") == std::vector<std::string>{small_id(2).text()});
  CHECK(ids("cover_ends_by=2027-08-01&after=" + small_id(2).text()) ==
        std::vector<std::string>{small_id(3).text()});
  CHECK(ids("cover_ends_by=2027-08-01&status=removed").empty());
  for (const std::string bad : {"cover_ends_by=soon", "cover_ends_by=2026-02-30",
                                "cover_ends_by=", "cover_ends_by=2026-08-01&at=5"}) {
    CHECK(registry.send(HttpMethod::get, "/v1/models?" + bad).status == 400);
  }
}

}  // namespace cpl::testing::certificate_cover_test
