// What the log makes of each answer that a witness may give, by the protocol and beside it.
#include "registry/log/witness_client.hpp"

#include "tests/registry/log/witness_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::witness_client_test {
namespace {

using Meaning = WitnessClient::Meaning;

const NoteSigner& witness_key() {
  static const NoteSigner key = cosigner_of("witness.example");
  return key;
}

// A log of ten entries, and one witness of it.
struct Scene {
  MemoryStore store;
  TestLog log{store};
  WitnessClient client{witness_key().verifier(), TreeSize{0}};
  std::shared_ptr<const LogView> head;

  Scene() {
    log.append(story_notes());
    head = log.view();
  }

  AddCheckpoint asked() {
    const auto body = client.request(*head);
    REQUIRE(body);
    const auto request = parse_add_checkpoint(*body);
    REQUIRE(request);
    return *request;
  }
  WitnessClient::Outcome answered(unsigned status, const Bytes& body = {},
                                  const std::string& type = "text/plain") {
    return client.take(*head, log.view()->size(), {status, type, body});
  }
  Meaning meaning(unsigned status, const Bytes& body = {}, const std::string& type = "text/plain") {
    const auto outcome = answered(status, body, type);
    CHECK(outcome.detail.empty() == (outcome.meaning == Meaning::cosigned));
    return outcome.meaning;
  }
  Bytes text() const { return format_checkpoint(head->checkpoint()); }
  // The line of this key for the head, or for another text.
  Bytes line(const NoteSigner& key = witness_key(), std::uint64_t time = 1'780'000'000,
             const Bytes& of = {}) const {
    Note note{of.empty() ? text() : of, {}};
    cosign_note(note, key, time);
    return format_note(note).substr(note.text.size() + 1);
  }
};

const std::string size_type = "text/x.tlog.size";

}  // namespace

TEST_CASE("witness client: an unknown witness is asked from size 0, with our own line alone") {
  Scene scene;
  const AddCheckpoint request = scene.asked();
  CHECK(request.old == TreeSize{0});
  CHECK(request.proof.empty());
  CHECK(request.note == scene.log.view()->checkpoint_note());
  CHECK(parse_note(request.note)->signatures.size() == 1);
}

TEST_CASE("witness client: it cosigns, and is asked from that size the next time") {
  Scene scene;
  scene.asked();
  const auto outcome = scene.answered(200, scene.line());
  CHECK(outcome.meaning == Meaning::cosigned);
  CHECK(witness_key().verifier().verify(scene.text(), outcome.cosignature.signature));
  CHECK(scene.client.last_size() == TreeSize{10});
  CHECK(scene.asked().old == TreeSize{10});  // The heartbeat.
  CHECK(scene.asked().proof.empty());

  const auto before = scene.head->checkpoint();
  scene.log.append({addition_note(4), addition_note(5)});
  scene.head = scene.log.view();
  const AddCheckpoint request = scene.asked();
  CHECK(request.old == TreeSize{10});
  CHECK(verify_consistency(TreeSize{10}, before.root, TreeSize{12}, scene.head->checkpoint().root,
                           request.proof));
}

TEST_CASE("witness client: it tells its size, and the next request starts from there") {
  Scene scene;
  for (const std::string& type :
       {size_type, size_type + "; charset=utf-8", std::string("Text/X.tlog.size")}) {
    scene.asked();
    CHECK(scene.meaning(409, "7\n", type) == Meaning::ask_again);
    CHECK(scene.asked().old == TreeSize{7});
    CHECK(scene.asked().proof.size() > 0);
    CHECK(scene.meaning(409, "0\n", type) == Meaning::ask_again);
    CHECK(scene.asked().old == TreeSize{0});
  }
  CHECK(scene.meaning(409, "10\n", size_type) == Meaning::ask_again);
  CHECK(scene.meaning(409, "4", size_type) == Meaning::ask_again);  // Without its newline.
}

TEST_CASE("witness client: that it knows a longer log, or another root, is its word and no more") {
  Scene scene;
  scene.asked();
  CHECK(scene.meaning(409, "11\n", size_type) == Meaning::contradicts);
  CHECK(scene.meaning(409, "", "") == Meaning::contradicts);
  CHECK(scene.meaning(409, "conflict\n") == Meaning::contradicts);
  CHECK(scene.meaning(422, "the proof does not verify\n") == Meaning::contradicts);
  CHECK(scene.meaning(409, "8\n", size_type) == Meaning::ask_again);
  scene.asked();
  const auto outcome = scene.answered(422, "bad\x1B[31m proof\n");
  CHECK(outcome.meaning == Meaning::contradicts);
  CHECK_THAT(outcome.detail, Catch::Contains("\"bad [31m proof\""));
  CHECK_THAT(outcome.detail, Catch::Contains("from size 8"));
}

TEST_CASE("witness client: a size that our log has reached since is no contradiction") {
  Scene scene;
  scene.asked();
  scene.log.append({addition_note(4), addition_note(5)});  // The round is still about size 10.
  CHECK(scene.meaning(409, "12\n", size_type) == Meaning::ahead);
  CHECK(scene.client.last_size() == TreeSize{12});
  CHECK(scene.meaning(409, "13\n", size_type) == Meaning::contradicts);
  scene.head = scene.log.view();
  CHECK(scene.meaning(409, "12\n", size_type) == Meaning::ask_again);
}

TEST_CASE("witness client: only what the log's key signed of another history proves a fork") {
  Scene scene;
  const auto policy =
      TrustPolicy::parse("log " + log_keys().log.verifier().to_string() + "\nquorum none\n");
  REQUIRE(policy);
  const auto proves = [&](const Bytes& note, unsigned status = 200) {
    const auto shown = judge_shown(*scene.head, *policy, {status, "text/plain", note});
    CHECK_FALSE(shown.detail.empty());
    return shown.proves_fork;
  };
  const SignedTree fork(20, "forged ", log_keys().log);
  for (const std::uint64_t size : {1U, 9U, 10U, 11U, 20U}) {
    CAPTURE(size);
    CHECK(proves(fork.checkpoint(size)));
    CHECK_FALSE(proves(fork.checkpoint(size), 409));
    CHECK_FALSE(proves(fork.text(size) + "\n"));
    CHECK_FALSE(proves(SignedTree(20, "forged ", log_key_from("another")).checkpoint(size)));
    CHECK_FALSE(proves(SignedTree(20, "forged ", signer_of("x.example")).checkpoint(size)));
  }
  CHECK_FALSE(proves(scene.head->checkpoint_note()));
  CHECK_FALSE(proves(""));
  CHECK_FALSE(proves("<h1>proxy</h1>"));
  CHECK_FALSE(proves(fork.checkpoint(9) + Bytes(70'000, 'x')));
  Bytes flipped = fork.checkpoint(9);
  flipped[flipped.size() - 8] = flipped[flipped.size() - 8] == 'A' ? 'B' : 'A';
  CHECK_FALSE(proves(flipped));
}

TEST_CASE("witness client: a size that is none is no alarm, and no cosignature") {
  Scene scene;
  scene.asked();
  for (const Bytes body :
       {"", "\n", "x\n", "-1\n", "07\n", "7\n\n", "7 \n", "99999999999999999999\n"}) {
    CAPTURE(body);
    CHECK(scene.meaning(409, body, size_type) == Meaning::failed);
  }
}

TEST_CASE("witness client: an unknown log or key is for a person to mend") {
  Scene scene;
  scene.asked();
  CHECK(scene.meaning(404) == Meaning::misconfigured);
  CHECK(scene.meaning(403) == Meaning::misconfigured);
}

TEST_CASE("witness client: overload, trouble and other answers are failures of this time") {
  Scene scene;
  scene.asked();
  for (const unsigned status : {400U, 429U, 500U, 502U, 503U, 301U, 204U, 418U}) {
    CHECK(scene.meaning(status, "later\n") == Meaning::failed);
  }
}

TEST_CASE("witness client: only a line that verifies under its cosigning key counts") {
  Scene scene;
  scene.asked();
  const NoteSigner other = cosigner_of("other.example");
  CHECK(scene.meaning(200, scene.line(other)) == Meaning::failed);
  CHECK(scene.meaning(200, "") == Meaning::failed);
  CHECK(scene.meaning(200, "no line\n") == Meaning::failed);
  CHECK(scene.meaning(200, scene.line(witness_key(), 5, "other.example\n10\nx\n")) ==
        Meaning::failed);
  // The same key as a plain one is another key: what it signs is no cosignature.
  const auto plain = NoteSigner::create(
      "witness.example",
      *PrivateKey::from_ed25519_seed(sha256("test key of witness.example").view()));
  REQUIRE(plain);
  Note plainly{scene.text(), {}};
  sign_note(plainly, *plain);
  CHECK(scene.meaning(200, format_note(plainly).substr(plainly.text.size() + 1)) ==
        Meaning::failed);
  CHECK(scene.client.last_size() == TreeSize{0});

  // Lines of others, among them ML-DSA ones that we cannot check, do not matter.
  const Bytes unknown = "\xE2\x80\x94 w.example " + to_base64(Bytes(2432, 'm')) + "\n";
  CHECK(scene.meaning(200, unknown + scene.line(other) + scene.line()) == Meaning::cosigned);
  CHECK(scene.meaning(200, unknown) == Meaning::failed);
}

TEST_CASE("witness client: of several lines of its key the newest that verifies is taken") {
  Scene scene;
  scene.asked();
  const Bytes wrong = scene.line(witness_key(), 30, "other.example\n10\nx\n");
  const auto outcome =
      scene.answered(200, scene.line(witness_key(), 10) + scene.line(witness_key(), 20) + wrong);
  REQUIRE(outcome.meaning == Meaning::cosigned);
  CHECK(cosignature_time(outcome.cosignature.signature) == 20);
}

TEST_CASE("witness client: an answer with the whole checkpoint above the lines is read, too") {
  Scene scene;
  scene.asked();
  CHECK(scene.meaning(200, scene.text() + "\n" + scene.line()) == Meaning::cosigned);
  CHECK(scene.meaning(200, "other.example\n10\nx\n\n" + scene.line()) == Meaning::failed);
}

TEST_CASE("witness client: every single flipped bit of a cosignature is noticed") {
  Scene scene;
  scene.asked();
  auto note = parse_note(scene.text() + "\n" + scene.line());
  REQUIRE(note);
  const Bytes good = note->signatures[0].signature;  // The time and the signature.
  REQUIRE(good.size() == 72);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes& spoilt = note->signatures[0].signature;
    spoilt = good;
    spoilt[bit / 8] =
        static_cast<char>(static_cast<unsigned char>(spoilt[bit / 8]) ^ (1U << bit % 8));
    CAPTURE(bit);
    CHECK(scene.meaning(200, format_note(*note).substr(note->text.size() + 1)) == Meaning::failed);
  }
}

TEST_CASE("witness client: against our witness it needs one hint and then none") {
  Scene scene;
  MemoryWitnessStore store;
  const auto witness =
      open_witness(witness_key(), {log_keys().log.verifier()}, store, scene.log.clock);
  const auto once = [&] {
    const auto body = scene.client.request(*scene.head);
    REQUIRE(body);
    return scene.client.take(*scene.head, scene.head->size(), witness->add_checkpoint(*body))
        .meaning;
  };
  CHECK(once() == Meaning::cosigned);
  for (std::uint64_t i = 4; i < 8; ++i) {
    scene.log.append({addition_note(i)});
    scene.head = scene.log.view();
    CHECK(once() == Meaning::cosigned);
  }
  scene.client = WitnessClient(witness_key().verifier(), TreeSize{0});  // After a restart.
  CHECK(once() == Meaning::ask_again);
  CHECK(once() == Meaning::cosigned);
}

TEST_CASE("witness client: that a proof is wrong is its word only where our own tree gives it") {
  Scene scene;
  scene.asked();
  CHECK(scene.meaning(409, "7\n", size_type) == Meaning::ask_again);
  const auto whole = scene.head;
  const MemoryStore lost;
  const auto head_of = [&](const Hash& root, std::shared_ptr<const StoreView> store) {
    const Checkpoint checkpoint{whole->checkpoint().origin, whole->size(), root, {}};
    return std::make_shared<const LogView>(SignedCheckpoint{checkpoint, whole->checkpoint_note()},
                                           std::move(store), nullptr);
  };
  const auto without_tiles = head_of(whole->checkpoint().root, lost.snapshot());
  for (const auto& head : {without_tiles, head_of(sha256("x"), scene.store.snapshot())}) {
    scene.head = head;
    const auto outcome = scene.answered(422);
    CHECK(outcome.meaning == Meaning::failed);
    CHECK_THAT(outcome.detail, Catch::Contains("our own tree gives no proof from size 7"));
  }
  // From the head's own size, and from none, no proof is due, and no tile is read.
  scene.head = whole;
  for (const Bytes size : {"10\n", "0\n"}) {
    CHECK(scene.meaning(409, size, size_type) == Meaning::ask_again);
    scene.head = without_tiles;
    CHECK(scene.meaning(422) == Meaning::contradicts);
  }
}

TEST_CASE("witness client: what it says of a proof is held against the size we asked from") {
  Scene scene;
  scene.asked();
  scene.log.append({addition_note(4), addition_note(5)});  // The round is still about size 10.
  CHECK(scene.meaning(409, "12\n", size_type) == Meaning::ahead);
  CHECK(scene.asked().old == TreeSize{10});
  const auto outcome = scene.answered(422);
  CHECK(outcome.meaning == Meaning::contradicts);
  CHECK_THAT(outcome.detail, Catch::Contains("from size 10"));
}

TEST_CASE("witness client: a line with its key's id under another name is not its own") {
  Scene scene;
  scene.asked();
  Bytes renamed = scene.line();
  renamed.replace(renamed.find("witness.example"), 15, "another.example");
  CHECK(scene.meaning(200, renamed) == Meaning::failed);
  auto other_id = parse_note(scene.text() + "\n" + scene.line());
  REQUIRE(other_id);
  other_id->signatures.front().key_id ^= 1U;
  CHECK(scene.meaning(200, format_note(*other_id).substr(scene.text().size() + 1)) ==
        Meaning::failed);
}

}  // namespace cpl::testing::witness_client_test
