// The state tree: a compressed binary prefix tree over 256-bit keys, whose root commits to one
// value per key. One key cannot be both present and absent under one root without a collision of
// SHA-256, whatever the tree's shape, so a proof needs no trust in who built the tree.
//
//   leaf  = SHA-256(02 || key || value)          inner = SHA-256(03 || left || right)
//   empty = 32 zero octets                       bit 0 of a key is the top bit of its first octet
//
// Keys are never deleted. Each change leaves one branch: the way from the root down to the key that
// it set, with what stands beside that way, and which change left that. The branches of all changes
// are the tree at all times.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

inline constexpr unsigned prefix_depth_max = 256;

bool bit_of(const Hash& key, unsigned position);

struct PrefixNode {
  enum class Kind : std::uint8_t { leaf = 2, inner = 3 };  // As hashed.
  Kind kind = Kind::leaf;
  Hash first;   // Leaf: key. Inner: left child's hash, zero if it is empty.
  Hash second;  // Leaf: value. Inner: right child's hash.

  Hash hash() const;
  bool operator==(const PrefixNode&) const = default;
};

// Numbers the changes, in rising order; the registry's are entry indices.
using PrefixVersion = std::uint64_t;

// A subtree by its hash, zero if it is empty, and the last change in it, whose branch leads there.
struct PrefixSubtree {
  Hash hash;
  PrefixVersion version = 0;
  bool operator==(const PrefixSubtree&) const = default;
};

class PrefixBranch {
 public:
  // `siblings` from the root down; at most 256.
  PrefixBranch(const Hash& key, const Hash& value, std::vector<PrefixSubtree> siblings);

  const Hash& key() const { return key_; }
  const Hash& value() const { return value_; }
  const std::vector<PrefixSubtree>& siblings() const { return siblings_; }
  std::size_t depth() const { return siblings_.size(); }  // Of its leaf.
  // Of its node at this depth or, below its leaf, of the leaf: a later key may push it down.
  const Hash& hash(std::size_t depth) const { return hashes_[std::min(depth, hashes_.size() - 1)]; }

 private:
  Hash key_;
  Hash value_;
  std::vector<PrefixSubtree> siblings_;
  std::vector<Hash> hashes_;  // From the root down.
};

// Reads the branch of a change.
using ReadPrefixBranch =
    std::function<Result<std::shared_ptr<const PrefixBranch>>(PrefixVersion version)>;

// The branch of a change that sets `key` to `value` in the tree `root`. The new root is its hash at
// depth 0.
Result<PrefixBranch> set_in_prefix_tree(const PrefixSubtree& root, const Hash& key,
                                        const Hash& value, const ReadPrefixBranch& read);

struct PrefixProof {
  struct Present {
    bool operator==(const Present&) const = default;
  };  // The value is the verifier's own.
  struct Other {
    Hash key;
    Hash value;
    bool operator==(const Other&) const = default;
  };
  struct Empty {
    bool operator==(const Empty&) const = default;
  };

  std::vector<Hash> siblings;  // From the root down, zero where empty; their count is the depth.
  std::variant<Present, Other, Empty> end;

  bool operator==(const PrefixProof&) const = default;
};

Result<PrefixProof> prove_in_prefix_tree(const PrefixSubtree& root, const Hash& key,
                                         const ReadPrefixBranch& read);

// Whether the proof shows that `key` has `value` under `root`.
bool verify_present(const Hash& root, const Hash& key, const Hash& value, const PrefixProof& proof);
// Whether the proof shows that `key` has no value under `root`.
bool verify_absent(const Hash& root, const Hash& key, const PrefixProof& proof);

}  // namespace cpl
