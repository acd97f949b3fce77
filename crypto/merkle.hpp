// The log's tree (RFC 6962 section 2.1): hashes, the growing frontier, inclusion and consistency
// proofs, and their verification (RFC 9162 sections 2.1.3.2 and 2.1.4.2). Pure.
#pragma once

#include <span>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

Hash merkle_leaf(BytesView entry);                      // SHA-256(00 || entry)
Hash merkle_node(const Hash& left, const Hash& right);  // SHA-256(01 || left || right)
Hash merkle_empty_root();                               // SHA-256("")
inline constexpr std::size_t merkle_proof_hashes_max = 63;

// The right edge of a tree: the roots of its complete subtrees, largest first. All that appending
// needs to know of the past.
class MerkleFrontier {
 public:
  MerkleFrontier() = default;
  // The edge of a tree of this size; the count of hashes must be that of the ones in its binary
  // form.
  static Result<MerkleFrontier> restore(TreeSize size, std::vector<Hash> subtrees);

  void append(const Hash& leaf);
  TreeSize size() const { return size_; }
  Hash root() const;
  const std::vector<Hash>& subtrees() const { return subtrees_; }

 private:
  TreeSize size_{};
  std::vector<Hash> subtrees_;
};

// Where the hashes of complete subtrees come from: tiles on disk, over HTTP, in memory.
class MerkleNodes {
 public:
  virtual ~MerkleNodes() = default;
  // MTH(D[index * 2^height : (index + 1) * 2^height]).
  virtual Result<Hash> node(unsigned height, std::uint64_t index) const = 0;
};

Result<Hash> merkle_root(const MerkleNodes& nodes, TreeSize size);
Result<std::vector<Hash>> inclusion_proof(const MerkleNodes& nodes, EntryIndex index,
                                          TreeSize size);  // Leaf's sibling first.
Result<std::vector<Hash>> consistency_proof(const MerkleNodes& nodes, TreeSize older,
                                            TreeSize newer);
// The frontier of the tree of `size`, read back from its nodes.
Result<MerkleFrontier> merkle_frontier(const MerkleNodes& nodes, TreeSize size);

bool verify_inclusion(const Hash& leaf, EntryIndex index, TreeSize size,
                      std::span<const Hash> proof, const Hash& root);

// An older size of 0 is never accepted here: anything extends the empty tree, without a proof.
bool verify_consistency(TreeSize older, const Hash& older_root, TreeSize newer,
                        const Hash& newer_root, std::span<const Hash> proof);

}  // namespace cpl
