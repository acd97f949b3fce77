// Rules 1, 3, 4 and 8: signatures, times, additions, minutes and decisions. Each refusal stands
// beside its twin that is accepted.
#include "registry/rules/rules.hpp"

#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::rules_test {
namespace {

const ModelId meter = make_model().id();

DeviceModel with_predecessor(const ModelId& predecessor) {
  DeviceModel model = make_model("38040405");
  model.predecessors = {predecessor};
  return model;
}

struct FoundedStory : Story {
  FoundedStory() { founds(); }
};

}  // namespace

TEST_CASE("rules: a statement for another registry is void in this one") {
  FoundedStory story;
  Statement statement = story.issued_now(addition_of());
  statement.origin = "cpl.example.org/log2";
  CHECK(story.says(statement, first(2, people().registrar)) == "origin-mismatch, rule 0, conflict");
  statement.origin = test_origin;
  CHECK(story.says(statement, first(2, people().registrar)) == "accepted");
}

TEST_CASE("rules: a statement grows too old to be played") {
  FoundedStory story;
  const auto age_max = static_cast<std::int64_t>(default_policy().statement_age_seconds_max);
  Statement statement = story.issued_now(addition_of());
  statement.issued_at = plus_seconds(story.now, -age_max - 1);
  CHECK(story.says(statement, first(2, people().registrar)) ==
        "statement-too-old, rule 0, conflict");
  statement.issued_at = plus_seconds(story.now, -age_max);
  CHECK(story.says(statement, first(2, people().registrar)) == "accepted");
}

TEST_CASE("rules: a signer's clock may be five minutes fast and no more") {
  FoundedStory story;
  Statement statement = story.issued_now(addition_of());
  statement.issued_at = plus_seconds(story.now, 301);
  CHECK(story.says(statement, first(2, people().registrar)) ==
        "statement-from-future, rule 0, conflict");
  statement.issued_at = plus_seconds(story.now, 300);
  CHECK(story.says(statement, first(2, people().registrar)) == "accepted");
}

TEST_CASE("rule 1: each type needs its role's threshold of different keys") {
  FoundedStory story;
  const People& p = people();
  struct Case {
    StatementBody body;
    Signers too_few;
  };
  story.adds();
  const EntryIndex decision = story.decides({meter});
  const EntryIndex notice = story.notifies({meter}, decision);
  const DeviceModel other = make_model("00000002");
  const std::vector<Case> cases = {
      {decision_on({meter}), first(2, p.panel)},
      {decision_on({meter}), together(first(2, p.panel), p.registrar)},
      {addition_of(other), first(1, p.registrar)},
      {addition_of(make_model("00000003")), together(first(1, p.registrar), p.panel)},
      {minutes_with({minuted()}, false), p.panel},
      {receipt_of(notice, ReceiptStatus::received), together(p.registrar, p.panel)},
  };
  for (const Case& one : cases) {
    CHECK(story.says(one.body, one.too_few) == "threshold-not-met, rule 1, unauthorized");
    CHECK(story.says(one.body) == "accepted");
  }
  story.receipts(notice, ReceiptStatus::validated);
  CHECK(story.says(notice_of({other.id()}, decision), first(1, p.registrar)) ==
        "threshold-not-met, rule 1, unauthorized");
  CHECK(story.says(removal_of(meter, notice), first(1, p.registrar)) ==
        "threshold-not-met, rule 1, unauthorized");
  CHECK(story.says(removal_of(meter, notice)) == "accepted");
}

TEST_CASE("rule 1: signing twice counts once, and is told apart from signing too little") {
  FoundedStory story;
  Note note = sign(story.issued_now(addition_of()), first(1, people().registrar));
  note.signatures.push_back(note.signatures[0]);
  const auto twice = story.enter(format_note(note));
  REQUIRE_FALSE(twice.has_value());
  CHECK(told(twice.error()) == "signer-repeated, rule 1, unauthorized");
  CHECK_THAT(twice.error().detail, Catch::Contains("registrar-1 signed more than once"));
  sign_note(note, people().registrar[1]);
  CHECK(story.enter(format_note(note)).has_value());
}

TEST_CASE("rule 1: strangers' signatures are passed over, altered ones refuse the statement") {
  FoundedStory story;
  const Signers strangers = numbered_signers("stranger", 3);
  CHECK(story.says(addition_of(), strangers) == "signature-missing, rule 0, unauthorized");
  CHECK(story.says(addition_of(), together(strangers, first(2, people().registrar))) == "accepted");

  Note altered =
      sign(story.issued_now(addition_of(make_model("00000002"))), first(2, people().registrar));
  altered.text.replace(altered.text.find("00000002"), 8, "00000003");
  const auto entered = story.enter(format_note(altered));
  REQUIRE_FALSE(entered.has_value());
  CHECK(told(entered.error()) == "signature-invalid, rule 0, unauthorized");
}

TEST_CASE("rule 1: a revoked key vouches for what stands before, and for nothing after") {
  FoundedStory story;
  const People& p = people();
  story.adds();
  Charter second = make_charter();
  const NoteSigner successor = ed25519_signer("registrar-4");
  second.roles[Role::registrar] = role_keys(2, {p.registrar[1], p.registrar[2], successor});
  second.replaces = EntryIndex{0};
  story.does(second);

  CHECK(story.model(meter).status == ModelStatus::listed);
  const Addition later = addition_of(make_model("00000002"));
  CHECK(story.says(later, {p.registrar[0], p.registrar[1]}) ==
        "threshold-not-met, rule 1, unauthorized");
  CHECK(story.says(later, {p.registrar[1], successor}) == "accepted");
}

TEST_CASE(
    "rule 2: no person of a charter has the log's key or name, whether it names them or not") {
  const NoteSigner log = ed25519_signer(test_origin);
  const auto under = [&](const std::string& name) {
    const auto key = PrivateKey::from_ed25519_seed(sha256(test_origin).view());
    return *NoteSigner::create(name, *key);
  };
  const std::vector<NoteVerifier> log_keys = {log.verifier()};
  const auto says = [&](Role role, const NoteSigner& key, bool known) {
    Charter charter = make_charter();
    charter.roles[role].keys.back() = key.verifier();
    const Statement statement{test_origin, at("2026-07-09T12:00:00Z"), charter};
    const auto opened =
        open_statement(format_note(sign(statement, first(3, people().panel))), nullptr);
    REQUIRE(opened.has_value());
    EntryContext context{test_origin, EntryIndex{0}, statement.issued_at};
    if (known) context.log_keys = log_keys;
    const auto applied = apply(MemoryList(), *opened, context);
    return applied ? "accepted" : told(applied.error());
  };
  for (const Role role : {Role::panel, Role::registrar, Role::service_desk}) {
    CHECK(says(role, under("somebody-else"), true) == "charter-log-key, rule 2, conflict");
    CHECK(says(role, log, false) == "charter-log-key, rule 2, conflict");
    CHECK(says(role, ed25519_signer("somebody-else"), true) == "accepted");
  }
}

TEST_CASE("rule 3: a model comes onto the list once") {
  FoundedStory story;
  const EntryIndex added = story.adds();
  CHECK(story.model(meter).status == ModelStatus::listed);
  CHECK(story.model(meter).added == added);
  CHECK(story.model(meter).changed_at == added);
  CHECK(story.model(meter).effective_from == addition_of().effective_from);
  CHECK(story.says(addition_of()) == "model-already-listed, rule 3, conflict");
  CHECK(story.says(addition_of(make_model("38040405"))) == "accepted");
}

TEST_CASE("rule 3: a model that was removed does not come back by an addition") {
  FoundedStory story;
  story.adds();
  story.removes(meter, story.notifies_and_validates({meter}, story.decides({meter})));
  CHECK(story.says(addition_of()) == "model-removed, rule 3, conflict");
}

TEST_CASE("rule 3: the certificates that the charter demands of the device type must be there") {
  FoundedStory story;
  for (const int missing : {0, 1, 2}) {
    DeviceModel model = make_model();
    if (missing == 0) model.zigbee.reset();
    if (missing == 1) model.dlms.reset();
    if (missing == 2) model.cpa.reset();
    CHECK(story.says(addition_of(model)) == "certificate-missing, rule 3, conflict");
  }
  CHECK(story.says(addition_of(make_model())) == "accepted");
  CHECK(story.says(addition_of(make_display())) == "accepted");
  DeviceModel bare = make_display();
  bare.firmware_version = "00000002";
  bare.zigbee.reset();
  CHECK(story.says(addition_of(bare)) == "certificate-missing, rule 3, conflict");
}

TEST_CASE(
    "rule 3: a model is on the list from a time that has come, and not before it was asked for") {
  FoundedStory story;
  Addition addition = addition_of();
  for (const std::string_view time : {"9999-12-31T23:59:59Z", "2026-07-10T00:00:00Z"}) {
    addition.effective_from = at(time);
    CHECK(story.says(addition) == "not-yet-effective, rule 3, conflict");
  }
  for (const std::string_view time : {"1970-01-01T00:00:00Z", "2026-07-01T08:54:59Z"}) {
    addition.effective_from = at(time);
    CHECK(story.says(addition) == "time-implausible, rule 3, conflict");
  }
  addition.effective_from = at("2026-07-01T08:55:00Z");
  CHECK(story.says(addition) == "accepted");
}

TEST_CASE("rule 3: no certificate was issued on a day that is still to come") {
  FoundedStory story;
  for (const int which : {0, 1, 2}) {
    DeviceModel model = make_model();
    if (which == 0) model.zigbee->issue_date = day("2026-07-10");
    if (which == 1) model.dlms->issue_date = day("2026-07-10");
    if (which == 2) model.cpa->issue_date = day("2026-07-10");
    CHECK(story.says(addition_of(model)) == "certificate-date-future, rule 3, conflict");
    if (which == 2) {
      story.adds();
      CHECK(story.says(Correction{model, "Another day.", {}}) ==
            "certificate-date-future, rule 3, conflict");
    }
  }
}

TEST_CASE("rule 3: a dated certificate must not have expired, a lifetime one has no expiry") {
  FoundedStory story;
  DeviceModel model = make_model();
  model.cpa->end_date = day("2026-07-08");
  CHECK(story.says(addition_of(model)) == "certificate-expired, rule 3, conflict");
  model.cpa->end_date = day("2026-07-09");
  CHECK(story.says(addition_of(model)) == "accepted");
  model.firmware_version = "00000002";
  model.cpa->kind = CpaCertificate::Kind::lifetime;
  model.cpa->end_date = day("2026-07-08");
  CHECK(story.says(addition_of(model)) == "accepted");
}

TEST_CASE("rule 3: a dated certificate runs at most as many years as the charter says") {
  FoundedStory story;
  DeviceModel model = make_model();
  model.cpa->end_date = day("2028-08-31");
  CHECK(story.says(addition_of(model)) == "certificate-validity-too-long, rule 3, conflict");
  model.cpa->end_date = day("2028-08-30");
  CHECK(story.says(addition_of(model)) == "accepted");

  Charter lenient = make_charter();
  lenient.policy.cpa_years_max = 0;
  lenient.replaces = EntryIndex{0};
  story.does(lenient);
  model.firmware_version = "00000002";
  model.cpa->end_date = day("2058-08-31");
  CHECK(story.says(addition_of(model)) == "accepted");
}

TEST_CASE("rule 3: a model that can be updated over the air needs its image's hash") {
  FoundedStory story;
  DeviceModel model = make_model();
  model.image_hash.reset();
  CHECK(story.says(addition_of(model)) == "image-hash-missing, rule 3, conflict");
  model.image_hash = sha256("image");
  CHECK(story.says(addition_of(model)) == "accepted");
  CHECK(story.says(addition_of(make_display())) == "accepted");
}

TEST_CASE("rule 3: predecessors came before and are of the same manufacturer and model") {
  FoundedStory story;
  CHECK(story.says(addition_of(with_predecessor(meter))) ==
        "predecessor-not-found, rule 3, conflict");
  story.adds();
  CHECK(story.says(addition_of(with_predecessor(make_model("38040405").id()))) ==
        "predecessor-not-found, rule 3, conflict");

  DeviceModel of_another_model = with_predecessor(meter);
  of_another_model.model_id = "0006";
  CHECK(story.says(addition_of(of_another_model)) == "predecessor-mismatch, rule 3, conflict");
  DeviceModel of_another_maker = with_predecessor(meter);
  of_another_maker.manufacturer_id = "1064";
  CHECK(story.says(addition_of(of_another_maker)) == "predecessor-mismatch, rule 3, conflict");
  CHECK(story.says(addition_of(with_predecessor(meter))) == "accepted");
}

TEST_CASE("rule 3: a predecessor that has left the list is a predecessor still") {
  FoundedStory story;
  story.adds();
  story.removes(meter, story.notifies_and_validates({meter}, story.decides({meter})));
  CHECK(story.says(addition_of(with_predecessor(meter))) == "accepted");
}

TEST_CASE("rule 8: final minutes confirm a decision that they hold word for word") {
  FoundedStory story;
  const EntryIndex decision = story.decides({meter});
  CHECK(story.standing(decision) == DecisionStanding::provisional);
  story.minutes({minuted("NOTED", "The Panel NOTED the paper.", {7, 1}), minuted()});
  CHECK(story.standing(decision) == DecisionStanding::confirmed);
}

TEST_CASE("rule 8: final minutes contradict a decision that they hold otherwise or not at all") {
  for (const std::vector<MinutesDecision>& held :
       {std::vector<MinutesDecision>{},
        {minuted("NOTED")},
        {minuted("APPROVED", "The Panel APPROVED another thing.")},
        {minuted("APPROVED", decision_text, {7, 3})},
        {minuted("APPROVED", decision_text, {8, 2})},
        {minuted("Approved")}}) {
    FoundedStory before;
    before.minutes(held);
    CHECK(before.standing(before.decides({meter})) == DecisionStanding::contradicted);

    FoundedStory after;
    const EntryIndex decision = after.decides({meter});
    after.minutes(held);
    CHECK(after.standing(decision) == DecisionStanding::contradicted);
  }
}

TEST_CASE("rule 8: minutes that are there before the decision confirm it at once") {
  FoundedStory story;
  const EntryIndex minutes = story.minutes({minuted()});
  const EntryIndex decision = story.decides({meter});
  CHECK(story.standing(decision) == DecisionStanding::confirmed);
  const auto record = story.list().decision(decision);
  REQUIRE(record.has_value());
  CHECK((*record)->final_minutes == minutes);
}

TEST_CASE("rule 8: one registrar key neither confirms a decision nor voids it") {
  FoundedStory story;
  const EntryIndex decision = story.decides({meter});
  for (const bool holds_it : {false, true}) {
    const Minutes minutes =
        minutes_with(holds_it ? std::vector{minuted()} : std::vector<MinutesDecision>());
    // On record, as a draft is.
    CHECK(story.says(minutes, first(1, people().registrar)) == "accepted");
    CHECK(story.says(minutes, together(first(1, people().registrar), people().panel)) ==
          "accepted");
    CHECK(story.standing(decision) == DecisionStanding::provisional);
  }
  CHECK(story.says(minutes_with({}, false), first(1, people().registrar)) == "accepted");
  CHECK(story.standing(decision) == DecisionStanding::provisional);
}

TEST_CASE("rule 8: neither a meeting nor a decision is of a day that is still to come") {
  FoundedStory story;
  Minutes minutes = minutes_with({});
  minutes.date = day("2026-07-10");
  CHECK(story.says(minutes) == "time-implausible, rule 8, conflict");
  Decision decision = decision_on({meter});
  decision.date = day("9999-12-31");
  CHECK(story.says(decision) == "time-implausible, rule 8, conflict");
  story.now = at("2026-07-09T23:00:00Z");  // In London it is the tenth already.
  CHECK(story.says(minutes) == "accepted");
}

TEST_CASE("rule 8: drafts change nothing, before or after the final minutes") {
  FoundedStory story;
  const EntryIndex decision = story.decides({meter});
  story.minutes({}, false);
  CHECK(story.standing(decision) == DecisionStanding::provisional);
  story.minutes({minuted()});
  story.minutes({}, false);
  CHECK(story.standing(decision) == DecisionStanding::confirmed);
  CHECK(story.standing(story.decides({meter})) == DecisionStanding::confirmed);
}

TEST_CASE("rule 8: corrected final minutes judge every decision of the meeting anew") {
  FoundedStory story;
  const EntryIndex first_decision = story.decides({meter});
  Decision other = decision_on({make_display().id()});
  other.place = {9, 1};
  const EntryIndex second_decision = story.does(other);
  story.minutes({minuted()});
  CHECK(story.standing(first_decision) == DecisionStanding::confirmed);
  CHECK(story.standing(second_decision) == DecisionStanding::contradicted);
  story.minutes({minuted("APPROVED", decision_text, {9, 1})});
  CHECK(story.standing(first_decision) == DecisionStanding::contradicted);
  CHECK(story.standing(second_decision) == DecisionStanding::confirmed);
}

TEST_CASE("rule 8: minutes speak of their own meeting alone") {
  FoundedStory story;
  const EntryIndex decision = story.decides({meter});
  Minutes elsewhere = minutes_with({});
  elsewhere.meeting.meeting = "SECP_156_1208";
  story.does(elsewhere);
  elsewhere.meeting = {"SSC", "SECP_155_0807"};
  story.does(elsewhere);
  CHECK(story.standing(decision) == DecisionStanding::provisional);
  const EntryIndex ex_committee = story.does(ex_committee_decision_on({meter}));
  story.minutes({});
  CHECK(story.standing(ex_committee) == DecisionStanding::provisional);
}

}  // namespace cpl::testing::rules_test
