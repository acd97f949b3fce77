// What our witness writes down, and what strangers cannot make it write.
#include "tests/registry/log/witness_fixture.hpp"

namespace cpl::testing::record_test {
namespace {

const NoteSigner& witness_key() {
  static const NoteSigner key = cosigner_of("witness.example");
  return key;
}

class CountingStore final : public WitnessStore {
 public:
  Result<std::optional<Bytes>> last(const std::string& origin) const override {
    return memory.last(origin);
  }
  Result<void> put(const std::string& origin, BytesView note) override {
    ++writes;
    return memory.put(origin, note);
  }
  Result<void> keep_refused(const std::string& origin, BytesView note) override {
    return memory.keep_refused(origin, note);
  }

  MemoryWitnessStore memory;
  int writes = 0;
};

struct Scene {
  TestClock clock;
  CountingStore store;
  SignedTree tree{20};
  std::unique_ptr<Witness> witness = open();

  std::unique_ptr<Witness> open() {
    return open_witness(witness_key(), {tree.signer().verifier()}, store, clock);
  }
  unsigned status(const Bytes& body) const { return witness->add_checkpoint(body).status; }
};

// The request with as many lines as a note may have: the log's, and those of strangers.
Bytes with_strangers(const Bytes& body) {
  auto request = parse_add_checkpoint(body);
  REQUIRE(request);
  auto note = parse_note(request->note);
  REQUIRE(note);
  for (std::size_t i = note->signatures.size(); i < note_signatures_max; ++i) {
    sign_note(*note, signer_of("stranger-" + std::to_string(i) + ".example"));
  }
  request->note = format_note(*note);
  return format_add_checkpoint(*request);
}

}  // namespace

TEST_CASE("witness record: strangers' lines are not kept, and never keep it from opening again") {
  Scene scene;
  CHECK(scene.status(with_strangers(scene.tree.body(0, 8))) == 200);
  const auto kept = parse_note(scene.store.memory.notes.at(tree_origin));
  REQUIRE(kept);
  REQUIRE(kept->signatures.size() == 2);
  CHECK(kept->signatures[0].name == tree_origin);
  CHECK(kept->signatures[1].name == "witness.example");
  scene.witness = scene.open();
  CHECK(scene.status(scene.tree.body(8, 9)) == 200);

  const SignedTree fork(20, "forged ");
  CHECK(scene.status(with_strangers(fork.body(9, 9))) == 422);
  REQUIRE(scene.store.memory.refused.size() == 1);
  const auto refused = parse_note(scene.store.memory.refused[0]);
  REQUIRE(refused);
  CHECK(refused->signatures.size() == 1);
}

TEST_CASE("witness record: asked the same again it cosigns anew, and writes nothing") {
  Scene scene;
  CHECK(scene.status(scene.tree.body(0, 8)) == 200);
  CHECK(scene.store.writes == 1);
  const Bytes first = *scene.witness->latest(sha256(tree_origin));
  for (int again = 0; again < 100; ++again) {
    scene.clock.advance(1000);
    CHECK(scene.status(scene.tree.body(8, 8)) == 200);
  }
  CHECK(scene.store.writes == 1);
  CHECK(*scene.witness->latest(sha256(tree_origin)) != first);  // It shows its newest word.

  scene.witness = scene.open();
  CHECK(scene.status(scene.tree.body(8, 8)) == 200);
  CHECK(scene.store.writes == 1);
  CHECK(scene.status(scene.tree.body(8, 9)) == 200);
  CHECK(scene.store.writes == 2);
}

}  // namespace cpl::testing::record_test
