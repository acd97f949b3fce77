// A whole small log that others published (transparency-dev/tessera, testdata/log), made again from
// its fifteen entries and its published signing key: checkpoints, cosignature, proofs.
#include <catch2/catch.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/note.hpp"
#include "tests/support/reference_tree.hpp"
#include "tests/support/shared_data.hpp"

namespace cpl::testing::tessera_log_test {
namespace {

const std::string origin = "example.com/log/testdata";
const std::vector<std::string> words = {"one",    "two",   "three",    "four",    "five",
                                        "six",    "seven", "eit",      "nain",    "ten",
                                        "ileven", "twelf", "threeten", "fourten", "fivten"};

NoteSigner log_signer() {
  auto signer = NoteSigner::parse(
      "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg");
  REQUIRE(signer);
  return *std::move(signer);
}

// Tessera's published witness key, used for cosignatures as witnesses do.
NoteSigner witness_signer() {
  const std::string text = "PRIVATE+KEY+Wit1+55ee4561+AeadRiG7XM4XiieCHzD8lxysXMwcViy5nYsoXURWGrlE";
  REQUIRE(NoteSigner::parse(text));
  const auto type_and_seed = from_base64(text.substr(text.rfind("+A") + 1));
  REQUIRE(type_and_seed);
  const auto key = PrivateKey::from_ed25519_seed(BytesView(*type_and_seed).substr(1));
  REQUIRE(key);
  auto signer = NoteSigner::create_cosigner("Wit1", *key);
  REQUIRE(signer);
  return *std::move(signer);
}

struct SmallLog {
  std::vector<Hash> leaves;
  reference::LevelNodes nodes;

  SmallLog() {
    for (const std::string& word : words) {
      leaves.push_back(merkle_leaf(word));
      nodes.append(leaves.back());
    }
  }
  Hash root(std::size_t size) const {
    const auto root = merkle_root(nodes, TreeSize{size});
    REQUIRE(root);
    return *root;
  }
  Note checkpoint(std::size_t size) const {
    Note note{origin + "\n" + std::to_string(size) + "\n" + to_base64(root(size)) + "\n", {}};
    sign_note(note, log_signer());
    return note;
  }
};

std::string lines_of(const std::vector<Hash>& hashes) {
  std::string lines;
  for (const Hash& hash : hashes) lines += to_base64(hash) + "\n";
  return lines;
}

}  // namespace

TEST_CASE("tessera: all sixteen checkpoints are made again to the byte, signatures included") {
  const SmallLog log;
  Bytes all;
  for (std::size_t size = 0; size <= words.size(); ++size) {
    all += format_note(log.checkpoint(size));
  }
  CHECK(to_hex(sha256(all)) == "c366c82fdd7c77311b8141fbd3769670884dba48445f343867c348455de269fd");
  for (std::size_t size = 0; size <= words.size(); ++size) {
    const auto published = shared_file("vectors/tessera-log/checkpoint." + std::to_string(size));
    if (!published) return;
    CHECK(format_note(log.checkpoint(size)) == *published);
  }
}

TEST_CASE("tessera: the published checkpoints open with the published key, and with no other") {
  const auto key = NoteVerifier::parse(
      "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx");
  REQUIRE(key);
  for (std::size_t size = 0; size <= words.size(); ++size) {
    const auto published = shared_file("vectors/tessera-log/checkpoint." + std::to_string(size));
    if (!published) return;
    const auto note = parse_note(*published);
    REQUIRE(note);
    CHECK(verify_note(*note, std::vector{*key}));
    CHECK_FALSE(verify_note(*note, std::vector{witness_signer().verifier()}));
  }
}

TEST_CASE("tessera: hash tile and entry bundle of the fifteen entries") {
  const SmallLog log;
  Bytes tile;
  for (const Hash& leaf : log.leaves) tile += leaf.view();
  CHECK(tile.size() == 480);
  CHECK(to_hex(sha256(tile)) == "93593af14d2cce39867d2e73fe4ca400a38581605c5c4501a03e752d9b51a130");
  Bytes bundle;
  for (const std::string& word : words) {
    append_u16(bundle, static_cast<std::uint16_t>(word.size()));
    bundle += word;
  }
  CHECK(bundle.size() == 99);
  CHECK(to_hex(sha256(bundle)) ==
        "9ac6a9fc9012f2b4d67ac26041933c119e1505defc5c808ed614c5778c9f1716");
  for (std::size_t width = 1; width <= words.size(); ++width) {
    const auto published = shared_file("vectors/tessera-log/tile/0/000.p/" + std::to_string(width));
    if (!published) return;
    CHECK(tile.substr(0, width * 32) == *published);
  }
}

TEST_CASE("tessera: the worked example's cosignature is made again and verifies") {
  Note note = SmallLog().checkpoint(15);
  const NoteSigner witness = witness_signer();
  CHECK(witness.verifier().to_string() ==
        "Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk");
  const Bytes message = "cosignature/v1\ntime 1767225600\n" + note.text;
  CHECK(message.size() == 104);
  CHECK(to_hex(sha256(message)) ==
        "4baf6de4350510b8b4a4a0c719c6e56ac60db36eafb734803eea73bc752d65cf");
  cosign_note(note, witness, 1'767'225'600);
  CHECK(format_note(note).ends_with(
      "\xE2\x80\x94 Wit1 "
      "mz+y1QAAAABpVbkApmYpTeTNbGtPX5WCNTYAM8mU9jtKA1IKlkal9NGh7E7XfhbLW9TcGVlaXugb"
      "rU07pTwVdIPlNqpWrGVUwYUhDQ==\n"));
  const auto verified = verify_note(note, std::vector{witness.verifier(), log_signer().verifier()});
  REQUIRE(verified);
  CHECK(*verified == std::vector<std::size_t>{1, 0});
}

TEST_CASE("tessera: the worked example's proof file is made again to the byte") {
  const SmallLog log;
  CHECK(to_hex(log.leaves[4]) ==
        "ccc29ae0e02a77b0f4578c1ac17493d79cf4262104929ac804f91fc4e7ac5af0");
  const auto proof = inclusion_proof(log.nodes, EntryIndex{4}, TreeSize{15});
  REQUIRE(proof);
  Note note = log.checkpoint(15);
  cosign_note(note, witness_signer(), 1'767'225'600);
  const Bytes file =
      "c2sp.org/tlog-proof@v1\nindex 4\n" + lines_of(*proof) + "\n" + format_note(note);
  CHECK(file.size() == 522);
  CHECK(to_hex(sha256(file)) == "4e7f352c19af5820f8bbccaab55e68e9db85f386fc84ff280a54dd6982914fb2");
}

TEST_CASE("tessera: consistency proofs to size 15 are those of the worked add-checkpoint bodies") {
  const SmallLog log;
  const std::string last = "5jLpqTgjsBDSEX6SgZiRnbTMdTuRd8bQ5tSsAOxe0Ks=";
  const auto from_8 = consistency_proof(log.nodes, TreeSize{8}, TreeSize{15});
  REQUIRE(from_8);
  CHECK(lines_of(*from_8) == last + "\n");
  CHECK(verify_consistency(TreeSize{8}, log.root(8), TreeSize{15}, log.root(15), *from_8));
  const auto from_7 = consistency_proof(log.nodes, TreeSize{7}, TreeSize{15});
  REQUIRE(from_7);
  REQUIRE(from_7->size() == 5);
  CHECK(to_base64(from_7->front()) == "2Q0P5jSR+TdkwdXWyx+GbBWX0KZbNZkWzCjyTPSozsw=");
  CHECK(to_base64(from_7->back()) == last);
  CHECK(verify_consistency(TreeSize{7}, log.root(7), TreeSize{15}, log.root(15), *from_7));
}

}  // namespace cpl::testing::tessera_log_test
