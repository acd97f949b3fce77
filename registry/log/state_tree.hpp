// The state tree in the store: the branch of every change, so that the tree of every log size can
// be proven and none needs to be in memory.
#pragma once

#include <unordered_map>

#include "crypto/prefix_tree.hpp"
#include "registry/list/list.hpp"
#include "registry/store/store.hpp"

namespace cpl {

// Sets states one after another; owned by the log's writer.
class StateTreeWriter {
 public:
  // Goes on from what the store holds; `root` is the hash that its newest branch must have.
  static Result<StateTreeWriter> open(const StoreView& store, const Hash& root,
                                      std::size_t cached_max = default_cached_max);

  const Hash& root() const { return root_.hash; }
  // Sets the model's state as of `at`; what is to be stored goes into the batch. After an error, or
  // if the batch is not committed, this object is of no more use.
  Result<void> set(const StoreView& store, const ModelRecord& record, EntryIndex at,
                   WriteBatch& batch);
  // The batch is in the store: from here on its branches can be read there, so the cache may
  // shrink.
  void committed();

 private:
  static constexpr std::size_t default_cached_max = 32'768;  // Some 1.3 kibioctets each.

  PrefixSubtree root_;
  std::size_t cached_max_ = default_cached_max;
  // By entry. Of two branches the newer one is met more often: it holds more of the upper tree.
  std::unordered_map<PrefixVersion, std::shared_ptr<const PrefixBranch>> cache_;
};

// The proof of the model's state (or absence) in the tree with this root, the tree of `size`.
Result<PrefixProof> prove_state(const StoreView& store, const Hash& root, const ModelId& id,
                                TreeSize size);

}  // namespace cpl
