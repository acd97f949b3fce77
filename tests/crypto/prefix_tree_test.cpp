#include "crypto/prefix_tree.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "tests/support/aborts.hpp"
#include "tests/support/reference_tree.hpp"

namespace cpl::testing::prefix_tree_test {
namespace {

Hash test_key(std::size_t i) { return sha256("model-" + std::to_string(i)); }
Hash test_value(std::size_t i) { return sha256("value-" + std::to_string(i)); }

// The tree with its branches in a list, as a store would keep them.
struct MemoryTree {
  std::vector<std::shared_ptr<const PrefixBranch>> branches;
  Hash root;

  PrefixSubtree tree() const { return {root, branches.empty() ? 0 : branches.size() - 1}; }
  ReadPrefixBranch reader() const {
    return [this](PrefixVersion version) -> Result<std::shared_ptr<const PrefixBranch>> {
      if (version >= branches.size()) return corrupt("no branch of this version");
      return branches[version];
    };
  }
  void set(const Hash& key, const Hash& value) {
    auto branch = set_in_prefix_tree(tree(), key, value, reader());
    REQUIRE(branch);
    root = branch->hash(0);
    branches.push_back(std::make_shared<const PrefixBranch>(*std::move(branch)));
  }
  PrefixProof prove(const Hash& key) const {
    const auto proof = prove_in_prefix_tree(tree(), key, reader());
    REQUIRE(proof);
    return *proof;
  }
};

MemoryTree counting_tree(std::size_t size) {
  MemoryTree tree;
  for (std::size_t i = 0; i < size; ++i) tree.set(test_key(i), test_value(i));
  return tree;
}

Hash with_bit_flipped(Hash hash, std::size_t bit) {
  hash.octets[bit / 8] = static_cast<std::uint8_t>(hash.octets[bit / 8] ^ (0x80U >> (bit % 8)));
  return hash;
}

std::string start_of(const Hash& hash) { return to_hex(hash).substr(0, 8); }

// No proof made from this one by forgetting what lies below a depth shows the key absent.
void refuse_cut_proofs(const Hash& root, const Hash& key, const PrefixProof& proof) {
  for (std::size_t depth = 0; depth <= proof.siblings.size(); ++depth) {
    PrefixProof forged = proof;
    forged.siblings.resize(depth);
    forged.end = PrefixProof::Empty{};
    CHECK_FALSE(verify_absent(root, key, forged));
    forged.end = PrefixProof::Other{with_bit_flipped(key, 255), test_value(0)};
    CHECK_FALSE(verify_absent(root, key, forged));
    forged.end = PrefixProof::Other{key, test_value(0)};
    CHECK_FALSE(verify_absent(root, key, forged));
  }
}

}  // namespace

TEST_CASE("prefix tree: the roots of counting keys are the published ones") {
  const std::map<std::size_t, std::string> roots = {
      {0, "0000000000000000000000000000000000000000000000000000000000000000"},
      {1, "14ac10dac25e970ecc18010cb65d1879661ccaa7ab5fc64718e03cfb5b410bf8"},
      {2, "63768910bd98a776f18ab9ab144942cc2e6e27210793c8c06d599391481998a0"},
      {3, "f06ae0efb371d85ca12d4f5922f5b7b30fa1624575a06faabb2427a17b636bb8"},
      {8, "51177ecddd5e3cb38478754110d14c9363968c603deb80714c7734106515e343"},
      {100, "a5e2ee3934d669621e70c65e1ce80a31d89df41076a895beed354c5d5dd418b5"},
      {1000, "346ae69c480422baa7dbafa535552eac3b5b17ed4136df8cd33a97692f02c798"}};
  MemoryTree tree;
  reference::KeyValues set;
  for (std::size_t size = 0; size <= 1000; ++size) {
    if (const auto known = roots.find(size); known != roots.end()) {
      CHECK(to_hex(tree.root) == known->second);
      CHECK(to_hex(reference::prefix_root(set)) == known->second);
    }
    tree.set(test_key(size), test_value(size));
    set.emplace_back(test_key(size), test_value(size));
  }
}

TEST_CASE("prefix tree: among eight keys, the known proof of presence") {
  const MemoryTree tree = counting_tree(8);
  const PrefixProof proof = tree.prove(test_key(3));
  REQUIRE(proof.siblings.size() == 6);
  CHECK(start_of(proof.siblings[0]) == "a6e84d11");
  CHECK(start_of(proof.siblings[1]) == "08fff427");
  CHECK(proof.siblings[2] == Hash{});
  CHECK(proof.siblings[3] == Hash{});
  CHECK(proof.siblings[4] == Hash{});
  CHECK(start_of(proof.siblings[5]) == "5d822509");
  CHECK(std::holds_alternative<PrefixProof::Present>(proof.end));
  CHECK(verify_present(tree.root, test_key(3), test_value(3), proof));
}

TEST_CASE("prefix tree: among eight keys, the known proof of absence") {
  const MemoryTree tree = counting_tree(8);
  const PrefixProof proof = tree.prove(test_key(99));
  REQUIRE(proof.siblings.size() == 2);
  CHECK(start_of(proof.siblings[0]) == "bb23f5ba");
  CHECK(start_of(proof.siblings[1]) == "e43cec0c");
  const auto* other = std::get_if<PrefixProof::Other>(&proof.end);
  REQUIRE(other != nullptr);
  CHECK(start_of(other->key) == "b3537d3e");
  CHECK(verify_absent(tree.root, test_key(99), proof));
}

TEST_CASE("prefix tree: the order in which keys come does not change the root") {
  std::mt19937 random(20'240'601);
  for (const std::size_t size : {2U, 3U, 17U, 64U, 200U}) {
    std::vector<std::size_t> order(size);
    for (std::size_t i = 0; i < size; ++i) order[i] = i;
    const Hash expected = counting_tree(size).root;
    for (int round = 0; round < 10; ++round) {
      std::shuffle(order.begin(), order.end(), random);
      MemoryTree tree;
      for (const std::size_t i : order) tree.set(test_key(i), sha256("an older value"));
      for (const std::size_t i : order) tree.set(test_key(i), test_value(i));
      CHECK(tree.root == expected);
    }
  }
}

TEST_CASE("prefix tree: every key of a set is proven present, every other one absent") {
  std::mt19937 random(7);
  for (const std::size_t size : {0U, 1U, 2U, 5U, 50U, 300U}) {
    MemoryTree tree;
    reference::KeyValues set;
    std::set<std::size_t> chosen;
    while (chosen.size() < size) chosen.insert(random() % 600);
    for (const std::size_t i : chosen) {
      tree.set(test_key(i), test_value(i));
      set.emplace_back(test_key(i), test_value(i));
    }
    REQUIRE(tree.root == reference::prefix_root(set));
    for (std::size_t i = 0; i < 600; ++i) {
      const PrefixProof proof = tree.prove(test_key(i));
      const bool present = chosen.contains(i);
      if (verify_present(tree.root, test_key(i), test_value(i), proof) != present ||
          verify_absent(tree.root, test_key(i), proof) == present) {
        FAIL("key " << i << " among " << size);
      }
    }
  }
}

TEST_CASE("prefix tree: both kinds of absence occur and verify") {
  MemoryTree tree;
  const Hash low{};
  Hash high;
  high.octets.fill(0xFF);
  CHECK(verify_absent(tree.root, low, tree.prove(low)));  // The empty tree.
  tree.set(with_bit_flipped(low, 7), test_value(1));
  tree.set(with_bit_flipped(low, 6), test_value(2));
  const PrefixProof empty = tree.prove(high);  // The right half is empty.
  CHECK(std::holds_alternative<PrefixProof::Empty>(empty.end));
  CHECK(empty.siblings.size() == 1);
  CHECK(verify_absent(tree.root, high, empty));
  const PrefixProof other = tree.prove(low);
  CHECK(std::holds_alternative<PrefixProof::Other>(other.end));
  CHECK(verify_absent(tree.root, low, other));
}

TEST_CASE("prefix tree: keys that differ in their last bit alone stand at depth 256") {
  MemoryTree tree;
  const Hash key = test_key(1);
  const Hash twin = with_bit_flipped(key, 255);
  tree.set(key, test_value(1));
  tree.set(twin, test_value(2));
  CHECK(tree.root == reference::prefix_root({{key, test_value(1)}, {twin, test_value(2)}}));
  const PrefixProof proof = tree.prove(key);
  CHECK(proof.siblings.size() == prefix_depth_max);
  CHECK(verify_present(tree.root, key, test_value(1), proof));
  CHECK(verify_present(tree.root, twin, test_value(2), tree.prove(twin)));
  tree.set(twin, test_value(3));
  CHECK(verify_present(tree.root, twin, test_value(3), tree.prove(twin)));
  PrefixProof longer = proof;
  longer.siblings.push_back(Hash{});
  CHECK_FALSE(verify_present(tree.root, key, test_value(1), longer));
  longer.end = PrefixProof::Empty{};
  CHECK_FALSE(verify_absent(tree.root, key, longer));
  const Hash absent = with_bit_flipped(key, 254);
  CHECK(tree.prove(absent).siblings.size() == prefix_depth_max - 1);
  CHECK(verify_absent(tree.root, absent, tree.prove(absent)));
}

TEST_CASE("prefix tree: a present key cannot be shown absent nor with another value") {
  const MemoryTree tree = counting_tree(60);
  for (std::size_t i = 0; i < 60; ++i) {
    const PrefixProof proof = tree.prove(test_key(i));
    CHECK_FALSE(verify_absent(tree.root, test_key(i), proof));
    CHECK_FALSE(verify_present(tree.root, test_key(i), test_value(i + 1), proof));
    CHECK_FALSE(verify_present(tree.root, test_key(i + 1), test_value(i), proof));
    refuse_cut_proofs(tree.root, test_key(i), proof);
    // An honest proof about a neighbour says nothing about this key.
    for (std::size_t j = 60; j < 80; ++j) {
      CHECK_FALSE(verify_absent(tree.root, test_key(i), tree.prove(test_key(j))));
    }
  }
}

TEST_CASE("prefix tree: an absent key cannot be shown present") {
  const MemoryTree tree = counting_tree(60);
  for (std::size_t i = 60; i < 120; ++i) {
    PrefixProof proof = tree.prove(test_key(i));
    REQUIRE(verify_absent(tree.root, test_key(i), proof));
    if (const auto* other = std::get_if<PrefixProof::Other>(&proof.end)) {
      const Hash value = other->value;
      proof.end = PrefixProof::Present{};
      CHECK_FALSE(verify_present(tree.root, test_key(i), value, proof));
    }
    proof.end = PrefixProof::Present{};
    CHECK_FALSE(verify_present(tree.root, test_key(i), Hash{}, proof));
    CHECK_FALSE(verify_absent(tree.root, test_key(i), proof));
  }
}

TEST_CASE("prefix tree: an absence proof by another key must share the way to it") {
  const MemoryTree tree = counting_tree(8);
  const PrefixProof honest = tree.prove(test_key(99));
  REQUIRE(honest.siblings.size() == 2);
  // The same end, claimed for keys that would have turned off earlier.
  CHECK_FALSE(verify_absent(tree.root, with_bit_flipped(test_key(99), 0), honest));
  CHECK_FALSE(verify_absent(tree.root, with_bit_flipped(test_key(99), 1), honest));
  CHECK(verify_absent(tree.root, with_bit_flipped(test_key(99), 2), honest));
}

TEST_CASE("prefix tree: every flipped bit of a proof, key, value or root is noticed") {
  const MemoryTree tree = counting_tree(20);
  const PrefixProof present = tree.prove(test_key(3));
  const PrefixProof absent = tree.prove(test_key(21));
  REQUIRE(verify_absent(tree.root, test_key(21), absent));
  for (std::size_t bit = 0; bit < 256; ++bit) {
    const Hash root = with_bit_flipped(tree.root, bit);
    CHECK_FALSE(verify_present(root, test_key(3), test_value(3), present));
    CHECK_FALSE(verify_absent(root, test_key(21), absent));
    CHECK_FALSE(
        verify_present(tree.root, test_key(3), with_bit_flipped(test_value(3), bit), present));
    CHECK_FALSE(
        verify_present(tree.root, with_bit_flipped(test_key(3), bit), test_value(3), present));
    for (std::size_t i = 0; i < present.siblings.size(); ++i) {
      PrefixProof forged = present;
      forged.siblings[i] = with_bit_flipped(forged.siblings[i], bit);
      CHECK_FALSE(verify_present(tree.root, test_key(3), test_value(3), forged));
    }
    for (std::size_t i = 0; i < absent.siblings.size(); ++i) {
      PrefixProof forged = absent;
      forged.siblings[i] = with_bit_flipped(forged.siblings[i], bit);
      CHECK_FALSE(verify_absent(tree.root, test_key(21), forged));
    }
  }
}

TEST_CASE("prefix tree: every older root can be proven from the branches up to it") {
  MemoryTree newest;
  std::vector<PrefixSubtree> versions = {newest.tree()};
  for (std::size_t i = 0; i < 30; ++i) {
    newest.set(test_key(i % 20), test_value(i));
    versions.push_back(newest.tree());
  }
  for (std::size_t size = 0; size < versions.size(); ++size) {
    const PrefixSubtree& tree = versions[size];
    const auto proof = prove_in_prefix_tree(tree, test_key(5), newest.reader());
    REQUIRE(proof);
    CHECK(verify_absent(tree.hash, test_key(5), *proof) == (size <= 5));
    CHECK(verify_present(tree.hash, test_key(5), test_value(5), *proof) ==
          (size > 5 && size <= 25));
    CHECK(verify_present(tree.hash, test_key(5), test_value(25), *proof) == (size > 25));
  }
}

TEST_CASE("prefix tree: a change leaves the way to its key and refers to the rest") {
  const MemoryTree tree = counting_tree(100);
  const auto change =
      set_in_prefix_tree(tree.tree(), test_key(7), sha256("another value"), tree.reader());
  REQUIRE(change);
  const PrefixProof proof = tree.prove(test_key(7));
  REQUIRE(change->depth() == proof.siblings.size());
  for (std::size_t depth = 0; depth < change->depth(); ++depth) {
    const PrefixSubtree& sibling = change->siblings()[depth];
    CHECK(sibling.hash == proof.siblings[depth]);
    if (sibling.hash == Hash{}) continue;
    CHECK(tree.branches.at(sibling.version)->hash(depth + 1) == sibling.hash);
  }
  const auto same = set_in_prefix_tree(tree.tree(), test_key(7), test_value(7), tree.reader());
  REQUIRE(same);
  CHECK(same->hash(0) == tree.root);
}

TEST_CASE("prefix tree: stored branches that are lost or altered are corrupt, never believed") {
  MemoryTree tree = counting_tree(20);
  const PrefixBranch& newest = *tree.branches.back();
  auto siblings = newest.siblings();
  siblings.front().hash = with_bit_flipped(siblings.front().hash, 9);
  tree.branches.back() =
      std::make_shared<const PrefixBranch>(newest.key(), newest.value(), std::move(siblings));
  const auto proof = prove_in_prefix_tree(tree.tree(), test_key(1), tree.reader());
  REQUIRE_FALSE(proof);
  CHECK(proof.error().errc == Errc::corrupt);
  const auto change = set_in_prefix_tree(tree.tree(), test_key(1), test_value(2), tree.reader());
  REQUIRE_FALSE(change);
  CHECK(change.error().errc == Errc::corrupt);
  const PrefixSubtree lost{tree.root, 20};
  CHECK_FALSE(prove_in_prefix_tree(lost, test_key(1), tree.reader()));
  CHECK_FALSE(set_in_prefix_tree(lost, test_key(1), test_value(2), tree.reader()));
}

TEST_CASE("prefix tree: absence may be shown as deep as a key has bits, and no deeper") {
  const Hash key = test_key(1);
  PrefixProof proof{std::vector<Hash>(prefix_depth_max, test_value(2)), PrefixProof::Empty{}};
  Hash root{};
  for (unsigned depth = prefix_depth_max; depth-- > 0;) {
    const bool right = bit_of(key, depth);
    const Hash& beside = proof.siblings[depth];
    root = PrefixNode{PrefixNode::Kind::inner, right ? beside : root, right ? root : beside}.hash();
  }
  CHECK(verify_absent(root, key, proof));
  proof.siblings.push_back(test_value(2));
  CHECK_FALSE(verify_absent(root, key, proof));
}

TEST_CASE("prefix tree: a leaf that stands where its own key does not lead shows nothing absent") {
  const Hash key = test_key(1);
  const Hash elsewhere = with_bit_flipped(with_bit_flipped(key, 0), 200);
  const Hash on_the_way = with_bit_flipped(key, 200);
  for (const Hash& other : {elsewhere, on_the_way}) {
    // A tree that somebody built by hand: the other key's leaf is where the key's would be.
    const Hash leaf = PrefixNode{PrefixNode::Kind::leaf, other, test_value(2)}.hash();
    const Hash beside = test_value(3);
    const bool right = bit_of(key, 0);
    const Hash root =
        PrefixNode{PrefixNode::Kind::inner, right ? beside : leaf, right ? leaf : beside}.hash();
    const PrefixProof proof{{beside}, PrefixProof::Other{other, test_value(2)}};
    CHECK(verify_absent(root, key, proof) == (other == on_the_way));
  }
}

TEST_CASE("prefix tree: a proof that ends in nothing, or in another leaf, shows no key present") {
  const MemoryTree tree = counting_tree(8);
  PrefixProof proof = tree.prove(test_key(3));
  REQUIRE(verify_present(tree.root, test_key(3), test_value(3), proof));
  proof.end = PrefixProof::Empty{};
  CHECK_FALSE(verify_present(tree.root, test_key(3), test_value(3), proof));
  proof.end = PrefixProof::Other{test_key(3), test_value(3)};
  CHECK_FALSE(verify_present(tree.root, test_key(3), test_value(3), proof));
}

TEST_CASE("prefix tree: a key has 256 bits, and nobody asks for another") {
  CHECK_FALSE(aborts([] { std::ignore = bit_of(test_key(1), prefix_depth_max - 1); }));
  CHECK(aborts([] { std::ignore = bit_of(test_key(1), prefix_depth_max); }));
}

}  // namespace cpl::testing::prefix_tree_test
