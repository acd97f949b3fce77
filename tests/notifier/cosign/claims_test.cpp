// What a witness says, and what it takes to halt the log: a checkpoint of another history that the
// log's own key signed. All else is a witness that failed.
#include "tests/notifier/cosign/cosigner_fixture.hpp"

namespace cpl::testing::claims_test {
namespace {

const std::string size_type = "text/x.tlog.size";

SignedTree fork_by(NoteSigner key) { return SignedTree(30, "forged ", std::move(key)); }

void check_unharmed(CosignerScene& scene) {
  CHECK(scene.publication->alarm().empty());
  CHECK_FALSE(scene.log->refusal());
  CHECK(scene.cosigners() == Names{"a", "b"});
}

}  // namespace

TEST_CASE("cosigner claims: a checkpoint of another history halts the log, over a restart too") {
  CosignerScene scene;
  scene.round(0);
  // Somebody with the log's key has shown c another log.
  const SignedTree fork = fork_by(log_keys().log);
  scene.memories["c"].notes.clear();
  scene.witnesses["c"] = open_witness(cosigner_of("c"), {log_keys().log.verifier()},
                                      scene.memories["c"], scene.log.clock);
  const std::uint64_t shown = GENERATE(as<std::uint64_t>(), 10, 7, 12);
  CAPTURE(shown);
  CHECK(scene.witnesses["c"]->add_checkpoint(fork.body(0, shown)).status == 200);
  scene.grow(4);
  scene.round();
  const std::string alarm = scene.publication->alarm();
  CHECK_THAT(alarm, Catch::StartsWith("the witness c proves a fork: " + shown_at("c") +
                                      " shows a checkpoint of size " + std::to_string(shown) +
                                      " that this log's key signed"));
  CHECK_THAT(alarm, Catch::EndsWith(shown > 11 ? "this log never had more than 11 entries"
                                               : "with another root than this log's"));
  CHECK(scene.log->read_only_reason() == alarm);
  CHECK(scene.log.try_append({addition_note(5)})[0].error().code == "witness-alarm");
  const Bytes after = scene.publication->view()->checkpoint_note();
  CHECK(scene.round(900'000).empty());
  CHECK(scene.publication->view()->checkpoint_note() == after);
  CHECK_THAT(cosigner_metrics(scene.cosigner->stats()), Catch::Contains("\ncpl_witness_alarm 1\n"));

  scene.log.open();
  scene.start();
  CHECK(scene.publication->alarm() == alarm);
  CHECK(scene.round().empty());
  CHECK(scene.log.try_append({addition_note(5)})[0].error().code == "witness-alarm");
}

TEST_CASE("cosigner claims: without proof a claim is a failure, told and counted, and no alarm") {
  CosignerScene scene;
  std::vector<std::string> told;
  scene.options.tell_failure = [&](const std::string& sentence) { told.push_back(sentence); };
  scene.start();
  const auto [status, body, type] =
      GENERATE(table<unsigned, std::string, std::string>({{409, "", ""},
                                                          {409, "<h1>Conflict</h1>", "text/html"},
                                                          {409, "1000\n", size_type},
                                                          {409, "999999\n", size_type},
                                                          {422, "<h1>no</h1>", "text/html"},
                                                          {422, "", "text/plain"}}));
  scene.answers("c", said(status, body, type));
  scene.revive("a");
  const Bytes own = scene.log.view()->checkpoint_note();
  const SignedTree other_key = fork_by(signer_of("somebody.example"));
  Note same_name{other_key.text(10), {}};
  sign_note(same_name, log_key_from("not the log's key"));
  std::vector<Result<Delivered>> shown = {
      timed_out(),
      said(404),
      said(200, "<h1>hello</h1>", "text/html"),
      said(200, own),  // Of this very history.
      said(500, fork_by(log_keys().log).checkpoint(10)),
      said(200, other_key.checkpoint(10)),  // Signed by somebody.
      said(200, format_note(same_name)),
      said(200, fork_by(log_keys().log).text(10) + "\n"),  // Signed by nobody.
      said(200, Bytes(20'000, 'x')),
  };
  std::uint64_t failures = 0;
  for (const auto& answer : shown) {
    scene.shows("c", answer);
    scene.grow(20 + failures);
    const auto asked = scene.round(60'000);
    CHECK(std::count(asked.begin(), asked.end(), shown_at("c")) == 1);
    CHECK(scene.status(2).failures == ++failures);
    CHECK_THAT(scene.status(2).last_failure,
               Catch::StartsWith("it answered " + std::to_string(status)));
    check_unharmed(scene);
    CHECK(scene.published() == scene.log.view()->size().value);
  }
  REQUIRE(told.size() >= 7);  // The same twice is told once.
  CHECK_THAT(told[0], Catch::StartsWith("the witness c failed: it answered"));
  CHECK_THAT(told[0], Catch::EndsWith("what it has cosigned: no answer"));
  CHECK_THAT(told[3], Catch::EndsWith("of this very history"));
}

TEST_CASE("cosigner claims: a witness that was shown a newer head of ours is in time for it") {
  // While the round is under way the log grows, and somebody hands the new head to the witnesses.
  CosignerScene scene;
  const auto reached = GENERATE(as<std::string>(), "c", "b c", "a b c");
  CAPTURE(reached);
  bool done = false;
  const auto hand_over = [&] {
    if (std::exchange(done, true)) return;
    scene.log.append({addition_note(30)});
    const auto newest = scene.log.view();
    for (const std::string name : {"a", "b", "c"}) {
      if (reached.find(name) == reached.npos) continue;
      Witness& witness = *scene.witnesses.at(name);
      REQUIRE(
          witness
              .add_checkpoint(format_add_checkpoint({TreeSize{0}, {}, newest->checkpoint_note()}))
              .status == 200);
    }
  };
  for (const std::string name : {"a", "b", "c"}) {
    scene.transport.at[url_of(name)] = [&, name](const OutgoingMessage& message) {
      hand_over();
      const WitnessAnswer answer = scene.witnesses.at(name)->add_checkpoint(message.body);
      return said(answer.status, answer.body, answer.content_type);
    };
  }
  scene.round(0);
  CHECK(scene.publication->alarm().empty());
  CHECK(scene.published() == (reached == "c" ? 10 : 11));
  for (std::size_t row = 0; row < 3; ++row) CHECK(scene.status(row).failures == 0);
  scene.round();
  CHECK(scene.published() == 11);
}

TEST_CASE("cosigner claims: answers after the alarm publish nothing") {
  CosignerScene scene;
  scene.answers("a", said(409, "11\n", size_type));
  scene.shows("a", said(200, fork_by(log_keys().log).checkpoint(12)));
  scene.kill("b");
  scene.round(0);
  CHECK_FALSE(scene.publication->alarm().empty());
  CHECK(scene.published() == 0);
  CHECK(scene.changes == 1);
}

}  // namespace cpl::testing::claims_test
