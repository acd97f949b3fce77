#include "registry/log/log_view.hpp"

#include "registry/log/log_keys.hpp"
#include "registry/log/state_tree.hpp"
#include "registry/rules/signers.hpp"
#include "registry/store/keyspace.hpp"

namespace cpl {
namespace {

Error beyond(EntryIndex index, TreeSize size) {
  return Error{Errc::not_found, "entry-not-found",
               "there is no entry " + std::to_string(index.value) + ": the log has " +
                   std::to_string(size.value) + " entries, numbered from 0"};
}

}  // namespace

LogView::LogView(SignedCheckpoint head, std::shared_ptr<const StoreView> store,
                 std::shared_ptr<const CharterRecord> charter)
    : head_(std::move(head)),
      store_(store),
      list_(std::move(store), std::move(charter)),
      nodes_(size(), [this](const TileId& id) { return tile(id); }) {}

std::shared_ptr<const LogView> LogView::under(Bytes note) const {
  return std::make_shared<const LogView>(SignedCheckpoint{head_.checkpoint, std::move(note)},
                                         store_, charter());
}

Result<Bytes> LogView::leaf(EntryIndex index) const {
  if (index.value >= size().value) return beyond(index, size());
  auto leaf = TRY(store_->get(keyspace::entry(index)));
  if (!leaf) return corrupt("entry " + std::to_string(index.value) + " is missing");
  return *std::move(leaf);
}

Result<Entry> LogView::entry(EntryIndex index) const {
  auto parsed = parse_entry(TRY(leaf(index)));
  if (!parsed || parsed->index != index) {
    return corrupt("entry " + std::to_string(index.value) + " is not the entry of that number");
  }
  return parsed;
}

Result<std::vector<Bytes>> LogView::leaves(EntryIndex from, std::size_t count_max) const {
  const EntryIndex to{std::min(size().value, from.value + count_max)};
  std::vector<Bytes> leaves;
  if (from >= to) return leaves;
  const std::size_t count = to.value - from.value;
  auto found = TRY(store_->scan(keyspace::entry(from), keyspace::entry(to), count));
  if (found.size() != count) return corrupt("entries are missing");
  for (KeyValue& pair : found) leaves.push_back(std::move(pair.value));
  return leaves;
}

Result<Bytes> LogView::tile(const TileId& tile) const {
  const unsigned width = tile_width_at(tile.level, tile.index, size());
  if (tile.width == 0 || tile.width > width) {
    return Error{Errc::not_found, "tile-not-found",
                 tile_path(tile) + " is beyond the published checkpoint"};
  }
  if (tile.entries) {
    Bytes bundle;
    for (const Bytes& leaf : TRY(leaves(EntryIndex{tile.index * tile_width}, tile.width))) {
      append_to_bundle(bundle, leaf);
    }
    return bundle;
  }
  auto hashes = TRY(store_->get(store_keys::tile(tile.level, tile.index)));
  if (!hashes || hashes->size() < tile.width * sizeof(Hash)) {
    return corrupt(tile_path(tile) + " is missing or too short");
  }
  hashes->resize(tile.width * sizeof(Hash));
  return *std::move(hashes);
}

Result<std::vector<Hash>> LogView::inclusion(EntryIndex index) const {
  if (index.value >= size().value) return beyond(index, size());
  const Lock lock(mutex_);
  return inclusion_proof(nodes_, index, size());
}

Result<std::vector<Hash>> LogView::consistency(TreeSize older) const {
  if (older > size()) {
    return Error{Errc::not_found, "size-not-found",
                 "the log has not reached size " + std::to_string(older.value)};
  }
  const Lock lock(mutex_);
  return consistency_proof(nodes_, older, size());
}

Result<std::optional<EntryIndex>> LogView::find_statement(const Hash& id) const {
  const auto value = TRY(store_->get(store_keys::statement(id)));
  if (!value) return std::optional<EntryIndex>();
  const EntryIndex index{keyspace::last_number(*value)};
  if (index.value >= size().value) return std::optional<EntryIndex>();
  return std::optional(index);
}

Result<std::shared_ptr<const CharterRecord>> LogView::charter_before(EntryIndex index) const {
  const auto found = TRY(store_->scan(keyspace::first(keyspace::Kind::charter),
                                      store_keys::charter(index), 1'000'000));
  if (found.empty()) return std::shared_ptr<const CharterRecord>();
  const EntryIndex at{keyspace::last_number(found.back().key)};
  const Statement statement = TRY(read_signed(TRY(entry(at)).statement));
  const auto* charter = std::get_if<Charter>(&statement.body);
  if (charter == nullptr) return corrupt("the entry named as the charter holds no charter");
  return std::make_shared<const CharterRecord>(CharterRecord{*charter, at});
}

Result<PrefixProof> LogView::state_proof(const ModelId& id, TreeSize at) const {
  if (at.value == 0 || at > size()) {
    return Error{Errc::not_found, "size-not-found",
                 "a state can be proven for log sizes from 1 to " + std::to_string(size().value)};
  }
  const Entry last = TRY(entry(EntryIndex{at.value - 1}));
  return prove_state(*store_, last.state_root, id, at);
}

}  // namespace cpl
