// The offline judge: what it calls valid, provisional, stale and contradicted; and its file.
#include <nlohmann/json.hpp>

#include "tests/registry/evidence/verdict_fixture.hpp"

namespace cpl::testing::verdict_test {

TEST_CASE("verdict: a removal is provisional until final minutes bear it out, then valid") {
  RemovalStory story;
  const Verdict before = verdict_on(story.evidence());
  CHECK(told(before) == "VALID, provisional");
  CHECK(exit_code(before.outcome) == 0);
  CHECK(before.sentence == meter.text() +
                               " was removed by entry 8, in effect since 2026-07-09T12:00:08Z, on "
                               "the decision in entry 4");

  story.minutes({minuted()}, false);
  CHECK(verdict_told(story.evidence()) == "VALID, provisional");
  story.minutes({minuted()});
  const Verdict after = verdict_on(story.evidence());
  CHECK(told(after) == "VALID");
  CHECK(exit_code(after.outcome) == 0);
  CHECK(after.subject == meter.text());
  CHECK(after.size == TreeSize{11});
  CHECK(after.as_of == entry_of(story.leaves().back()).time);
  CHECK(after.question == Question::removal);
}

TEST_CASE("verdict: minutes that were there first make a removal valid at once") {
  LogStory story;
  story.founds();
  story.adds();
  story.minutes({minuted()});
  story.removes(predecessor,
                story.notifies_and_validates({predecessor}, story.decides({predecessor})));
  const auto evidence = build_removal_evidence(*story.view(), predecessor);
  REQUIRE(evidence.has_value());
  CHECK(evidence->states[0].proof.siblings.empty());
  CHECK(verdict_told(*evidence) == "VALID");
}

TEST_CASE("verdict: minutes that contradict the decision undo the removal's authority") {
  RemovalStory story;
  story.minutes({minuted("NOTED")});
  const Verdict verdict = verdict_on(story.evidence());
  CHECK(told(verdict) == "INVALID: decision-contradicted");
  CHECK(exit_code(verdict.outcome) == 1);
  CHECK(verdict.checks.back().name == "minutes");
  story.minutes({minuted()});
  CHECK(verdict_told(story.evidence()) == "VALID");
  story.minutes({});
  CHECK(verdict_told(story.evidence()) == "INVALID: decision-contradicted");
}

TEST_CASE("verdict: with a witness it is valid for as long as the policy allows, then stale") {
  RemovalStory story;
  story.minutes({minuted()});
  const Evidence evidence = cosigned(story.evidence());
  const Verdict fresh = verdict_on(evidence, witness_policy(), witnessed + 86'400);
  CHECK(told(fresh) == "VALID");
  CHECK(fresh.as_of == UnixMillis{witnessed * 1000});
  const Verdict stale = verdict_on(evidence, witness_policy(), witnessed + 86'401);
  CHECK(told(stale) == "VALID, stale");
  CHECK(exit_code(stale.outcome) == 3);
  CHECK(told(verdict_on(story.evidence(), witness_policy())) == "INVALID: quorum-not-met");
}

TEST_CASE("verdict: a removal without final minutes that is stale, too, is shown stale") {
  const RemovalStory story;
  CHECK(told(verdict_on(cosigned(story.evidence()), witness_policy(), witnessed + 90'000)) ==
        "VALID, stale");
}

TEST_CASE("verdict: a witness's time beyond all calendars does no harm") {
  const RemovalStory story;
  const Verdict verdict = verdict_on(cosigned(story.evidence(), INT64_MAX), witness_policy());
  CHECK(told(verdict) == "VALID, provisional");
  CHECK(format_time(*verdict.as_of) == "9999-12-31T23:59:59Z");
}

TEST_CASE("verdict: a removal after a rejected notice and a change of the charter is valid") {
  LogStory story;
  story.founds();
  story.adds();
  const EntryIndex decision = story.decides({predecessor});
  const EntryIndex rejected = story.notifies({predecessor}, decision);
  story.receipts(rejected, ReceiptStatus::received);
  story.receipts(rejected, ReceiptStatus::rejected);
  const Signers others = numbered_signers("other-registrar", 2);
  Charter second = make_charter();
  second.roles[Role::registrar] = role_keys(2, others);
  second.replaces = EntryIndex{0};
  story.does(second);
  const EntryIndex notice = story.does(notice_of({predecessor}, decision), others);
  story.receipts(notice, ReceiptStatus::received);
  story.receipts(notice, ReceiptStatus::validated);
  story.does(removal_of(predecessor, notice), others);
  story.does(minutes_with({minuted()}), others);
  const auto evidence = build_removal_evidence(*story.view(), predecessor);
  REQUIRE(evidence.has_value());
  CHECK(verdict_told(*evidence) == "VALID");
}

TEST_CASE("verdict: a notice is judged at each of its stages") {
  LogStory story;
  story.founds();
  story.adds();
  story.adds(make_display());
  const EntryIndex notice =
      story.notifies({predecessor, display}, story.decides({predecessor, display}));
  const auto told_now = [&] {
    const auto evidence = build_notice_evidence(*story.view(), notice);
    REQUIRE(evidence.has_value());
    const Verdict verdict = verdict_on(*evidence);
    return told(verdict) + verdict.sentence.substr(verdict.sentence.rfind(' '));
  };
  CHECK(told_now() == "VALID, provisional issued");
  story.receipts(notice, ReceiptStatus::received);
  CHECK(told_now() == "VALID, provisional received");
  story.receipts(notice, ReceiptStatus::validated);
  story.minutes({minuted()});
  CHECK(told_now() == "VALID validated");
  story.removes(predecessor, notice);
  CHECK(told_now() == "VALID validated");
  story.removes(display, notice);
  story.receipts(notice, ReceiptStatus::applied);
  CHECK(told_now() == "VALID applied");
}

TEST_CASE("verdict: evidence of a notice must hold the notice and its models' states") {
  const RemovalStory story;
  const auto built = build_notice_evidence(*story.view(), story.notice);
  REQUIRE(built.has_value());
  REQUIRE(verdict_told(*built) == "VALID, provisional");
  for (const char* subject : {"4", "6", "007", "x", "99999999999999999999"}) {
    Evidence other = *built;
    other.subject = subject;
    CHECK(verdict_told(other) == "INVALID: evidence-incomplete");
  }
  Evidence half = *built;
  half.states.pop_back();
  CHECK(verdict_told(half) == "INVALID: evidence-incomplete");
  Evidence claimed_absent = *built;
  claimed_absent.states[0].record.reset();
  CHECK(verdict_told(claimed_absent) == "INVALID: state-proof-invalid");
}

TEST_CASE("evidence: the file reads back to the octet") {
  const RemovalStory story;
  const Bytes file = format_evidence(story.evidence());
  const auto read = parse_evidence(file);
  REQUIRE(read.has_value());
  CHECK(format_evidence(*read) == file);
}

TEST_CASE("evidence: an absence proof reads back, whatever it ends in") {
  for (const PrefixProof& proof :
       {PrefixProof{{}, PrefixProof::Empty{}}, PrefixProof{{}, PrefixProof::Present{}},
        PrefixProof{{Hash{}, sha256("a"), Hash{}}, PrefixProof::Other{sha256("k"), sha256("v")}},
        PrefixProof{std::vector<Hash>(256, sha256("a")), PrefixProof::Empty{}},
        PrefixProof{std::vector<Hash>(9, Hash{}), PrefixProof::Empty{}}}) {
    FieldErrors errors;
    const PrefixProof read = read_prefix_proof(to_json(proof), "#", errors);
    CHECK(describe(errors).empty());
    CHECK(read == proof);
  }
}

TEST_CASE("evidence: a state proof has one spelling") {
  const Json good = to_json(
      PrefixProof{{Hash{}, sha256("a"), sha256("b")}, PrefixProof::Other{sha256("k"), Hash{}}});
  const auto faults = [&](const char* name, const Json& value) {
    Json json = good;
    json[name] = value;
    const auto read = parse_json(json.dump());
    REQUIRE(read.has_value());
    FieldErrors errors;
    read_prefix_proof(*read, "#", errors);
    return describe(errors);
  };
  REQUIRE(faults("depth", 3).empty());
  CHECK_THAT(faults("depth", 2), Catch::Contains("siblings") || Catch::Contains("bitmap"));
  CHECK_THAT(faults("depth", 9), Catch::Contains("bitmap: does not fit the depth"));
  CHECK_THAT(faults("depth", 257), Catch::Contains("depth"));
  CHECK_THAT(faults("depth", 0), Catch::Contains("bitmap: is not a known member"));
  CHECK_THAT(faults("bitmap", "61"), Catch::Contains("bitmap: has a bit beyond the depth"));
  CHECK_THAT(faults("bitmap", "e0"), Catch::Contains("siblings: must hold one hash"));
  CHECK_THAT(faults("bitmap", "20"), Catch::Contains("siblings: holds more hashes"));
  CHECK_THAT(faults("bitmap", "6"), Catch::Contains("bitmap"));
  CHECK_THAT(faults("siblings", {"x", "y"}), Catch::Contains("siblings"));
  CHECK_THAT(faults("end", "present"), Catch::Contains("other: is not a known member"));
  CHECK_THAT(faults("end", "elsewhere"), Catch::Contains("end"));
}

TEST_CASE("verdict: a file that is no evidence is invalid, and says why") {
  const auto told_of = [](const Bytes& file) {
    const Verdict verdict = judge_file(file, log_policy(), at_time(witnessed));
    CHECK(verdict.checks.front().name == "file");
    return told(verdict);
  };
  CHECK(told_of("") == "INVALID: json-malformed");
  CHECK(told_of("[]") == "INVALID: evidence-malformed");
  CHECK(told_of("{}") == "INVALID: evidence-malformed");
  CHECK(told_of(Bytes(evidence_size_max + 1, ' ')) == "INVALID: evidence-malformed");
  Json json = Json::parse(format_evidence(RemovalStory().evidence()));
  json["format"] = "cpl/evidence/v2";
  CHECK(told_of(json.dump()) == "INVALID: evidence-malformed");
}

TEST_CASE("verdict: it is written with its checks") {
  const RemovalStory story;
  const Json json = to_json(verdict_on(story.evidence()));
  CHECK(json["verdict"] == "VALID, provisional");
  CHECK(json["question"] == "removal");
  CHECK(json["log_size"] == 9);
  CHECK(json["as_of"] == "2026-07-09T12:00:08Z");
  CHECK_FALSE(json.contains("code"));
  CHECK(json["checks"].size() == 1 + story.evidence().entries.size() + 1 + 1 + 2);
  for (const Json& check : json["checks"]) CHECK(check["passed"] == true);
}

}  // namespace cpl::testing::verdict_test
