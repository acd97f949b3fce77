// The oracle of the log's tests: it remembers what was answered and published, and after every step
// verifies the log again through its public reading side, against invariants I1 to I7 and I9 of
// registry/FORMAT.md. Entries that it has verified before are compared octet by octet (I2), new
// ones are judged by a replay.
#pragma once

#include "crypto/merkle.hpp"
#include "registry/list/memory_state_tree.hpp"
#include "registry/list/record_json.hpp"
#include "registry/list/state_record.hpp"
#include "registry/rules/rules.hpp"
#include "tests/support/log_fixture.hpp"

namespace cpl::testing {

class LogChecker {
 public:
  // An answer that somebody was given.
  void acknowledge(EntryIndex index, const Hash& id) { acknowledged_.insert_or_assign(index, id); }
  // A checkpoint that somebody was given.
  void publish(const Bytes& checkpoint_note) {
    const auto opened = open_checkpoint(checkpoint_note, log_keys().log.verifier(), log_origin);
    REQUIRE(opened);
    const auto [at, fresh] = published_.emplace(opened->checkpoint.size, opened->checkpoint.root);
    if (fresh) unproven_.insert(at->first);
    REQUIRE(at->second == opened->checkpoint.root);  // I4.
  }
  void answered(const Accepted& accepted, const Hash& id) {
    acknowledge(accepted.index, id);
    publish(accepted.view->checkpoint_note());
  }

  // Everything, of a log that signs.
  void check(const LogView& view) {
    publish(view.checkpoint_note());
    replay(view);
    check_acknowledged(view);
    check_published(view);
    check_list(view);
    check_edge(view);
  }

  std::size_t acknowledged_count() const { return acknowledged_.size(); }
  const MemoryList& list() const { return list_; }

 private:
  // I1, I2, I5, I6, and the roots.
  void replay(const LogView& view) {
    REQUIRE(view.size().value >= leaves_.size());
    const auto leaves = view.leaves(EntryIndex{0}, view.size().value);
    REQUIRE(leaves);
    REQUIRE(leaves->size() == view.size().value);
    REQUIRE(std::equal(leaves_.begin(), leaves_.end(), leaves->begin()));
    for (std::size_t i = leaves_.size(); i < leaves->size(); ++i) replay_one((*leaves)[i], i);
    REQUIRE(frontier_.root() == view.checkpoint().root);
  }

  void replay_one(const Bytes& leaf, std::uint64_t index) {
    const auto entry = parse_entry(leaf);
    REQUIRE(entry);
    REQUIRE(entry->index.value == index);
    REQUIRE(entry->time >= last_time_);
    last_time_ = entry->time;
    const auto statement = open_statement(entry->statement, list_.charter());
    REQUIRE(statement);
    REQUIRE(ids_.insert(statement->id).second);
    const auto change = apply(list_, *statement, {log_origin, entry->index, entry->time});
    if (!change) FAIL(change.error().detail);
    for (const ModelRecord& record : change->models) {
      if (change->state_changed != record.model.id()) continue;
      tree_.set(state_key(record.model.id()), state_value(state_record(record)));
    }
    REQUIRE(tree_.root() == entry->state_root);
    list_.put(*change);
    frontier_.append(merkle_leaf(leaf));
    leaves_.push_back(leaf);
    roots_.push_back(frontier_.root());
  }

  // I3, seen by whoever was answered.
  void check_acknowledged(const LogView& view) const {
    for (const auto& [index, id] : acknowledged_) {
      const auto found = view.find_statement(id);
      REQUIRE(found);
      REQUIRE(*found == index);
    }
    if (acknowledged_.empty()) return;
    const EntryIndex last = acknowledged_.rbegin()->first;
    const auto proof = view.inclusion(last);
    REQUIRE(proof);
    REQUIRE(verify_inclusion(merkle_leaf(leaves_[last.value]), last, view.size(), *proof,
                             view.checkpoint().root));
  }

  // I3 and I4, seen by whoever holds a checkpoint: each is of this history, and each new one is
  // proven to be so.
  void check_published(const LogView& view) {
    for (const auto& [size, root] : published_) {
      REQUIRE(size <= view.size());
      if (size.value > 0) REQUIRE(root == roots_[size.value - 1]);
    }
    for (const TreeSize size : unproven_) {
      const auto proof = view.consistency(size);
      REQUIRE(proof);
      if (size.value == 0) continue;
      REQUIRE(verify_consistency(size, published_.at(size), view.size(), view.checkpoint().root,
                                 *proof));
    }
    unproven_.clear();
  }

  // I7.
  void check_list(const LogView& view) const {
    const auto stored = view.list().models_after("", list_.models().size() + 1);
    REQUIRE(stored);
    REQUIRE(stored->size() == list_.models().size());
    auto replayed = list_.models().begin();
    for (const ModelRecord& record : *stored) {
      REQUIRE(encode(record) == encode((replayed++)->second));
    }
    for (const auto& [entry, record] : list_.decisions()) {
      const auto decision = view.list().decision(entry);
      REQUIRE(decision);
      REQUIRE(*decision);
      REQUIRE(encode(**decision) == encode(record));
    }
    for (const auto& [entry, record] : list_.notices()) {
      const auto notice = view.list().notice(entry);
      REQUIRE(notice);
      REQUIRE(*notice);
      REQUIRE(encode(**notice) == encode(record));
    }
  }

  // I9.
  static void check_edge(const LogView& view) {
    const EntryIndex beyond{view.size().value};
    REQUIRE(view.leaf(beyond).has_error());
    REQUIRE(view.leaf(beyond).error().errc == Errc::not_found);
    REQUIRE(view.inclusion(beyond).has_error());
    REQUIRE(view.consistency(TreeSize{view.size().value + 1}).has_error());
    const auto width = static_cast<unsigned>(beyond.value % tile_width + 1);
    for (const bool entries : {false, true}) {
      const auto tile = view.tile({0, beyond.value / tile_width, width, entries});
      REQUIRE(tile.has_error());
      REQUIRE(tile.error().errc == Errc::not_found);
    }
  }

  std::map<EntryIndex, Hash> acknowledged_;
  std::map<TreeSize, Hash> published_;
  std::set<TreeSize> unproven_;
  std::vector<Bytes> leaves_;
  std::vector<Hash> roots_;  // After each leaf.
  std::set<Hash> ids_;
  UnixMillis last_time_;
  MemoryList list_;
  MemoryStateTree tree_;
  MerkleFrontier frontier_;
};

}  // namespace cpl::testing
