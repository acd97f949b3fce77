// That an entry is in the log, from a tlog-proof alone.
#include "registry/tlog/inclusion.hpp"

#include <catch2/catch.hpp>

#include "registry/query/evidence_builder.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::inclusion_test {

namespace {

struct Scene {
  Scene() { log.append(story_notes()); }

  TlogProof proof(std::uint64_t entry) {
    return parse_tlog_proof(build_tlog_proof(*log.view(), EntryIndex{entry}).value()).value();
  }
  Bytes leaf(std::uint64_t entry) { return log.view()->leaf(EntryIndex{entry}).value(); }
  std::string refusal(const TlogProof& shown, BytesView entry) {
    const auto found = check_inclusion(shown, entry, policy);
    return found ? "in the log" : found.error().code;
  }

  MemoryStore store;
  TestLog log{store};
  const TrustPolicy policy = TrustPolicy::of_log(log_keys().log.verifier());
};

}  // namespace

TEST_CASE("inclusion: each entry is in the log, under its own proof and no other") {
  Scene scene;
  for (std::uint64_t entry = 0; entry < 10; ++entry) {
    const auto found = check_inclusion(scene.proof(entry), scene.leaf(entry), scene.policy);
    REQUIRE(found);
    CHECK(found->entry->index == EntryIndex{entry});
    CHECK(found->trusted.checkpoint.size == TreeSize{10});
    CHECK(scene.refusal(scene.proof((entry + 1) % 10), scene.leaf(entry)) ==
          "inclusion-proof-invalid");
  }
}

TEST_CASE("inclusion: what is altered in entry, place, hashes or checkpoint is refused") {
  Scene scene;
  const Bytes leaf = scene.leaf(5);
  Bytes altered = leaf;
  altered.back() = static_cast<char>(altered.back() ^ 1);
  CHECK(scene.refusal(scene.proof(5), altered) != "in the log");
  TlogProof moved = scene.proof(5);
  moved.index = EntryIndex{4};
  CHECK(scene.refusal(moved, leaf) == "inclusion-proof-invalid");
  TlogProof other_hash = scene.proof(5);
  other_hash.hashes.back().octets[0] ^= 1;
  CHECK(scene.refusal(other_hash, leaf) == "inclusion-proof-invalid");
  TlogProof fewer = scene.proof(5);
  fewer.hashes.pop_back();
  CHECK(scene.refusal(fewer, leaf) == "inclusion-proof-invalid");
  TlogProof unsigned_one = scene.proof(5);
  unsigned_one.checkpoint_note[unsigned_one.checkpoint_note.find("\n10\n") + 1] = '2';
  CHECK(scene.refusal(unsigned_one, leaf) != "in the log");
  CHECK(scene.refusal(scene.proof(5), "no entry") != "in the log");
  CHECK(scene.refusal(scene.proof(5), leaf) == "in the log");

  const TrustPolicy of_another = TrustPolicy::of_log(log_keys().desk.verifier());
  CHECK_FALSE(check_inclusion(scene.proof(5), leaf, of_another));
}

TEST_CASE("inclusion: a record of another program's log is judged by its proof alone") {
  const std::vector<Bytes> records = {"one", "two", "three"};
  MerkleFrontier tree;
  for (const Bytes& record : records) tree.append(merkle_leaf(record));
  const NoteSigner signer = signer_of("other.example/log");
  const Checkpoint checkpoint{"other.example/log", TreeSize{3}, tree.root(), {}};
  const TlogProof proof{EntryIndex{2},
                        {merkle_node(merkle_leaf(records[0]), merkle_leaf(records[1]))},
                        sign_checkpoint(checkpoint, signer).note};
  const TrustPolicy policy = TrustPolicy::of_log(signer.verifier());
  const auto found = check_inclusion(proof, "three", policy);
  REQUIRE(found);
  CHECK_FALSE(found->entry);
  CHECK(check_inclusion(proof, "two", policy).error().code == "inclusion-proof-invalid");
  CHECK_FALSE(check_inclusion(proof, "cpl/entry/v1\nthree", policy));
}

}  // namespace cpl::testing::inclusion_test
