// The state tree in the store: nodes by (path, entry), so that the tree of every log size can be
// proven and none needs to be in memory.
#pragma once

#include <unordered_map>

#include "crypto/prefix_tree.hpp"
#include "registry/list.hpp"
#include "registry/store.hpp"

namespace cpl {

// Sets states one after another; owned by the log's writer.
class StateTreeWriter {
 public:
  explicit StateTreeWriter(Hash root, std::size_t cached_nodes_max = 1U << 16U)
      : root_(root), cached_nodes_max_(cached_nodes_max) {}

  const Hash& root() const { return root_; }
  // Sets the model's state as of `at`; what is to be stored goes into the batch. After an error, or
  // if the batch is not committed, this object is of no more use.
  Result<void> set(const StoreView& store, const ModelRecord& record, EntryIndex at,
                   WriteBatch& batch);
  // The batch is in the store: from here on its nodes can be read there, so the cache may shrink.
  void committed();

 private:
  struct PathHash {
    std::size_t operator()(const PrefixPath& path) const;
  };

  Hash root_;
  std::size_t cached_nodes_max_;
  // The newest version of nodes met lately: those near the root are met at every change.
  std::unordered_map<PrefixPath, PrefixNode, PathHash> cache_;
};

// The proof of the model's state (or absence) in the tree with this root, the tree of `size`.
Result<PrefixProof> prove_state(const StoreView& store, const Hash& root, const ModelId& id,
                                TreeSize size);

}  // namespace cpl
