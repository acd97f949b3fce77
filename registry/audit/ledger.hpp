// What a replay remembers of the entries it has passed: all that it takes to judge the next one,
// and to tell of the log as a whole. Kept between two audits by registry/audit/state.hpp.
#pragma once

#include <functional>
#include <unordered_set>

#include "crypto/merkle.hpp"
#include "registry/list/compact_list.hpp"
#include "registry/list/memory_state_tree.hpp"
#include "registry/tlog/checkpoint.hpp"
#include "registry/tlog/tiles.hpp"

namespace cpl {

// The tiles at the right edge of a growing tree, by level. Those that are full are handed over and
// forgotten. Their hashes bind every entry below them: they give the tree's root.
class TileEdges {
 public:
  using Full = std::function<Result<void>(const TileId& id, BytesView octets)>;

  // From the octets of each level's tile, which may be empty.
  static Result<TileEdges> restore(TreeSize size, const std::vector<Bytes>& levels);

  Result<void> append(const Hash& leaf, const Full& full);
  unsigned levels() const { return static_cast<unsigned>(edges_.size()); }
  BytesView octets(unsigned level) const { return edges_[level].octets; }
  TileId id(unsigned level) const;
  // The right edge of the tree that they are of.
  Result<MerkleFrontier> frontier(TreeSize size) const;

 private:
  struct Edge {
    Bytes octets;
    MerkleFrontier subtree;
    std::uint64_t index = 0;
  };
  std::vector<Edge> edges_;
};

// Counted over all entries from the first.
struct AuditTotals {
  std::optional<UnixMillis> first_time;
  std::optional<UnixMillis> last_time;
  std::map<std::string, std::uint64_t> entries_by_type;
  std::map<std::string, std::uint64_t> signatures_by_role;
  std::uint64_t state_roots = 0;
  std::uint64_t full_tiles = 0;
};

// A published extract that was compared with the replay.
struct ComparedExtract {
  Hash sha256;  // Of its JSON form.
  UnixMillis signed_at;
};

// How far the published extracts were compared.
struct ExtractChain {
  std::vector<ComparedExtract> compared;      // By version, from 1.
  std::optional<UnixMillis> uncovered_since;  // The first entry that it does not cover.
};

// When a notice came into each of its states, in the order of NoticeState.
using NoticeTimes = std::array<std::optional<UnixMillis>, notice_state_words.size()>;

// What is kept of a statement's id, to see one come twice: the first 24 octets. Two that share them
// take some 2^96 attempts to find, and a set of a million is smaller by a quarter.
using SeenId = std::array<std::uint8_t, 24>;
SeenId seen_id(const Hash& id);

struct HashOfId {
  std::size_t operator()(const SeenId& id) const noexcept;  // So that the set need not keep it.
};

struct AuditLedger {
  // Before the first entry of a log that must extend the checkpoint, if there is one.
  static AuditLedger from_start(std::optional<SignedCheckpoint> extends) {
    AuditLedger ledger;
    ledger.checkpoint = std::move(extends);
    return ledger;
  }

  std::optional<SignedCheckpoint> checkpoint;  // That an audit reached.
  MerkleFrontier frontier;
  TileEdges tiles;
  CompactList list;
  MemoryStateTree tree;
  std::unordered_set<SeenId, HashOfId> statements;  // None may come twice.
  AuditTotals totals;
  std::map<EntryIndex, NoticeTimes> notice_times;
  std::map<std::string, std::string, std::less<>>
      makers;  // Names by manufacturer id, as last stated.
  ExtractChain extracts;
};

}  // namespace cpl
