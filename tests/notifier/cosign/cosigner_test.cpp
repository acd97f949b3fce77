// The rounds of asking: when, whom, and what is published then.
#include "tests/notifier/cosign/cosigner_fixture.hpp"

namespace cpl::testing::cosigner_test {

TEST_CASE("cosigner: the first round asks all, and what the quorum cosigned is published") {
  CosignerScene scene;
  CHECK(scene.published() == 0);
  CHECK(scene.round(0) == all_urls);
  CHECK(scene.published() == 10);
  CHECK(scene.cosigners() == Names{"a", "b", "c"});
  CHECK(scene.changes == 1);
  const CosignerStats stats = scene.cosigner->stats();
  CHECK(stats.quorum);
  CHECK(stats.witnesses[2].last_size == TreeSize{10});
  CHECK(stats.witnesses[2].last_success == scene.log.clock.now());
}

TEST_CASE("cosigner: it tells how many of the quorum's witnesses are fresh, and since when") {
  CosignerScene scene;
  CHECK(scene.cosigner->stats().count.holding == 0);
  CHECK_FALSE(scene.cosigner->stats().quorum_as_of.has_value());
  scene.round(0);
  const UnixMillis first = scene.log.clock.now();
  CHECK(scene.cosigner->stats().count.needed == 2);
  CHECK(scene.cosigner->stats().count.of == 3);
  CHECK(scene.cosigner->stats().count.holding == 3);
  scene.kill("b");
  scene.kill("c");
  const auto two_renewals = 2 * static_cast<std::uint64_t>(scene.options.renew.count());
  scene.round(two_renewals + cosigning_interval);
  // One witness alone does not make what the quorum said newer.
  CHECK(scene.cosigner->stats().count.holding == 1);
  CHECK(scene.cosigner->stats().quorum_as_of == first);
}

TEST_CASE("cosigner: it asks on its clock, not for each write, and only for what is new") {
  CosignerScene scene;
  scene.round(0);
  scene.grow(4);
  CHECK(scene.round(0).empty());
  CHECK(scene.published() == 10);
  CHECK(scene.round() == all_urls);
  CHECK(scene.published() == 11);
  CHECK(scene.round().empty());
}

TEST_CASE("cosigner: an unchanged checkpoint is cosigned anew before its time grows old") {
  CosignerScene scene;
  scene.round(0);
  const auto first = trust_checkpoint(scene.publication->view()->checkpoint_note(), scene.policy());
  CHECK(scene.round(880'000).empty());
  scene.kill("c");
  CHECK(scene.round(20'000) == all_urls);
  const auto second =
      trust_checkpoint(scene.publication->view()->checkpoint_note(), scene.policy());
  CHECK(*second->witness_time == *first->witness_time + 900);
  CHECK(scene.cosigners() == Names{"a", "b", "c"});  // What c said before still stands.
  CHECK(scene.round().empty());

  scene.kill("b");
  CHECK(scene.round(900'000).size() == 3);
  // The quorum is due: every round asks until it is there. But c is given a rest.
  CHECK(scene.round() == Names{url_of("a"), url_of("b")});
  CHECK(scene.published() == 10);
}

TEST_CASE("cosigner: with one of three dead publication goes on; with two it keeps the older") {
  CosignerScene scene;
  scene.round(0);
  scene.kill("b");
  scene.grow(4);
  scene.round();
  CHECK(scene.published() == 11);
  CHECK(scene.cosigners() == Names{"a", "c"});
  scene.kill("c");
  scene.grow(5);
  const Bytes before = scene.publication->view()->checkpoint_note();
  scene.round();
  scene.round();
  CHECK(scene.publication->view()->checkpoint_note() == before);
  CHECK(scene.status(1).failures >= 2);
  CHECK(scene.status(1).last_failure == "no answer");
  CHECK(scene.status(0).failures == 0);
  scene.revive("c");
  scene.round(60'000);
  CHECK(scene.published() == 12);
  CHECK(scene.cosigners() == Names{"a", "c"});
}

TEST_CASE("cosigner: fail-open publishes the newest with what it got, at the end of the round") {
  CosignerScene scene;
  scene.options.without_quorum = WithoutQuorum::fail_open;
  scene.start();
  scene.kill("b");
  scene.kill("c");
  scene.round(0);
  CHECK(scene.published() == 10);
  CHECK(scene.cosigners() == Names{"quorum-not-met"});
  CHECK(parse_note(scene.publication->view()->checkpoint_note())->signatures.size() == 2);
  CHECK_FALSE(scene.cosigner->stats().quorum);
  scene.revive("b");
  scene.round(60'000);
  CHECK(scene.cosigners() == Names{"a", "b"});
  CHECK(scene.cosigner->stats().quorum);
}

TEST_CASE("cosigner: the longer a witness fails, the less often it is asked, up to a minute") {
  CosignerScene scene;
  scene.kill("c");
  std::vector<std::uint64_t> rounds;
  for (std::uint64_t i = 0; i < 30; ++i) {
    scene.grow(10 + i);
    const auto asked = scene.round();
    if (std::find(asked.begin(), asked.end(), url_of("c")) != asked.end()) rounds.push_back(i);
  }
  REQUIRE(rounds.size() >= 5);
  CHECK(rounds[1] == 1);
  for (std::size_t i = 1; i < rounds.size(); ++i) {
    CHECK(rounds[i] - rounds[i - 1] <= 7);
    if (i > 1) CHECK(rounds[i] - rounds[i - 1] >= rounds[i - 1] - rounds[i - 2]);
  }
}

TEST_CASE("cosigner: an unknown log is not asked about again for ten minutes") {
  for (const unsigned status : {403U, 404U}) {
    CosignerScene scene;
    scene.answers("c", said(status));
    CHECK(scene.round(0).size() == 3);
    scene.grow(4);
    CHECK(scene.round(598'000).size() == 2);
    scene.grow(5);
    CHECK(scene.round().size() == 3);
  }
}

TEST_CASE("cosigner: a witness that asks for patience gets it, within bounds") {
  CosignerScene scene;
  Delivered busy = said(429);
  busy.retry_after = "120";
  scene.answers("c", busy);
  scene.round(0);
  scene.grow(4);
  CHECK(scene.round(118'000).size() == 2);
  scene.grow(5);
  busy.retry_after = "999999999";
  scene.answers("c", busy);
  CHECK(scene.round().size() == 3);
  scene.grow(6);
  CHECK(scene.round(300'000).size() == 3);
}

TEST_CASE("cosigner: after a restart it goes on from what was published, and learns the rest") {
  CosignerScene scene;
  scene.kill("c");
  scene.round(0);
  scene.grow(4);
  scene.revive("c");
  scene.round();
  CHECK(scene.published() == 11);
  // Witness b cosigned a size that was never published with its line.
  scene.transport.at[url_of("b")] = [&](const OutgoingMessage& message) -> Result<Delivered> {
    scene.witnesses.at("b")->add_checkpoint(message.body);
    return timed_out();
  };
  scene.grow(5);
  scene.round();
  CHECK(scene.cosigners() == Names{"a", "c"});
  scene.revive("b");
  scene.grow(6);
  scene.start();
  CHECK(scene.published() == 12);
  CHECK(scene.round(0) == Names{url_of("a"), url_of("b"), url_of("c"), url_of("b")});
  CHECK(scene.cosigners() == Names{"a", "c", "b"});
}

TEST_CASE("cosigner: a witness that tells another size each time is asked three times") {
  CosignerScene scene;
  std::uint64_t size = 0;
  scene.transport.at[url_of("c")] = [&](const OutgoingMessage&) -> Result<Delivered> {
    return said(409, std::to_string(++size) + "\n", "text/x.tlog.size");
  };
  const auto asked = scene.round(0);
  CHECK(std::count(asked.begin(), asked.end(), url_of("c")) == 3);
  CHECK(scene.status(2).failures == 1);
  CHECK(scene.published() == 10);
}

TEST_CASE("cosigner: an empty log is not asked about") {
  MemoryStore store;
  TestLog log(store);
  auto publication = Publication::open(*log, store, log_keys().log.verifier());
  REQUIRE(publication);
  WitnessTransport transport;
  const auto policy = TrustPolicy::parse("log " + log_keys().log.verifier().to_string() +
                                         "\nwitness a " + cosigner_of("a").verifier().to_string() +
                                         " https://a.example\nquorum a\n");
  REQUIRE(policy);
  Cosigner cosigner(*log, **publication, transport, log.clock, *policy, {}, [] {});
  CHECK(cosigner.run_once() == UnixMillis{start_time.value + cosigning_interval});
  CHECK(transport.asked.empty());
}

TEST_CASE("cosigner: a clock that was set back delays nothing") {
  CosignerScene scene;
  scene.round(0);
  scene.grow(4);
  scene.log.clock.set(UnixMillis{start_time.value - 86'400'000});
  CHECK(scene.round(0) == all_urls);
  CHECK(scene.published() == 11);
}

TEST_CASE("cosigner: the metrics tell of each witness") {
  CosignerScene scene;
  scene.kill("b");
  scene.round(0);
  const std::string text = cosigner_metrics(scene.cosigner->stats());
  for (const std::string& line :
       {std::string("cpl_witness_alarm 0"), std::string("cpl_published_size 10"),
        std::string("cpl_published_quorum 1"),
        std::string("cpl_witness_last_size{witness=\"a\"} 10"),
        std::string("cpl_witness_last_size{witness=\"b\"} 0"),
        std::string("cpl_witness_failures_total{witness=\"b\"} 1"),
        "cpl_witness_last_success_seconds{witness=\"c\"} " +
            std::to_string(scene.log.clock.now().value / 1000)}) {
    CHECK_THAT(text, Catch::Contains("\n" + line + "\n"));
  }
}

TEST_CASE("cosigner: a policy must fit the log that is published under it") {
  const auto fit = [](const std::string& text) {
    const auto policy = TrustPolicy::parse(text);
    REQUIRE(policy);
    const auto checked = check_cosigning_policy(*policy, log_keys().log.verifier());
    return checked ? "fits" : checked.error().detail;
  };
  const std::string log = "log " + log_keys().log.verifier().to_string() + "\n";
  const std::string a = "witness a " + cosigner_of("a").verifier().to_string();
  CHECK(fit(log + a + " http://127.0.0.1:1/x\nquorum a\n") == "fits");
  CHECK_THAT(fit("log " + signer_of("x").verifier().to_string() + "\n" + a +
                 " https://a.example\nquorum a\n"),
             Catch::Contains("does not trust this log's key"));
  CHECK_THAT(fit(log + a + " https://a.example\nquorum none\n"), Catch::Contains("no witness"));
  CHECK_THAT(fit(log + a + "\nquorum a\n"), Catch::Contains("the witness a has no URL"));
  CHECK_THAT(fit(log + a + " ftp://a.example\nquorum a\n"), Catch::Contains("the witness a"));
}

}  // namespace cpl::testing::cosigner_test
