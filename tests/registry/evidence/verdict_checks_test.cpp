// The checks of a verdict: what each is called, and what it says that it found.
#include "tests/registry/evidence/forged_log.hpp"
#include "tests/registry/evidence/verdict_fixture.hpp"

namespace cpl::testing::verdict_checks_test {
namespace {

using Found = std::vector<std::pair<std::string, std::string>>;

Found found_by(const Verdict& verdict) {
  Found found;
  for (const Check& check : verdict.checks) found.emplace_back(check.name, check.detail);
  return found;
}

// The name of the check that fails.
std::string failing(const Evidence& evidence, const TrustPolicy& policy = log_policy()) {
  const Verdict verdict = verdict_on(evidence, policy);
  REQUIRE(verdict.outcome == Outcome::invalid);
  CHECK(verdict.checks.back().detail == verdict.sentence);
  return verdict.checks.back().name;
}

std::string in_log(const std::string& signers) {
  return "in the log, signed by " + signers + ", and the rules allow it";
}

}  // namespace

TEST_CASE("verdict: each check says what was looked at, who signed it, and what was found") {
  const RemovalStory story;
  const Verdict verdict = verdict_on(cosigned(story.evidence()), witness_policy());
  REQUIRE(told(verdict) == "VALID, provisional");
  const auto charter = receive_statement(entry_of(story.leaves().front()).statement);
  REQUIRE(charter.has_value());
  const std::string panel = "panel-1, panel-2, panel-3";
  const std::string registrar = "registrar-1, registrar-2";
  CHECK(found_by(verdict) ==
        Found{{"checkpoint",
               "size 9, signed by cpl.example.org/log, cosigned by 1 witness at "
               "2026-07-09T13:00:00Z"},
              {"last entry", "entry 8 is the tree's last and carries the state"},
              {"state of " + meter.text(), "removed since entry 8 at log size 9"},
              {"entry 0, charter", in_log(panel) + "; its id is " + to_hex(charter->id)},
              {"entry 2, addition", in_log(registrar)},
              {"entry 4, decision", in_log(panel)},
              {"entry 5, notice", in_log(registrar)},
              {"entry 6, receipt", in_log("service-desk-1")},
              {"entry 7, receipt", in_log("service-desk-1")},
              {"entry 8, removal", in_log(registrar)},
              {"answer", verdict.sentence},
              {"minutes", "no final minutes hold the decision yet"}});
}

TEST_CASE("verdict: a state of an earlier size holds from its last entry until the next came") {
  const RemovalStory story;
  const auto evidence = build_model_evidence(*story.view(), meter, TreeSize{5});
  REQUIRE(evidence.has_value());
  const Verdict verdict = verdict_on(*evidence);
  REQUIRE(told(verdict) == "VALID");
  CHECK(verdict.as_of == entry_of(story.leaves()[4]).time);
  CHECK(verdict.until == entry_of(story.leaves()[5]).time);
  CHECK_THAT(verdict.sentence, Catch::EndsWith(": so it was from 2026-07-09T12:00:04Z until "
                                               "2026-07-09T12:00:05Z"));
  CHECK(found_by(verdict)[1] ==
        std::pair<std::string, std::string>("last entry",
                                            "entry 4 carries the state from 2026-07-09T12:00:04Z "
                                            "until the next came at 2026-07-09T12:00:05Z"));
}

TEST_CASE("verdict: the check that fails is named by what failed") {
  const RemovalStory story;
  const Evidence good = story.evidence();
  CHECK(failing(good, witness_policy()) == "checkpoint");
  Evidence evidence = good;
  evidence.last = evidence.entries.front();
  CHECK(failing(evidence) == "last entry");
  evidence = good;
  evidence.states[0].record.reset();
  CHECK(failing(evidence) == "state of " + meter.text());
  evidence = good;
  evidence.entries[1].proof = evidence.entries[0].proof;
  CHECK(failing(evidence) == "entry");
  evidence = good;
  evidence.entries.insert(evidence.entries.begin(), evidence.entries[0]);
  CHECK(failing(evidence) == "entry 0");
  evidence = good;
  evidence.entries.erase(evidence.entries.begin() + 2);  // The decision.
  CHECK(failing(evidence) == "entry 5, notice");
  const auto of_notice = build_notice_evidence(*story.view(), story.notice);
  REQUIRE(of_notice.has_value());
  evidence = *of_notice;
  evidence.subject = std::to_string(story.decision.value);
  CHECK(failing(evidence) == "answer");
}

TEST_CASE("verdict: that the charter does not name the log's key is a check of its own") {
  LogStory story;
  story.founds();
  story.adds();
  const EntryIndex decision = story.decides({predecessor});
  Charter second = make_charter();
  second.replaces = EntryIndex{0};
  second.log_keys = {ed25519_signer("new-key").verifier()};
  story.does(second);
  const auto evidence = build_decision_evidence(*story.view(), decision);
  REQUIRE(evidence.has_value());
  CHECK(failing(*evidence) == "log key");
}

TEST_CASE("verdict: a machine's clock may be five minutes behind the last entry and no more") {
  const RemovalStory story;
  const std::uint64_t last = entry_of(story.leaves().back()).time.value / 1000;
  const auto told_at = [&](std::uint64_t seconds) {
    return told(verdict_on(story.evidence(), log_policy(), seconds));
  };
  CHECK(told_at(last - 300) == "VALID, provisional");
  CHECK(told_at(last - 301) == "INVALID: entry-from-future");
}

TEST_CASE("verdict: no entry is later than the one that carries the state") {
  RemovalStory story;
  story.minutes({}, false);
  MadeUpLog log{story.leaves()};
  const auto told_with = [&](std::int64_t seconds) {
    MadeUpLog made = log;
    made.leaves[story.removal.value] = altered(made.leaves[story.removal.value], [&](Entry& entry) {
      entry.time = plus_seconds(entry.time, seconds);
    });
    Evidence evidence = story.evidence();
    for (ProvenEntry& entry : evidence.entries) entry = made.prove(entry_of(entry.leaf).index);
    evidence.last = made.prove(entry_of(evidence.last.leaf).index);
    return verdict_told(evidence);
  };
  CHECK(told_with(0) == "VALID, provisional");
  CHECK(told_with(2) == "INVALID: time-went-back");
}

}  // namespace cpl::testing::verdict_checks_test
