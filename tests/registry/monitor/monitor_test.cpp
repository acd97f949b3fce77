// The monitor is alarmed by what it should be, once, until it is over.
#include "tests/registry/monitor/monitor_fixture.hpp"

namespace cpl::testing::monitor_test {
namespace {

// A log whose last entry came at another time: another history, soundly signed.
MadeUpLog forked(const LogStory& story) {
  MadeUpLog fork{story.leaves()};
  fork.leaves.back() = altered(fork.leaves.back(), [](Entry& entry) { entry.time.value += 1; });
  return fork;
}

MadeUpLog shortened(const LogStory& story, std::size_t by) {
  MadeUpLog log{story.leaves()};
  log.leaves.resize(log.leaves.size() - by);
  return log;
}

Bytes checkpoint_of(const LogStory& story) { return story.view()->checkpoint_note(); }

}  // namespace

TEST_CASE("monitor: a sound log that its witness knows is quiet, and goes on from where it was") {
  Watch watch;
  NoticeStory story;
  watch.show(story);
  watch.holds(checkpoint_of(story));
  CHECK(watch.round() == "quiet");
  story.receipts(EntryIndex{4}, ReceiptStatus::received);
  watch.show(story);
  CHECK(watch.after(60) == "quiet");  // The witness is one behind.
  CHECK(watch.ledger.frontier.size() == TreeSize{6});
}

TEST_CASE("monitor: a witness that holds another history of the same size shows the split view") {
  Watch watch;
  const NoticeStory story;
  watch.show(story);
  watch.holds(forked(story).checkpoint());
  CHECK(watch.round() == "ALARM split-view w");
  const Alarm& alarm = watch.events[0].standing.alarm;
  // Both are signed by the log: whoever is shown them needs to believe nobody.
  REQUIRE(alarm.checkpoints.size() == 2);
  for (const Bytes& note : alarm.checkpoints) {
    CHECK(trust_checkpoint(note, watch.policy).has_value());
  }
  CHECK(alarm.checkpoints[0] != alarm.checkpoints[1]);
  CHECK(watch.after(60) == "quiet");
  watch.holds(checkpoint_of(story));
  CHECK(watch.after(60) == "cleared split-view w");
}

TEST_CASE("monitor: a shorter history that is not ours is found by the tiles") {
  Watch watch;
  NoticeStory story;
  watch.holds(forked(story).checkpoint());
  story.receipts(EntryIndex{4}, ReceiptStatus::received);
  story.receipts(EntryIndex{4}, ReceiptStatus::validated);
  watch.show(story);
  CHECK(watch.round() == "ALARM split-view w");
  watch.holds(shortened(story, 3).checkpoint());
  CHECK(watch.after(60) == "cleared split-view w");
}

TEST_CASE("monitor: a witness may know more for a while, and then entries are withheld") {
  Watch watch;
  NoticeStory story;
  watch.show(story);
  story.receipts(EntryIndex{4}, ReceiptStatus::received);
  watch.holds(checkpoint_of(story));
  CHECK(watch.round() == "quiet");
  CHECK(watch.after(300) == "quiet");
  CHECK(watch.after(1) == "ALARM entries-withheld w");
  CHECK(watch.events[0].standing.alarm.checkpoints.size() == 2);
  watch.show(story);
  CHECK(watch.after(60) == "cleared entries-withheld w");
}

TEST_CASE("monitor: a log that grows while its witness is always ahead is not withheld") {
  Watch watch;
  NoticeStory story;
  for (int i = 0; i < 5; ++i) {
    watch.show(story);
    story.minutes({}, false);
    watch.holds(checkpoint_of(story));
    CHECK(watch.after(200) == "quiet");
  }
}

TEST_CASE("monitor: what a witness was ahead with is compared once the log has come so far") {
  Watch watch;
  NoticeStory story;
  watch.show(story);
  story.receipts(EntryIndex{4}, ReceiptStatus::received);
  watch.holds(forked(story).checkpoint());
  CHECK(watch.round() == "quiet");
  story.receipts(EntryIndex{4}, ReceiptStatus::validated);
  watch.show(story);
  // By now it holds yet another one, of a log that is longer still.
  story.minutes({}, false);
  watch.holds(checkpoint_of(story));
  CHECK(watch.after(60) == "ALARM split-view w");
}

TEST_CASE("monitor: a witness that shows what the log did not sign is told, whatever it is") {
  Watch watch;
  const NoticeStory story;
  watch.show(story);
  Note stranger{format_checkpoint({test_origin, TreeSize{5}, sha256("x"), {}}), {}};
  sign_note(stranger, ed25519_signer("stranger"));
  watch.holds(format_note(stranger));
  CHECK(watch.round() == "ALARM witness-checkpoint-invalid w");
  watch.holds("<html>\x1b[2J\xff</html>");
  CHECK(watch.after(60) == "quiet");
  watch.holds(Bytes(100'000, 'x'));
  CHECK(watch.after(60) == "quiet");
  CHECK(watch.notebook.standing().begin()->second.alarm.checkpoints.empty());
}

TEST_CASE("monitor: a witness whose key the policy tells must have cosigned what it shows") {
  const NoticeStory story;
  const Published log = story.published();
  const Checkpoint seen = story.view()->checkpoint();
  const auto relation = [&](const Bytes& note) {
    const auto held = compare_held(fetch_from(log), log_policy(), seen, note, alpha().verifier());
    REQUIRE(held.has_value());
    return held->relation;
  };
  CHECK(relation(checkpoint_of(story)) == ViewRelation::unknown);
  auto note = parse_note(checkpoint_of(story));
  REQUIRE(note.has_value());
  cosign_note(*note, alpha(), 1'783'600'000);
  CHECK(relation(format_note(*note)) == ViewRelation::same);
}

TEST_CASE("monitor: a log that goes back or forks is an alarm, with both checkpoints") {
  Watch watch;
  watch.asks_witness = false;
  const NoticeStory story;
  watch.show(story);
  CHECK(watch.round() == "quiet");
  watch.log = shortened(story, 1).published();
  CHECK(watch.after(60) == "ALARM log-shrank");
  CHECK(watch.events[0].standing.alarm.checkpoints ==
        std::vector<Bytes>{checkpoint_of(story), shortened(story, 1).checkpoint()});
  watch.log = forked(story).published();
  CHECK(watch.after(60) == "ALARM history-rewritten, cleared log-shrank");
  CHECK(watch.after(60) == "quiet");
  watch.show(story);
  CHECK(watch.after(60) == "cleared history-rewritten");
}

TEST_CASE("monitor: a removal without a notice is an alarm at its entry") {
  Watch watch;
  watch.asks_witness = false;
  const NoticeStory story;
  watch.show(story);
  CHECK(watch.round() == "quiet");
  MadeUpLog forged{story.leaves()};
  Entry entry = entry_of(forged.leaves.back());
  const Removal removal = removal_of(display, EntryIndex{3});  // That is the decision.
  const Statement statement{test_origin, entry.time, removal};
  entry.index.value += 1;
  entry.statement = format_note(sign(statement, signers_for(removal)));
  forged.leaves.push_back(format_entry(entry));
  watch.log = forged.published();
  CHECK(watch.after(60) == "ALARM notice-not-found 5");
  CHECK(watch.events[0].standing.alarm.entry == EntryIndex{5});
}

TEST_CASE("monitor: silence is an alarm after some rounds, and clears nothing else") {
  Watch watch;
  watch.limits.received_max = 100;
  const NoticeStory story;
  watch.show(story);
  watch.holds(checkpoint_of(story));
  CHECK(watch.after(200) == "ALARM notice-not-received 4");
  watch.log_down = Error{Errc::unavailable, "registry-unreachable", "cannot be reached"};
  CHECK(watch.after(60) == "quiet");
  CHECK(watch.after(60) == "quiet");
  CHECK(watch.after(60) == "ALARM log-silent");
  CHECK(watch.after(60) == "quiet");
  CHECK(watch.notebook.standing().size() == 2);
  watch.log_down.reset();
  watch.witness.clear();
  CHECK(watch.after(60) == "cleared log-silent");
  CHECK(watch.after(60) == "quiet");
  CHECK(watch.after(60) == "ALARM witness-silent w");
  watch.holds(checkpoint_of(story));
  CHECK(watch.after(60) == "cleared witness-silent w");
  CHECK(watch.notebook.standing().size() == 1);
}

TEST_CASE("monitor: a checkpoint that is not to be trusted is an alarm at once") {
  Watch watch;
  watch.asks_witness = false;
  const NoticeStory story;
  watch.show(story);
  watch.log["checkpoint"] =
      sign_checkpoint(story.view()->checkpoint(), ed25519_signer("stranger")).note;
  CHECK(watch.round() == "ALARM signature-missing");
  watch.log.erase("checkpoint");
  CHECK(watch.after(60) == "ALARM resource-not-found, cleared signature-missing");
  watch.show(story);
  CHECK(watch.after(60) == "cleared resource-not-found");
}

TEST_CASE("monitor: a checkpoint that the quorum cosigned too long ago is stale") {
  Watch watch;
  watch.asks_witness = false;
  const auto policy =
      TrustPolicy::parse("log " + log_key().verifier().to_string() + "\nwitness w " +
                         alpha().verifier().to_string() + "\nquorum w\n");
  REQUIRE(policy.has_value());
  watch.policy = *policy;
  watch.limits.checkpoint_age_max = 3600;
  const NoticeStory story;
  watch.show(story);
  auto note = parse_note(checkpoint_of(story));
  REQUIRE(note.has_value());
  cosign_note(*note, alpha(), watch.now.value / 1000);
  watch.log["checkpoint"] = format_note(*note);
  CHECK(watch.after(3600) == "quiet");
  CHECK(watch.after(1) == "ALARM checkpoint-stale");
  cosign_note(*note, alpha(), watch.now.value / 1000);
  watch.log["checkpoint"] = format_note(*note);
  CHECK(watch.after(1) == "cleared checkpoint-stale");
}

TEST_CASE("monitor: the alarms of a witness that is no longer asked are over") {
  Watch watch;
  const NoticeStory story;
  watch.show(story);
  watch.holds(forked(story).checkpoint());
  CHECK(watch.round() == "ALARM split-view w");
  watch.asks_witness = false;
  CHECK(watch.after(60) == "cleared split-view w");
}

TEST_CASE("monitor: who was not reached is told later, in order, and nothing twice") {
  Watch watch;
  const NoticeStory story;
  watch.show(story);
  watch.holds(forked(story).checkpoint());
  CHECK(watch.round() == "ALARM split-view w");
  const auto down = [](const AlarmEvent&) -> Result<void> {
    return Error{Errc::unavailable, "command-failed", "no"};
  };
  CHECK_FALSE(watch.notebook.tell("command", down).has_value());
  watch.holds(checkpoint_of(story));
  CHECK(watch.after(60) == "cleared split-view w");
  CHECK(watch.notebook.untold("command") == 2);
  std::vector<std::string> told;
  const auto take = [&](const AlarmEvent& event) -> Result<void> {
    told.push_back(event_json(event, "https://cpl.example"));
    return {};
  };
  REQUIRE(watch.notebook.tell("command", take).has_value());
  REQUIRE(watch.notebook.tell("command", take).has_value());
  REQUIRE(told.size() == 2);
  CHECK(told[0].find("\"event\":\"alarm\"") != std::string::npos);
  CHECK(told[0].find("\"code\":\"split-view\"") != std::string::npos);
  CHECK(told[1].find("\"event\":\"cleared\"") != std::string::npos);
  CHECK(told[0].find('\n') == std::string::npos);
}

TEST_CASE("monitor: a damaged notebook is refused with advice") {
  for (const std::string_view text : {"", "{}", "{\"format\":\"cpl/monitor/v2\"}", "[1]"}) {
    CHECK_FALSE(MonitorNotebook::parse(text).has_value());
  }
}

}  // namespace cpl::testing::monitor_test
