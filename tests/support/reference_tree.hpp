// Slow twins of the two trees, written straight from their definitions: the oracles of the tests.
#pragma once

#include <bit>
#include <utility>
#include <vector>

#include "crypto/hash.hpp"
#include "crypto/merkle.hpp"
#include "crypto/prefix_tree.hpp"

namespace cpl::reference {

// MTH(D[low:high]) of RFC 6962 section 2.1.
inline Hash mth(std::span<const Hash> leaves) {
  if (leaves.empty()) return sha256("");
  if (leaves.size() == 1) return leaves.front();
  const std::size_t k = std::bit_floor(leaves.size() - 1);
  const Hash left = mth(leaves.first(k));
  const Hash right = mth(leaves.subspan(k));
  return sha256({"\x01", left.view(), right.view()});
}

// PATH(m, D) of RFC 6962 section 2.1.1.
inline std::vector<Hash> path(std::size_t m, std::span<const Hash> leaves) {
  if (leaves.size() == 1) return {};
  const std::size_t k = std::bit_floor(leaves.size() - 1);
  const bool left = m < k;
  auto proof = left ? path(m, leaves.first(k)) : path(m - k, leaves.subspan(k));
  proof.push_back(mth(left ? leaves.subspan(k) : leaves.first(k)));
  return proof;
}

// SUBPROOF(m, D, whole) of RFC 6962 section 2.1.2.
inline std::vector<Hash> subproof(std::size_t m, std::span<const Hash> leaves, bool whole) {
  if (m == leaves.size()) return whole ? std::vector<Hash>{} : std::vector<Hash>{mth(leaves)};
  const std::size_t k = std::bit_floor(leaves.size() - 1);
  if (m <= k) {
    auto proof = subproof(m, leaves.first(k), whole);
    proof.push_back(mth(leaves.subspan(k)));
    return proof;
  }
  auto proof = subproof(m - k, leaves.subspan(k), false);
  proof.push_back(mth(leaves.first(k)));
  return proof;
}

// Complete subtrees of a tree in memory, as MerkleNodes offers them.
class LevelNodes final : public MerkleNodes {
 public:
  void append(const Hash& leaf) {
    levels_.resize(std::max<std::size_t>(levels_.size(), 1));
    levels_[0].push_back(leaf);
    for (std::size_t height = 0; levels_[height].size() % 2 == 0; ++height) {
      if (levels_.size() == height + 1) levels_.emplace_back();
      const auto& level = levels_[height];
      levels_[height + 1].push_back(merkle_node(level[level.size() - 2], level.back()));
    }
  }
  Result<Hash> node(unsigned height, std::uint64_t index) const override {
    if (height >= levels_.size() || index >= levels_[height].size()) {
      return corrupt("a node beyond the tree was asked for");
    }
    return levels_[height][index];
  }

 private:
  std::vector<std::vector<Hash>> levels_;
};

using KeyValues = std::vector<std::pair<Hash, Hash>>;

// tree(S, d) of the state tree's definition.
inline Hash prefix_root(const KeyValues& set, unsigned depth = 0) {
  if (set.empty()) return Hash{};
  if (set.size() == 1) {
    return sha256({"\x02", set.front().first.view(), set.front().second.view()});
  }
  KeyValues left;
  KeyValues right;
  for (const auto& item : set) (bit_of(item.first, depth) ? right : left).push_back(item);
  const Hash left_root = prefix_root(left, depth + 1);
  const Hash right_root = prefix_root(right, depth + 1);
  return sha256({"\x03", left_root.view(), right_root.view()});
}

}  // namespace cpl::reference
