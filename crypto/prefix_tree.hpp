// The state tree: a compressed binary prefix tree over 256-bit keys, whose root commits to one
// value per key. One key cannot be both present and absent under one root without a collision of
// SHA-256, whatever the tree's shape, so a proof needs no trust in who built the tree.
//
//   leaf  = SHA-256(02 || key || value)          inner = SHA-256(03 || left || right)
//   empty = 32 zero octets                       bit 0 of a key is the top bit of its first octet
//
// Keys are never deleted, so a node that exists at a path exists there for ever.
#pragma once

#include <functional>
#include <variant>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

inline constexpr unsigned prefix_depth_max = 256;

// A place in the tree: the first `depth` bits of `bits`; the others are zero.
struct PrefixPath {
  unsigned depth = 0;
  Hash bits;

  PrefixPath child(bool right) const;
  auto operator<=>(const PrefixPath&) const = default;
};
bool bit_of(const Hash& key, unsigned position);

struct PrefixNode {
  enum class Kind : std::uint8_t { leaf = 2, inner = 3 };  // As hashed; on disk.
  Kind kind = Kind::leaf;
  Hash first;   // Leaf: key. Inner: left child's hash, zero if it is empty.
  Hash second;  // Leaf: value. Inner: right child's hash.

  Hash hash() const;
  bool operator==(const PrefixNode&) const = default;
};

// Reads the node at a path; only asked for paths where a parent (or the root) says there is one.
using ReadPrefixNode = std::function<Result<PrefixNode>(const PrefixPath&)>;

struct PrefixChange {
  Hash root;
  std::vector<std::pair<PrefixPath, PrefixNode>> nodes;  // What to store: new or replaced.
};

// Sets `key` to `value` under `root` (zero for the empty tree).
Result<PrefixChange> set_in_prefix_tree(const Hash& root, const Hash& key, const Hash& value,
                                        const ReadPrefixNode& read);

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

Result<PrefixProof> prove_in_prefix_tree(const Hash& root, const Hash& key,
                                         const ReadPrefixNode& read);

// Whether the proof shows that `key` has `value` under `root`.
bool verify_present(const Hash& root, const Hash& key, const Hash& value, const PrefixProof& proof);
// Whether the proof shows that `key` has no value under `root`.
bool verify_absent(const Hash& root, const Hash& key, const PrefixProof& proof);

}  // namespace cpl
