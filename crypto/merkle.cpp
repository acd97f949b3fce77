#include "crypto/merkle.hpp"

#include <bit>

#include "crypto/hash.hpp"

namespace cpl {
namespace {

// The largest power of two smaller than `count`; `count` is at least 2.
std::uint64_t split_point(std::uint64_t count) { return std::bit_floor(count - 1); }

// Root over the leaves [low, high). `low` is a multiple of the largest power of two that is not
// larger than the count, as in every recursion of RFC 6962.
Result<Hash> subtree_root(const MerkleNodes& nodes, std::uint64_t low, std::uint64_t high) {
  const std::uint64_t count = high - low;
  if (std::has_single_bit(count)) {
    return nodes.node(static_cast<unsigned>(std::countr_zero(count)), low / count);
  }
  const std::uint64_t k = split_point(count);
  const Hash left = TRY(subtree_root(nodes, low, low + k));
  const Hash right = TRY(subtree_root(nodes, low + k, high));
  return merkle_node(left, right);
}

// SUBPROOF(m, D[low:high], whole) of RFC 6962 section 2.1.2, m counted from the tree's start.
Result<void> append_consistency(const MerkleNodes& nodes, std::uint64_t m, std::uint64_t low,
                                std::uint64_t high, bool whole, std::vector<Hash>& proof) {
  if (m == high) {
    if (!whole) proof.push_back(TRY(subtree_root(nodes, low, high)));
    return {};
  }
  const std::uint64_t k = split_point(high - low);
  if (m <= low + k) {
    TRY_VOID(append_consistency(nodes, m, low, low + k, whole, proof));
    proof.push_back(TRY(subtree_root(nodes, low + k, high)));
  } else {
    TRY_VOID(append_consistency(nodes, m, low + k, high, false, proof));
    proof.push_back(TRY(subtree_root(nodes, low, low + k)));
  }
  return {};
}

// One position on the way from a leaf (or subtree) to the root: its number among its level, and
// that of the level's last node.
struct Climb {
  std::uint64_t position;
  std::uint64_t last;

  bool has_left_sibling() const { return (position & 1U) != 0 || position == last; }
  void up() { position >>= 1U, last >>= 1U; }
  // After joining a left sibling at the right edge, levels where this node stood alone are passed.
  void skip_lonely() {
    if ((position & 1U) != 0) return;
    do {
      up();
    } while ((position & 1U) == 0 && position != 0);
  }
};

}  // namespace

Hash merkle_leaf(BytesView entry) { return sha256({BytesView("\x00", 1), entry}); }

Hash merkle_node(const Hash& left, const Hash& right) {
  return sha256({BytesView("\x01", 1), left.view(), right.view()});
}

Hash merkle_empty_root() { return sha256(BytesView()); }

Result<MerkleFrontier> MerkleFrontier::restore(TreeSize size, std::vector<Hash> subtrees) {
  if (subtrees.size() != static_cast<std::size_t>(std::popcount(size.value))) {
    return corrupt("a frontier does not fit its tree size");
  }
  MerkleFrontier frontier;
  frontier.size_ = size;
  frontier.subtrees_ = std::move(subtrees);
  return frontier;
}

void MerkleFrontier::append(const Hash& leaf) {
  Hash hash = leaf;
  for (std::uint64_t ones = size_.value; (ones & 1U) != 0; ones >>= 1U) {
    hash = merkle_node(subtrees_.back(), hash);
    subtrees_.pop_back();
  }
  subtrees_.push_back(hash);
  ++size_.value;
}

Hash MerkleFrontier::root() const {
  if (subtrees_.empty()) return merkle_empty_root();
  Hash root = subtrees_.back();
  for (auto left = subtrees_.rbegin() + 1; left != subtrees_.rend(); ++left) {
    root = merkle_node(*left, root);
  }
  return root;
}

Result<Hash> merkle_root(const MerkleNodes& nodes, TreeSize size) {
  if (size.value == 0) return merkle_empty_root();
  return subtree_root(nodes, 0, size.value);
}

Result<MerkleFrontier> merkle_frontier(const MerkleNodes& nodes, TreeSize size) {
  std::vector<Hash> subtrees;
  std::uint64_t low = 0;
  while (low < size.value) {
    const std::uint64_t count = std::bit_floor(size.value - low);
    subtrees.push_back(TRY(subtree_root(nodes, low, low + count)));
    low += count;
  }
  return MerkleFrontier::restore(size, std::move(subtrees));
}

Result<std::vector<Hash>> inclusion_proof(const MerkleNodes& nodes, EntryIndex index,
                                          TreeSize size) {
  check(index.value < size.value);
  std::vector<Hash> proof;
  std::uint64_t low = 0;
  std::uint64_t high = size.value;
  while (high - low > 1) {  // From the root down; the proof runs from the leaf up.
    const std::uint64_t middle = low + split_point(high - low);
    if (index.value < middle) {
      proof.push_back(TRY(subtree_root(nodes, middle, high)));
      high = middle;
    } else {
      proof.push_back(TRY(subtree_root(nodes, low, middle)));
      low = middle;
    }
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

Result<std::vector<Hash>> consistency_proof(const MerkleNodes& nodes, TreeSize older,
                                            TreeSize newer) {
  check(older.value <= newer.value);
  std::vector<Hash> proof;
  if (older.value == 0 || older == newer) return proof;
  TRY_VOID(append_consistency(nodes, older.value, 0, newer.value, true, proof));
  return proof;
}

bool verify_inclusion(const Hash& leaf, EntryIndex index, TreeSize size,
                      std::span<const Hash> proof, const Hash& root) {
  if (index.value >= size.value) return false;
  Climb climb{index.value, size.value - 1};
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (climb.last == 0) return false;
    if (climb.has_left_sibling()) {
      hash = merkle_node(sibling, hash);
      climb.skip_lonely();
    } else {
      hash = merkle_node(hash, sibling);
    }
    climb.up();
  }
  return climb.last == 0 && hash == root;
}

bool verify_consistency(TreeSize older, const Hash& older_root, TreeSize newer,
                        const Hash& newer_root, std::span<const Hash> proof) {
  if (older.value == 0 || older.value > newer.value) return false;
  if (older == newer) return proof.empty() && older_root == newer_root;
  if (proof.empty()) return false;
  // Where the older tree is itself a complete subtree, its root is left out of the proof.
  const bool complete = std::has_single_bit(older.value);
  const Hash& start = complete ? older_root : proof.front();
  if (!complete) proof = proof.subspan(1);
  Climb climb{older.value - 1, newer.value - 1};
  while ((climb.position & 1U) != 0) climb.up();
  Hash from_older = start;
  Hash from_newer = start;
  for (const Hash& sibling : proof) {
    if (climb.last == 0) return false;
    if (climb.has_left_sibling()) {
      from_older = merkle_node(sibling, from_older);
      from_newer = merkle_node(sibling, from_newer);
      climb.skip_lonely();
    } else {
      from_newer = merkle_node(from_newer, sibling);
    }
    climb.up();
  }
  return climb.last == 0 && from_older == older_root && from_newer == newer_root;
}

}  // namespace cpl
