// The log at one published checkpoint: what every reader holds. Immutable; any thread. Nothing
// beyond the checkpoint can be read through it.
#pragma once

#include <functional>

#include "crypto/mutex.hpp"
#include "crypto/prefix_tree.hpp"
#include "registry/log/stored_list.hpp"
#include "registry/tlog/checkpoint.hpp"
#include "registry/tlog/entry.hpp"
#include "registry/tlog/tiles.hpp"

namespace cpl {

class LogView {
 public:
  LogView(SignedCheckpoint head, std::shared_ptr<const StoreView> store,
          std::shared_ptr<const CharterRecord> charter);

  // The same view under a note that carries more signatures of its checkpoint.
  std::shared_ptr<const LogView> under(Bytes note) const;

  const Checkpoint& checkpoint() const { return head_.checkpoint; }
  const Bytes& checkpoint_note() const { return head_.note; }
  TreeSize size() const { return head_.checkpoint.size; }
  const StoredList& list() const { return list_; }
  std::shared_ptr<const CharterRecord> charter() const { return list_.charter(); }

  // Errors are `not_found` for what is beyond the checkpoint, `corrupt` for what should be there.
  Result<Bytes> leaf(EntryIndex index) const;
  Result<Entry> entry(EntryIndex index) const;
  Result<std::vector<Bytes>> leaves(EntryIndex from, std::size_t count_max) const;
  Result<Bytes> tile(const TileId& tile) const;  // Cut to its width; hashes or entries.
  Result<std::vector<Hash>> inclusion(EntryIndex index) const;
  Result<std::vector<Hash>> consistency(TreeSize older) const;
  // The entry that the statement with this id became.
  Result<std::optional<EntryIndex>> find_statement(const Hash& id) const;
  // The charter that was in force when entry `index` was judged; null for entry 0.
  Result<std::shared_ptr<const CharterRecord>> charter_before(EntryIndex index) const;
  // The proof of the model's state (or absence) under the last entry of a log of `size`.
  Result<PrefixProof> state_proof(const ModelId& id, TreeSize size) const;

 private:
  SignedCheckpoint head_;
  std::shared_ptr<const StoreView> store_;
  StoredList list_;
  mutable Mutex mutex_;
  // One for all proofs: those of one batch share nearly all they need.
  TileNodes nodes_ GUARDED_BY(mutex_);
};

// Gives the newest view that its readers may have. Any thread.
using ViewSource = std::function<std::shared_ptr<const LogView>()>;

}  // namespace cpl
