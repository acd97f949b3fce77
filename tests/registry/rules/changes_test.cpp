// Rules 9 and 10: reinstatements, corrections and certificates. Each refusal stands beside its twin
// that is accepted.
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::changes_test {
namespace {

const ModelId meter = make_model().id();

Decision to_reinstate(std::vector<ModelId> models, Verb verb = Verb::agreed) {
  Decision decision = ex_committee_decision_on({});
  decision.verb = verb;
  decision.authorises = {{Act::reinstate, std::move(models)}};
  return decision;
}

Reinstatement back(EntryIndex decision) {
  return {meter, decision, {}, {}};  // From its entry on.
}

// A registry whose meter was removed.
struct RemovedStory : Story {
  RemovedStory() {
    founds();
    adds();
    early = does(to_reinstate({meter}));
    removal_decision = does(ex_committee_decision_on({meter}));
    notice = notifies_and_validates({meter}, removal_decision);
    removal = removes(meter, notice);
  }
  EntryIndex early;  // A decision to reinstate, taken before there was anything to undo.
  EntryIndex removal_decision;
  EntryIndex notice;
  EntryIndex removal;
};

// A validated notice from its entry on, for a model whose status has changed since.
EntryIndex notifies_from_now(Story& story, const ModelId& model, EntryIndex decision) {
  Notice from_now = notice_of({model}, decision);
  from_now.effective_from.reset();
  const EntryIndex notice = story.does(from_now);
  story.receipts(notice, ReceiptStatus::received);
  story.receipts(notice, ReceiptStatus::validated);
  return notice;
}

}  // namespace

TEST_CASE("reinstatement: a newer decision that names the model brings it back") {
  RemovedStory story;
  const EntryIndex decision = story.does(to_reinstate({meter}));
  const UnixMillis returned_at = story.now;
  const EntryIndex returned = story.does(back(decision));
  const ModelRecord record = story.model(meter);
  CHECK(record.status == ModelStatus::listed);
  CHECK(record.changed_at == returned);
  CHECK(record.decision == decision);
  CHECK_FALSE(record.notice.has_value());
  CHECK_FALSE(record.status_word.has_value());
  CHECK(record.effective_from == returned_at);
  CHECK(story.says(back(decision)) == "model-listed, rule 9, conflict");
}

TEST_CASE("reinstatement: it takes a decision for it, of after the removal, and a time that came") {
  RemovedStory story;
  CHECK(story.says(back(EntryIndex{0})) == "decision-not-found, rule 9, conflict");
  CHECK(story.says(back(story.early)) == "decision-spent, rule 9, conflict");
  CHECK(story.says(back(story.removal_decision)) == "model-not-authorised, rule 9, conflict");
  CHECK(story.says(back(story.does(to_reinstate({meter}, Verb::noted)))) ==
        "verb-does-not-authorise, rule 4, conflict");
  CHECK(story.says(back(story.does(to_reinstate({make_display().id()})))) ==
        "model-not-authorised, rule 9, conflict");
  const EntryIndex decision = story.does(to_reinstate({meter}));
  Reinstatement early = back(decision);
  early.effective_from = at("2026-08-01T00:00:00Z");
  CHECK(story.says(early) == "not-yet-effective, rule 9, conflict");
  Reinstatement unknown = back(decision);
  unknown.model = make_display().id();
  CHECK(story.says(unknown) == "model-not-listed, rule 9, conflict");
  CHECK(story.says(back(decision), first(1, people().registrar)) ==
        "threshold-not-met, rule 1, unauthorized");
  CHECK(story.says(back(decision)) == "accepted");
}

TEST_CASE("reinstatement: it takes effect after its decision's day and after the removal did") {
  RemovedStory story;
  Reinstatement early = back(story.does(to_reinstate({meter})));
  const UnixMillis removed = story.model(meter).effective_from;
  for (const UnixMillis time : {at("1980-01-01T00:00:00Z"), at("2026-07-07T22:59:59Z"),
                                plus_seconds(removed, -3600), plus_seconds(removed, -301)}) {
    early.effective_from = time;
    CHECK(story.says(early) == "time-implausible, rule 9, conflict");
  }
  early.effective_from = plus_seconds(removed, -300);
  CHECK(story.says(early) == "accepted");
}

TEST_CASE("rule 8: a decision that the final minutes contradict reinstates and corrects nothing") {
  RemovedStory story;
  Decision decision = decision_on({});
  decision.authorises = {{Act::reinstate, {meter}}};
  const EntryIndex entry = story.does(decision);
  const Correction correction{make_model(), "As decided.", entry};
  story.minutes({minuted("NOTED")});
  CHECK(story.says(back(entry)) == "decision-contradicted, rule 8, conflict");
  CHECK(story.says(correction) == "decision-contradicted, rule 8, conflict");
  story.minutes({minuted()});
  CHECK(story.says(correction) == "accepted");
  CHECK(story.says(back(entry)) == "accepted");
}

TEST_CASE("reinstatement: neither the old notice nor the old decision removes the model again") {
  RemovedStory story;
  story.does(back(story.does(to_reinstate({meter}))));
  CHECK(story.says(removal_of(meter, story.notice)) == "model-not-under-notice, rule 7, conflict");
  CHECK(story.says(notice_of({meter}, story.removal_decision)) ==
        "decision-spent, rule 5, conflict");
  const EntryIndex decision = story.does(ex_committee_decision_on({meter}));
  const EntryIndex notice = notifies_from_now(story, meter, decision);
  CHECK(story.says(removal_of(meter, story.notice)) == "model-not-under-notice, rule 7, conflict");
  story.removes(meter, notice);
  CHECK(story.model(meter).status == ModelStatus::removed);
}

TEST_CASE("correction: the record changes, its status and its identity do not") {
  Story story;
  story.founds();
  const EntryIndex added = story.adds();
  DeviceModel right = make_model();
  right.manufacturer_name = "Example Meters Limited";
  story.does(Correction{right, "The name was short.", {}});
  const ModelRecord record = story.model(meter);
  CHECK(record.model.manufacturer_name == "Example Meters Limited");
  CHECK(record.status == ModelStatus::listed);
  CHECK(record.changed_at == added);

  DeviceModel other = make_model("38040499");
  CHECK(story.says(Correction{other, "Another firmware.", {}}) ==
        "model-not-listed, rule 9, conflict");
  CHECK(story.says(Correction{right, "Alone.", {}}, first(1, people().registrar)) ==
        "threshold-not-met, rule 1, unauthorized");
}

TEST_CASE("correction: what an addition must have, a corrected record must have") {
  Story story;
  story.founds();
  story.adds();
  story.adds(make_model("38040405"));
  DeviceModel bare = make_model();
  bare.dlms.reset();
  CHECK(story.says(Correction{bare, "No DLMS.", {}}) == "certificate-missing, rule 3, conflict");
  DeviceModel hashless = make_model();
  hashless.image_hash.reset();
  CHECK(story.says(Correction{hashless, "No image.", {}}) ==
        "image-hash-missing, rule 3, conflict");
  // The later model may follow the earlier one, not the other way round: no circle can form.
  DeviceModel later = make_model("38040405");
  later.predecessors = {meter};
  CHECK(story.says(Correction{later, "It follows.", {}}) == "accepted");
  DeviceModel itself = later;
  itself.predecessors = {later.id()};
  CHECK(story.says(Correction{itself, "It follows itself.", {}}) ==
        "predecessor-mismatch, rule 9, conflict");
  DeviceModel earlier = make_model();
  earlier.predecessors = {later.id()};
  CHECK(story.says(Correction{earlier, "Turned round.", {}}) ==
        "predecessor-mismatch, rule 9, conflict");
  DeviceModel to_come = make_model();
  to_come.received_at = at("9999-01-01T00:00:00Z");
  CHECK(story.says(Correction{to_come, "Received later.", {}}) ==
        "time-implausible, rule 9, conflict");
  // An expired certificate is no hindrance to mending a typing error.
  DeviceModel expired = make_model();
  expired.cpa->issue_date = day("2018-08-30");
  expired.cpa->end_date = day("2022-08-30");
  CHECK(story.says(Correction{expired, "The year.", {}}) == "accepted");
}

TEST_CASE("correction: a decision that it cites must be one, and one that says yes") {
  Story story;
  story.founds();
  story.adds();
  const Correction correction{make_model(), "As decided.", EntryIndex{0}};
  CHECK(story.says(correction) == "decision-not-found, rule 9, conflict");
  Decision noted = ex_committee_decision_on({});
  noted.authorises.clear();
  noted.verb = Verb::noted;
  Correction by_noted = correction;
  by_noted.decision = story.does(noted);
  CHECK(story.says(by_noted) == "verb-does-not-authorise, rule 4, conflict");
  noted.verb = Verb::agreed;
  Correction by_agreed = correction;
  by_agreed.decision = story.does(noted);
  CHECK(story.says(by_agreed) == "accepted");
}

TEST_CASE("certificate: a lapse is recorded and removes nothing; a renewal ends it") {
  Story story;
  story.founds();
  story.adds();
  const CertificateChange withdrawn{
      meter, CertificateKind::cpa,     CertificateEvent::withdrawn, day("2026-07-08"), {},
      {},    "By the certifying body."};
  const EntryIndex lapse = story.does(withdrawn);
  ModelRecord record = story.model(meter);
  CHECK(record.status == ModelStatus::listed);
  REQUIRE(record.lapsed.contains(CertificateKind::cpa));
  CHECK(record.lapsed.at(CertificateKind::cpa).entry == lapse);
  CHECK(record.lapsed.at(CertificateKind::cpa).event == CertificateEvent::withdrawn);

  CpaCertificate fresh = make_cpa();
  fresh.number = "CPA-2";
  story.does(CertificateChange{
      meter, CertificateKind::cpa, CertificateEvent::renewed, day("2026-07-09"), {}, fresh, {}});
  record = story.model(meter);
  CHECK(record.lapsed.empty());
  CHECK(record.model.cpa->number == "CPA-2");
  story.does(CertificateChange{meter,
                               CertificateKind::zigbee,
                               CertificateEvent::renewed,
                               day("2026-07-09"),
                               make_certificate("ZIG-2"),
                               {},
                               {}});
  CHECK(story.model(meter).model.zigbee->number == "ZIG-2");
  CertificateChange to_come = withdrawn;
  to_come.date = day("2029-01-01");
  CHECK(story.says(to_come) == "certificate-date-future, rule 10, conflict");
}

TEST_CASE("certificate: a renewal is held to what an addition's certificate is") {
  Story story;
  story.founds();
  story.adds();
  const auto says = [&](std::string_view issued, std::string_view ends, std::string_view date) {
    CpaCertificate fresh = make_cpa();
    fresh.issue_date = day(issued);
    fresh.end_date = day(ends);
    return story.says(CertificateChange{
        meter, CertificateKind::cpa, CertificateEvent::renewed, day(date), {}, fresh, {}});
  };
  CHECK(says("2025-01-01", "2099-01-01", "2026-07-09") ==
        "certificate-validity-too-long, rule 3, conflict");
  CHECK(says("2000-01-01", "2001-01-01", "2026-07-09") == "certificate-expired, rule 3, conflict");
  CHECK(says("2022-07-08", "2026-07-08", "2026-07-09") == "certificate-expired, rule 3, conflict");
  CHECK(says("2026-07-10", "2030-01-01", "2026-07-09") ==
        "certificate-date-future, rule 3, conflict");
  CHECK(says("2025-01-01", "2030-01-01", "2026-07-10") ==
        "certificate-date-future, rule 10, conflict");
  CHECK(says("2026-07-09", "2032-07-09", "2026-07-09") == "accepted");
  CHECK(story.says(CertificateChange{meter,
                                     CertificateKind::zigbee,
                                     CertificateEvent::renewed,
                                     day("2026-07-09"),
                                     Certificate{"Z", {}, day("2030-01-01"), {}},
                                     {},
                                     {}}) == "certificate-date-future, rule 3, conflict");
}

TEST_CASE("certificate: what a model does not have cannot lapse") {
  Story story;
  story.founds();
  story.adds(make_display());
  CertificateChange lapse{make_display().id(),
                          CertificateKind::cpa,
                          CertificateEvent::withdrawn,
                          day("2026-07-08"),
                          {},
                          {},
                          {}};
  CHECK(story.says(lapse) == "certificate-missing, rule 10, conflict");
  lapse.kind = CertificateKind::zigbee;
  CHECK(story.says(lapse) == "accepted");
}

TEST_CASE("certificate: one of a model that was never on the list is refused") {
  Story story;
  story.founds();
  CertificateChange unknown{
      meter, CertificateKind::cpa, CertificateEvent::withdrawn, day("2026-07-08"), {}, {}, {}};
  unknown.model = make_display().id();
  CHECK(story.says(unknown) == "model-not-listed, rule 10, conflict");
}

TEST_CASE(
    "charter: a key that a new charter drops signs nothing any more, and what it signed stays") {
  Story story;
  story.founds();
  story.adds();
  Charter next = make_charter();
  next.replaces = EntryIndex{0};
  auto& registrars = next.roles.at(Role::registrar).keys;
  registrars.erase(registrars.begin());  // registrar-1 is compromised.
  story.does(next);
  CHECK(story.model(meter).status == ModelStatus::listed);
  CHECK(story.says(addition_of(make_display()), first(2, people().registrar)) ==
        "threshold-not-met, rule 1, unauthorized");
  const Signers left(people().registrar.begin() + 1, people().registrar.end());
  CHECK(story.says(addition_of(make_display()), left) == "accepted");
}

TEST_CASE("charter: the log's key is nobody else's") {
  Charter charter = make_charter();
  charter.log_keys = {ed25519_signer(test_origin).verifier()};
  const Bytes good = format_statement({test_origin, at("2026-07-09T12:00:00Z"), charter});
  const auto read = parse_statement(good);
  REQUIRE(read.has_value());
  CHECK(std::get<Charter>(read->body).log_keys == charter.log_keys);
  charter.log_keys = {people().registrar[0].verifier()};
  const Bytes bad = format_statement({test_origin, at("2026-07-09T12:00:00Z"), charter});
  CHECK_THAT(parse_statement(bad).error().detail, Catch::Contains("log keys: the key of"));
}

}  // namespace cpl::testing::changes_test
