// What a witness refuses to be opened with, and the words and bounds of its other refusals.
#include "registry/witness/witness_protocol.hpp"
#include "registry/witness/witness_store.hpp"
#include "tests/registry/log/witness_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::witness_refusal_test {
namespace {

// It remembers, but has no room for what it refuses.
class FullStore final : public WitnessStore {
 public:
  Result<std::optional<Bytes>> last(const std::string& origin) const override {
    return memory_.last(origin);
  }
  Result<void> put(const std::string& origin, BytesView note) override {
    return memory_.put(origin, note);
  }
  Result<void> keep_refused(const std::string&, BytesView) override {
    return Error{Errc::unavailable, "file-error", "a fault of the test", 0};
  }

 private:
  MemoryWitnessStore memory_;
};

struct Scene {
  TestClock clock;
  SignedTree tree{20};
  SignedTree fork{20, "forged "};

  std::string opening(const NoteSigner& key, const NoteVerifier& log_key) const {
    MemoryWitnessStore store;
    const auto opened = Witness::open(key, {log_key}, store, clock);
    return opened ? "opened" : opened.error().detail;
  }
  // The answer to another history of a size that the witness has cosigned.
  WitnessAnswer answer_to_fork(WitnessStore& store) const {
    const auto witness =
        open_witness(cosigner_of("witness.example"), {tree.signer().verifier()}, store, clock);
    REQUIRE(witness->add_checkpoint(tree.body(0, 8)).status == 200);
    return witness->add_checkpoint(format_add_checkpoint({TreeSize{8}, {}, fork.checkpoint(8)}));
  }
};

}  // namespace

TEST_CASE("witness refusal: its own key cosigns, and a log's key does not") {
  const Scene scene;
  const NoteVerifier log_key = scene.tree.signer().verifier();
  CHECK(scene.opening(cosigner_of("witness.example"), log_key) == "opened");
  CHECK_THAT(scene.opening(signer_of("plain.example"), log_key),
             Catch::Contains("the key is no witness's"));
  CHECK_THAT(scene.opening(cosigner_of("witness.example"), cosigner_of("other.example").verifier()),
             Catch::Contains("other.example: a witness's key cannot be a log's"));
}

TEST_CASE("witness refusal: another root of a size says so, and whether it could be kept") {
  const Scene scene;
  MemoryWitnessStore store;
  const WitnessAnswer kept = scene.answer_to_fork(store);
  CHECK(kept.status == 422);
  CHECK(kept.body == "another root was cosigned at this size\n");
  CHECK(store.refused.size() == 1);
  FullStore full;
  const WitnessAnswer lost = scene.answer_to_fork(full);
  CHECK(lost.status == 422);
  CHECK(lost.body == "another root was cosigned at this size (and it could not be kept)\n");
}

TEST_CASE("witness refusal: a text that no signature line follows is no signed note") {
  const Scene scene;
  MemoryWitnessStore store;
  const auto witness = open_witness(cosigner_of("witness.example"),
                                    {scene.tree.signer().verifier()}, store, scene.clock);
  for (const Bytes& note : {scene.tree.text(8), scene.tree.text(8) + "\n"}) {
    const WitnessAnswer answer =
        witness->add_checkpoint(format_add_checkpoint({TreeSize{0}, {}, note}));
    CHECK(answer.status == 400);
    CHECK(answer.body == "the checkpoint is not a signed note\n");
  }
}

TEST_CASE("witness refusal: a request has at most 128 KiB and begins with a size") {
  Bytes body = "old 0\n\n";
  body.resize(add_checkpoint_octets_max, 'x');
  CHECK(parse_add_checkpoint(body));
  CHECK_THAT(parse_add_checkpoint(body + "x").error().detail, Catch::Contains("too large"));
  for (const char* first : {"old ", "old x", "old -1", "old 00", "old 99999999999999999999"}) {
    const auto request = parse_add_checkpoint(Bytes(first) + "\n\nnote");
    REQUIRE(request.has_error());
    CHECK_THAT(request.error().detail, Catch::Contains("does not end in a size"));
  }
}

TEST_CASE("witness refusal: a folder whose lock cannot be opened is told from one in use") {
  const TemporaryFolder folder;
  const auto opening = [&] {
    const auto opened = open_witness_folder(folder.path());
    return opened ? "opened" : opened.error().detail;
  };
  {
    const auto held = open_witness_folder(folder.path());
    REQUIRE(held);
    CHECK_THAT(opening(), Catch::Contains("is held by another process"));
  }
  CHECK(opening() == "opened");
  std::filesystem::remove(folder.path() / "lock");
  std::filesystem::create_directory(folder.path() / "lock");
  CHECK_THAT(opening(), Catch::Contains("cannot be opened"));
}

}  // namespace cpl::testing::witness_refusal_test
