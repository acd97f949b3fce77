// What is published where witnesses cosign, and that a restart takes nothing of it back.
#include "registry/log/publication.hpp"

#include "registry/evidence/verdict.hpp"
#include "registry/query/evidence_builder.hpp"
#include "tests/registry/log/witness_fixture.hpp"
#include "tests/support/aborts.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::publication_test {
namespace {

const NoteVerifier& log_key() { return log_keys().log.verifier(); }

Bytes cosigned(const LogView& view) {
  auto note = parse_note(view.checkpoint_note());
  REQUIRE(note);
  cosign_note(*note, cosigner_of("witness.example"), 1'780'000'000);
  return format_note(*note);
}

struct Scene {
  MemoryStore store;
  TestLog log{store};
  std::unique_ptr<Publication> publication;

  Scene() { open(); }
  void open() {
    auto opened = Publication::open(*log, store, log_key());
    if (!opened) FAIL(opened.error().detail);
    publication = *std::move(opened);
  }
  void restart() {
    publication.reset();
    log.open();
    open();
  }
  void publish() { REQUIRE(publication->publish(*log.view(), cosigned(*log.view()))); }
  TreeSize published() const { return publication->view()->size(); }
};

// Notes how durable each commit was asked to be; fails where told.
class WatchedStore final : public Store {
 public:
  std::shared_ptr<const StoreView> snapshot() const override { return memory.snapshot(); }
  Result<void> commit(const WriteBatch& batch, Durability durability) override {
    asked.push_back(durability);
    if (fails) return Error{Errc::unavailable, "store-unavailable", "a fault of the test"};
    return memory.commit(batch, durability);
  }

  MemoryStore memory;
  std::vector<Durability> asked;
  bool fails = false;
};

std::string code(const Result<Evidence>& evidence) {
  return evidence ? "built" : evidence.error().code;
}

}  // namespace

TEST_CASE("publication: an empty log shows its checkpoint; one with entries only a cosigned one") {
  Scene scene;
  CHECK(scene.publication->view()->checkpoint_note() == scene.log.view()->checkpoint_note());
  scene.log.append(story_notes());
  scene.restart();
  CHECK(scene.publication->view()->checkpoint_note().empty());
  CHECK(scene.published() == TreeSize{0});
  scene.publish();
  CHECK(scene.published() == TreeSize{10});
}

TEST_CASE("publication: what was published is shown until more is, also after a restart (I3)") {
  Scene scene;
  scene.log.append(story_notes());
  scene.publish();
  const Bytes note = scene.publication->view()->checkpoint_note();
  scene.log.append({addition_note(4)});
  CHECK(scene.publication->view()->checkpoint_note() == note);
  scene.restart();
  CHECK(scene.publication->view()->checkpoint_note() == note);
  CHECK(scene.log.view()->size() == TreeSize{11});
  scene.publish();
  CHECK(scene.published() == TreeSize{11});
}

TEST_CASE("publication: evidence is built on it, and says when an entry is not published yet") {
  Scene scene;
  const auto notes = story_notes();
  scene.log.append({notes.begin(), notes.begin() + 6});  // Up to the notice, entry 5.
  scene.publish();
  scene.log.append({notes.begin() + 6, notes.end()});
  const auto policy =
      TrustPolicy::parse("log " + log_key().to_string() + "\nwitness w " +
                         cosigner_of("witness.example").verifier().to_string() + "\nquorum w\n");
  REQUIRE(policy);
  const JudgeOptions now{start_time};

  for (const bool restarted : {false, true}) {
    CAPTURE(restarted);
    if (restarted) scene.restart();
    const auto view = scene.publication->view();
    // The receipts, the removal and the minutes came later: the notice is as it stood.
    const auto notice = build_notice_evidence(*view, EntryIndex{5});
    REQUIRE(notice);
    const Verdict verdict = judge(*notice, *policy, now);
    CHECK(to_string(verdict.outcome) == "VALID, provisional");
    CHECK_THAT(verdict.sentence, Catch::EndsWith("is issued"));
    CHECK(verdict.size == TreeSize{6});
    CHECK(code(build_removal_evidence(*view, small_id(1))) ==
          (restarted ? "not-published-yet" : "model-listed"));
    CHECK(check_published(*view, EntryIndex{5}));
    CHECK(check_published(*view, EntryIndex{6}).error().code == "not-published-yet");
  }
  scene.publish();
  const auto removal = build_removal_evidence(*scene.publication->view(), small_id(1));
  REQUIRE(removal);
  CHECK(to_string(judge(*removal, *policy, now).outcome) == "VALID");
  const JudgeOptions later{UnixMillis{start_time.value + 2 * 86'400'000}};
  CHECK(to_string(judge(*removal, *policy, later).outcome) == "VALID, stale");
}

TEST_CASE("publication: an alarm halts the log, reads go on, and a restart does not end it") {
  Scene scene;
  scene.log.append(story_notes());
  scene.publish();
  CHECK_FALSE(*Publication::stored_alarm(scene.store));
  REQUIRE(scene.publication->raise_alarm("the witness w contradicts this log"));
  // It holds for who asks no witnesses any more.
  CHECK(*Publication::stored_alarm(scene.store) == "the witness w contradicts this log");
  for (const bool restarted : {false, true}) {
    if (restarted) scene.restart();
    CHECK(scene.publication->alarm() == "the witness w contradicts this log");
    const auto answers = scene.log.try_append({addition_note(4)});
    REQUIRE_FALSE(answers[0]);
    CHECK(answers[0].error().code == "witness-alarm");
    CHECK_THAT(answers[0].error().detail, Catch::EndsWith("the witness w contradicts this log"));
    CHECK(scene.published() == TreeSize{10});
    CHECK(scene.log.view()->size() == TreeSize{10});
  }
  REQUIRE(Publication::clear_alarm(scene.store));
  scene.restart();
  CHECK(scene.publication->alarm().empty());
  CHECK(scene.log.try_append({addition_note(4)})[0]);
}

TEST_CASE("publication: durable first, then shown; and what is shown is on the disk (I3)") {
  WatchedStore store;
  TestLog log{store};
  log.append(story_notes());
  CHECK(store.asked == std::vector(1, Durability::synced));  // The entries.
  auto publication = Publication::open(*log, store, log_key());
  REQUIRE(publication);
  store.fails = true;
  CHECK_FALSE((*publication)->publish(*log.view(), cosigned(*log.view())));
  CHECK((*publication)->view()->size() == TreeSize{0});
  CHECK((*publication)->view()->checkpoint_note().empty());
  store.fails = false;
  store.asked.clear();
  CHECK((*publication)->publish(*log.view(), cosigned(*log.view())));
  CHECK((*publication)->view()->size() == TreeSize{10});
  CHECK((*publication)->raise_alarm("a fork"));
  CHECK(Publication::clear_alarm(store));
  CHECK(store.asked == std::vector(3, Durability::synced));
}

TEST_CASE("publication: an alarm that cannot be stored holds all the same") {
  WatchedStore store;
  TestLog log{store};
  log.append(story_notes());
  auto publication = Publication::open(*log, store, log_key());
  REQUIRE(publication);
  store.fails = true;
  CHECK_FALSE((*publication)->raise_alarm("a fork"));
  CHECK((*publication)->alarm() == "a fork");
  store.fails = false;
  CHECK(log.try_append({addition_note(4)})[0].error().code == "witness-alarm");
}

TEST_CASE("publication: what was published before the log's key changed stays published") {
  Scene scene;
  scene.log.append(story_notes());
  scene.publish();
  const Bytes note = scene.publication->view()->checkpoint_note();
  const NoteSigner newest = log_key_from("the next key of the log");
  const auto changed = Publication::open(*scene.log, scene.store, newest.verifier());
  REQUIRE(changed);
  CHECK((*changed)->view()->checkpoint_note() == note);
  CHECK((*changed)->view()->size() == TreeSize{10});
  CHECK((*changed)->view()->entry(EntryIndex{9}));

  // A line of the key that is ours now is no stranger's: it has to be right.
  auto forged = parse_note(note);
  REQUIRE(forged);
  sign_note(*forged, newest);
  forged->signatures.back().signature[5] ^= 1;
  WriteBatch batch;
  batch.put("wc", format_note(*forged));
  REQUIRE(scene.store.commit(batch, Durability::synced));
  const auto refused = Publication::open(*scene.log, scene.store, newest.verifier());
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == "signature-invalid");
}

TEST_CASE("publication: a stored checkpoint that is not of this log is refused") {
  Scene scene;
  scene.log.append(story_notes());
  const auto stored = [&](const Bytes& note) {
    WriteBatch batch;
    batch.put("wc", note);
    REQUIRE(scene.store.commit(batch, Durability::synced));
    const auto opened = Publication::open(*scene.log, scene.store, log_key());
    return opened ? "opened" : opened.error().code;
  };
  const auto of = [&](std::uint64_t size, const Hash& root) {
    return sign_checkpoint({log_origin, TreeSize{size}, root, {}}, log_keys().log).note;
  };
  CHECK(stored(scene.log.view()->checkpoint_note()) == "opened");
  CHECK(stored(of(10, sha256("x"))) == "stored-data-corrupt");
  CHECK(stored(of(11, sha256("x"))) == "stored-data-corrupt");
  CHECK(stored("nonsense") == "note-malformed");
  // Of this very root, under another log's name and key.
  const auto same_root = scene.log.view()->checkpoint().root;
  const Checkpoint elsewhere{"other.example/log", TreeSize{10}, same_root, {}};
  CHECK(stored(sign_checkpoint(elsewhere, signer_of("other.example/log")).note) ==
        "stored-data-corrupt");
}

TEST_CASE("publication: nothing older is published, and nothing once there is an alarm (I3)") {
  Scene scene;
  scene.log.append(story_notes());
  const auto older = scene.log.view();
  scene.log.append({addition_note(4)});
  scene.publish();
  const auto publish = [&](const LogView& head) {
    std::ignore = scene.publication->publish(head, cosigned(head));
  };
  CHECK(aborts([&] { publish(*older); }));
  CHECK_FALSE(aborts([&] { publish(*scene.log.view()); }));
  REQUIRE(scene.publication->raise_alarm("a fork"));
  CHECK(aborts([&] { publish(*scene.log.view()); }));
}

}  // namespace cpl::testing::publication_test
