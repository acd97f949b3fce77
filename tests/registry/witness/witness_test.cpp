// Our witness: every row of the checks of tlog-witness, in their order, and what must never happen.
#include <thread>

#include "registry/witness/witness_store.hpp"
#include "tests/registry/log/witness_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::witness_test {
namespace {

const NoteSigner& witness_key() {
  static const NoteSigner key = cosigner_of("witness.example");
  return key;
}

// One witness of one log, remembering in memory.
struct Scene {
  TestClock clock;
  MemoryWitnessStore store;
  SignedTree tree{20};
  std::unique_ptr<Witness> witness =
      open_witness(witness_key(), {tree.signer().verifier()}, store, clock);

  WitnessAnswer ask(const Bytes& body) const { return witness->add_checkpoint(body); }
  unsigned status(const Bytes& body) const { return ask(body).status; }
  // A checkpoint that says anything, under a good signature.
  unsigned status_of_text(std::uint64_t old, const Bytes& text) const {
    return status(format_add_checkpoint({TreeSize{old}, {}, tree.signed_text(text)}));
  }
};

template <class Octet>
void flip(Octet& octet) {
  octet = static_cast<Octet>(octet ^ 1);
}

void is_conflict(const WitnessAnswer& answer, const std::string& size) {
  CHECK(answer.status == 409);
  CHECK(answer.content_type == "text/x.tlog.size");
  CHECK(answer.body == size);
}

// The time of the witness's line under the tree's checkpoint; fails where it does not verify.
std::uint64_t cosigned_at(const Bytes& text, const WitnessAnswer& answer) {
  REQUIRE(answer.status == 200);
  const auto note = parse_note(text + "\n" + answer.body);
  REQUIRE(note);
  REQUIRE(note->signatures.size() == 1);
  REQUIRE(verify_note(*note, std::vector{witness_key().verifier()}));
  return cosignature_time(note->signatures[0].signature);
}

}  // namespace

TEST_CASE("witness: what it cosigns verifies, is its own line alone, and carries its time") {
  const Scene scene;
  const WitnessAnswer answer = scene.ask(scene.tree.body(0, 8));
  CHECK(cosigned_at(scene.tree.text(8), answer) == start_time.value / 1000);
  CHECK(answer.content_type == "text/plain; charset=utf-8");
}

TEST_CASE("witness: the same checkpoint again gets a newer time: the heartbeat") {
  Scene scene;
  CHECK(scene.status(scene.tree.body(0, 8)) == 200);
  scene.clock.advance(60'000);
  CHECK(cosigned_at(scene.tree.text(8), scene.ask(scene.tree.body(8, 8))) ==
        start_time.value / 1000 + 60);
}

TEST_CASE("witness: an unknown origin is 404, before its signature is looked at") {
  const Scene scene;
  const SignedTree other(8, "leaf ", signer_of("other.example/log"));
  CHECK(scene.status(other.body(0, 8)) == 404);
  Bytes renamed = scene.tree.body(0, 8);
  renamed.replace(renamed.find(tree_origin), 1, "T");
  CHECK(scene.status(renamed) == 404);
}

TEST_CASE("witness: 403 for no signature of the log's key, or one that fails") {
  const Scene scene;
  const SignedTree impostor(8, "leaf ", signer_of("impostor"));
  Note unsigned_by_log{scene.tree.text(8), {}};
  sign_note(unsigned_by_log, impostor.signer());
  CHECK(scene.status(format_add_checkpoint({TreeSize{0}, {}, format_note(unsigned_by_log)})) ==
        403);
  auto note = parse_note(scene.tree.checkpoint(8));
  REQUIRE(note);
  flip(note->signatures[0].signature[5]);
  CHECK(scene.status(format_add_checkpoint({TreeSize{0}, {}, format_note(*note)})) == 403);
  // Lines that cannot be read are no signatures; Sunlight's own test has such base64.
  CHECK(scene.status(scene.tree.body(0, 8) + "x\n") == 403);
  Bytes stray_bits = scene.tree.body(0, 8);
  stray_bits.replace(stray_bits.size() - 3, 1, "x");
  CHECK(scene.status(stray_bits) == 403);
  // A failing line comes before the proof, the sizes and everything else.
  CHECK(scene.status(format_add_checkpoint({TreeSize{9}, {}, format_note(*note)})) == 403);
}

TEST_CASE("witness: 400 for a malformed request, and for an old size beyond the checkpoint's") {
  const Scene scene;
  const Bytes good = scene.tree.body(0, 8);
  const Bytes note = scene.tree.checkpoint(8);
  const Bytes hash_line = to_base64(sha256("x")) + "\n";
  Bytes many = "old 0\n";
  for (int i = 0; i < 64; ++i) many += hash_line;
  for (const Bytes& body :
       {Bytes(), Bytes("old 0\n"), note, "old\n\n" + note, "old 00\n\n" + note, "old -1\n\n" + note,
        "old 9223372036854775808\n\n" + note, "new 0\n\n" + note, "old 0\nAAAA\n\n" + note,
        "old 0\n" + hash_line + note, "old 0\r\n\n" + note, many + "\n" + note, Bytes("old 0\n\n"),
        "old 0\n\n" + scene.tree.text(8), good.substr(0, good.size() - 1),
        "old 0\n\n" + note + Bytes(128U << 10U, 'x') + "\n"}) {
    CAPTURE(body.substr(0, 300));
    CHECK(scene.status(body) == 400);
  }
  const std::string root = to_base64(scene.tree.root(8));
  CHECK(scene.status_of_text(0, tree_origin + "\nfive\n" + root + "\n") == 400);
  CHECK(scene.status_of_text(0, tree_origin + "\n8\nAAAA\n") == 400);
  CHECK(scene.status_of_text(0, tree_origin + "\n8\n") == 400);
  CHECK(scene.status(format_add_checkpoint({TreeSize{9}, {}, note})) == 400);
  CHECK(scene.store.notes.empty());
}

TEST_CASE("witness: 409 says the size that it last cosigned, 0 where there was none") {
  const Scene scene;
  is_conflict(scene.ask(scene.tree.body(3, 8)), "0\n");
  CHECK(scene.status(scene.tree.body(0, 8)) == 200);
  is_conflict(scene.ask(scene.tree.body(0, 9)), "8\n");
  is_conflict(scene.ask(scene.tree.body(7, 9)), "8\n");
  is_conflict(scene.ask(scene.tree.body(9, 9)), "8\n");
  is_conflict(scene.ask(scene.tree.body(5, 7)), "8\n");
}

TEST_CASE("witness: 422 for an empty tree with another root, and it still cosigns the right one") {
  const Scene scene;
  CHECK(scene.status_of_text(0, tree_origin + "\n0\n" + to_base64(sha256("x")) + "\n") == 422);
  CHECK(scene.status(scene.tree.body(0, 0)) == 200);
  CHECK(scene.status(scene.tree.body(0, 5)) == 200);
}

TEST_CASE("witness: 422 for a proof where none is due, and for one that does not verify") {
  const Scene scene;
  const auto with_proof = [&](std::uint64_t old, std::vector<Hash> proof, std::uint64_t to) {
    return scene.status(
        format_add_checkpoint({TreeSize{old}, std::move(proof), scene.tree.checkpoint(to)}));
  };
  CHECK(with_proof(0, {sha256("x")}, 8) == 422);
  CHECK(with_proof(0, {}, 8) == 200);
  CHECK(with_proof(8, {}, 9) == 422);
  CHECK(with_proof(8, {sha256("x")}, 8) == 422);
  for (std::size_t i = 0; i < scene.tree.proof(8, 20).size(); ++i) {
    auto proof = scene.tree.proof(8, 20);
    flip(proof[i].octets[31]);
    CHECK(with_proof(8, proof, 20) == 422);
  }
  auto longer = scene.tree.proof(8, 20);
  longer.push_back(sha256("x"));
  CHECK(with_proof(8, longer, 20) == 422);
  CHECK(with_proof(8, scene.tree.proof(8, 20), 20) == 200);
}

TEST_CASE("witness: 422 for another history, which is kept, and nothing of it is remembered") {
  Scene scene;
  const SignedTree fork(20, "forged ");
  CHECK(scene.status(scene.tree.body(0, 8)) == 200);
  CHECK(scene.status(fork.body(8, 8)) == 422);
  CHECK(scene.status(fork.body(8, 12)) == 422);
  // Whatever it was sent for: two roots for one size are the proof that the log cheated.
  CHECK(scene.status(fork.body(3, 8)) == 409);
  CHECK(scene.store.refused ==
        std::vector<Bytes>{fork.checkpoint(8), fork.checkpoint(12), fork.checkpoint(8)});
  CHECK(scene.status(scene.tree.body(8, 12)) == 200);
}

TEST_CASE("witness: the answers of litewitness and Sunlight's to the same requests") {
  const Scene scene;
  const auto spoilt = [&](std::uint64_t from, std::uint64_t to, const std::vector<Hash>& proof) {
    return scene.status(format_add_checkpoint({TreeSize{from}, proof, scene.tree.checkpoint(to)}));
  };
  CHECK(scene.status(scene.tree.body(0, 1)) == 200);
  Bytes bad_signature = scene.tree.body(1, 3);
  char& octet = bad_signature[bad_signature.size() - 10];
  octet = octet == 'A' ? 'B' : 'A';
  CHECK(scene.status(bad_signature) == 403);
  CHECK(scene.status(SignedTree(3, "leaf ", signer_of("unknown")).body(1, 3)) == 404);
  CHECK(spoilt(1, 3, {}) == 422);
  CHECK(spoilt(1, 3, {scene.tree.proof(1, 3)[0], sha256("x")}) == 422);
  CHECK(scene.status(scene.tree.body(1, 3)) == 200);
  is_conflict(scene.ask(scene.tree.body(1, 5)), "3\n");
  CHECK(scene.status(scene.tree.body(3, 5)) == 200);
  is_conflict(scene.ask(scene.tree.body(0, 5)), "5\n");
  CHECK(scene.status("old 5\n\n" + scene.tree.text(5)) == 400);
  CHECK(scene.status_of_text(5, tree_origin + "\nfive\n" + to_base64(sha256("")) + "\n") == 400);
}

TEST_CASE("witness: the worked example, from size 8 and from size 7, to the octet") {
  const auto log_key = NoteVerifier::parse(
      "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx");
  REQUIRE(log_key);
  const auto log_signer = NoteSigner::parse(
      "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg");
  REQUIRE(log_signer);
  const auto seed = from_base64("AeadRiG7XM4XiieCHzD8lxysXMwcViy5nYsoXURWGrlE");
  REQUIRE(seed);
  const auto private_key = PrivateKey::from_ed25519_seed(BytesView(*seed).substr(1));
  REQUIRE(private_key);
  const auto key = NoteSigner::create_cosigner("Wit1", *private_key);
  REQUIRE(key);
  CHECK(key->verifier().to_string() ==
        "Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk");

  const Bytes note =
      "example.com/log/testdata\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n\n"
      "\xE2\x80\x94 example.com/log/testdata "
      "M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI="
      "\n";
  const std::vector<std::string> words = {"one",    "two",   "three",    "four",    "five",
                                          "six",    "seven", "eit",      "nain",    "ten",
                                          "ileven", "twelf", "threeten", "fourten", "fivten"};
  reference::LevelNodes nodes;
  for (const std::string& word : words) nodes.append(merkle_leaf(word));
  const auto body_from = [&](std::uint64_t size) {
    const auto proof = consistency_proof(nodes, TreeSize{size}, TreeSize{15});
    REQUIRE(proof);
    return format_add_checkpoint({TreeSize{size}, *proof, note});
  };
  const Bytes last_hash = "5jLpqTgjsBDSEX6SgZiRnbTMdTuRd8bQ5tSsAOxe0Ks=\n\n";
  CHECK(body_from(8) == "old 8\n" + last_hash + note);
  CHECK(body_from(7).starts_with("old 7\n2Q0P5jSR+TdkwdXWyx+GbBWX0KZbNZkWzCjyTPSozsw=\n"));
  CHECK(body_from(7).ends_with(last_hash + note));
  CHECK(parse_add_checkpoint(body_from(7))->proof.size() == 5);

  for (const std::uint64_t size : {7U, 8U}) {
    TestClock clock;
    clock.set(UnixMillis{1'767'225'600'000});
    MemoryWitnessStore store;
    const auto witness = open_witness(*key, {*log_key}, store, clock);
    const auto root = merkle_root(nodes, TreeSize{size});
    REQUIRE(root);
    const auto earlier = sign_checkpoint({log_key->name(), TreeSize{size}, *root, {}}, *log_signer);
    CHECK(witness->add_checkpoint(format_add_checkpoint({TreeSize{0}, {}, earlier.note})).status ==
          200);
    CHECK(witness->add_checkpoint(body_from(size)).body ==
          "\xE2\x80\x94 Wit1 "
          "mz+y1QAAAABpVbkApmYpTeTNbGtPX5WCNTYAM8mU9jtKA1IKlkal9NGh7E7XfhbLW9TcGVlaXugbrU07pTwVdIPl"
          "NqpWrGVUwYUhDQ==\n");
  }
}

TEST_CASE("witness: every single flipped bit of a request's checkpoint is refused") {
  Scene scene;
  REQUIRE(scene.status(scene.tree.body(0, 8)) == 200);
  const Bytes good = scene.tree.body(8, 9);
  for (std::size_t at = good.find(tree_origin); at < good.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      Bytes spoilt = good;
      spoilt[at] = static_cast<char>(static_cast<unsigned char>(spoilt[at]) ^ (1U << bit));
      CAPTURE(at, bit);
      CHECK(scene.status(spoilt) != 200);
    }
  }
  CHECK(scene.status(good) == 200);
}

TEST_CASE("witness: racing requests never roll the record back, and each size has one root") {
  const SignedTree tree(200);
  const SignedTree fork(200, "forged ");
  TestClock clock;
  MemoryWitnessStore store;
  const auto witness = open_witness(witness_key(), {tree.signer().verifier()}, store, clock);
  std::mutex mutex;
  std::vector<std::pair<std::uint64_t, bool>> cosigned;  // In some order.
  const auto climb = [&](const SignedTree& by, bool honest) {
    std::uint64_t known = 0;
    for (std::uint64_t to = 1; to <= 200;) {
      const WitnessAnswer answer = witness->add_checkpoint(by.body(std::min(known, to), to));
      if (answer.status == 200) {
        const std::lock_guard lock(mutex);
        cosigned.emplace_back(to, honest);
        known = to++;
      } else if (answer.status == 409) {
        known = from_decimal(BytesView(answer.body).substr(0, answer.body.size() - 1)).value();
        to = std::max(to, known);
      } else {
        return;  // 422: the other history came first.
      }
    }
  };
  std::thread first([&] { climb(tree, true); });
  std::thread second([&] { climb(tree, true); });
  std::thread third([&] { climb(fork, false); });
  first.join();
  second.join();
  third.join();
  const bool honest = cosigned.front().second;
  CHECK(std::all_of(cosigned.begin(), cosigned.end(),
                    [&](const auto& one) { return one.second == honest; }));
  const auto last = witness->latest(sha256(tree_origin));
  REQUIRE(last);
  CHECK(last->starts_with(tree_origin + "\n200\n"));
}

TEST_CASE("witness: what it cosigned survives it, in files") {
  const TemporaryFolder folder;
  const SignedTree tree(20);
  const SignedTree fork(20, "forged ");
  const TestClock clock;
  {
    const auto store = open_witness_folder(folder.path() / "state");
    REQUIRE(store);
    CHECK_FALSE(open_witness_folder(folder.path() / "state"));  // It is locked.
    const auto witness = open_witness(witness_key(), {tree.signer().verifier()}, **store, clock);
    CHECK_FALSE(witness->latest(sha256(tree_origin)));
    CHECK(witness->add_checkpoint(tree.body(0, 8)).status == 200);
    CHECK(witness->add_checkpoint(fork.body(8, 8)).status == 422);
    CHECK(witness->add_checkpoint(fork.body(8, 8)).status == 422);
  }
  const auto store = open_witness_folder(folder.path() / "state");
  REQUIRE(store);
  const auto witness = open_witness(witness_key(), {tree.signer().verifier()}, **store, clock);
  is_conflict(witness->add_checkpoint(tree.body(0, 9)), "8\n");
  const auto latest = witness->latest(sha256(tree_origin));
  REQUIRE(latest);
  CHECK(open_checkpoint(*latest, tree.signer().verifier(), tree_origin));
  CHECK(open_checkpoint(*latest, witness_key().verifier(), tree_origin));
  CHECK_FALSE(witness->latest(sha256("another")));

  const auto log_folder = folder.path() / "state" / to_hex(sha256(tree_origin));
  std::vector<std::filesystem::path> refused(
      std::filesystem::directory_iterator(log_folder / "refused"), {});
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].filename().string().starts_with("8-"));
  CHECK_FALSE(std::filesystem::exists(log_folder / "checkpoint.new"));
}

TEST_CASE("witness: no more than a hundred refused checkpoints of a log are kept") {
  const TemporaryFolder folder;
  const auto store = open_witness_folder(folder.path() / "state");
  REQUIRE(store);
  const SignedTree tree(refused_checkpoints_max + 20);
  for (std::uint64_t size = 1; size <= refused_checkpoints_max + 20; ++size) {
    CHECK((*store)->keep_refused(tree_origin, tree.checkpoint(size)));
  }
  const auto kept = folder.path() / "state" / to_hex(sha256(tree_origin)) / "refused";
  CHECK(std::distance(std::filesystem::directory_iterator(kept), {}) ==
        static_cast<std::ptrdiff_t>(refused_checkpoints_max));
}

TEST_CASE("witness: without its memory it does not cosign") {
  Scene scene;
  CHECK(scene.status(scene.tree.body(0, 8)) == 200);
  scene.store.fails = true;
  CHECK(scene.status(scene.tree.body(8, 9)) == 500);
  scene.store.fails = false;
  is_conflict(scene.ask(scene.tree.body(9, 9)), "8\n");
  CHECK(scene.status(scene.tree.body(8, 10)) == 200);

  Bytes& remembered = scene.store.notes[tree_origin];
  flip(remembered[remembered.size() - 10]);
  CHECK_FALSE(
      Witness::open(witness_key(), {scene.tree.signer().verifier()}, scene.store, scene.clock));
  scene.store.notes[tree_origin] = scene.tree.checkpoint(8);  // Signed, but not by the witness.
  const auto reopened =
      Witness::open(witness_key(), {scene.tree.signer().verifier()}, scene.store, scene.clock);
  REQUIRE_FALSE(reopened);
  CHECK(reopened.error().code == "stored-data-corrupt");
}

TEST_CASE("witness: it never gives a time of zero") {
  Scene scene;
  scene.clock.set(UnixMillis{999});
  CHECK(scene.status(scene.tree.body(0, 8)) == 503);
  CHECK(scene.store.notes.empty());
}

TEST_CASE("witness: a log's key may be replaced, and its own key is no log's") {
  const SignedTree tree(20);
  MemoryWitnessStore store;
  const TestClock clock;
  auto successor = NoteSigner::create(
      tree_origin, *PrivateKey::from_ed25519_seed(sha256("the log's next key").view()));
  REQUIRE(successor);
  const SignedTree later(20, "leaf ", *successor);
  const auto witness =
      open_witness(witness_key(), {tree.signer().verifier(), successor->verifier()}, store, clock);
  CHECK(witness->add_checkpoint(tree.body(0, 8)).status == 200);
  CHECK(witness->add_checkpoint(later.body(8, 12)).status == 200);

  CHECK_FALSE(Witness::open(signer_of("plain"), {tree.signer().verifier()}, store, clock));
  CHECK_FALSE(Witness::open(witness_key(), {witness_key().verifier()}, store, clock));
  const auto plain = NoteSigner::create(
      "same", *PrivateKey::from_ed25519_seed(sha256("test key of witness.example").view()));
  CHECK_FALSE(Witness::open(witness_key(), {plain->verifier()}, store, clock));
}

}  // namespace cpl::testing::witness_test
