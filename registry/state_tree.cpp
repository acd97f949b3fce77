#include "registry/state_tree.hpp"

#include "crypto/encoding.hpp"
#include "registry/store_keys.hpp"

namespace cpl {
namespace {

constexpr std::size_t node_size = 65;

Bytes encode(const PrefixNode& node) {
  Bytes value;
  value.reserve(node_size);  // Without it gcc 12 sees an overflow that cannot be, under TSan.
  value.push_back(static_cast<char>(node.kind));
  value.append(node.first.view()).append(node.second.view());
  return value;
}

Result<PrefixNode> decode(BytesView value) {
  const bool known =
      value.size() == node_size && (value[0] == static_cast<char>(PrefixNode::Kind::leaf) ||
                                    value[0] == static_cast<char>(PrefixNode::Kind::inner));
  if (!known) return corrupt("a state tree node has the wrong form");
  return PrefixNode{static_cast<PrefixNode::Kind>(value[0]), *hash_from_bytes(value.substr(1, 32)),
                    *hash_from_bytes(value.substr(33))};
}

// The node at `path` as the entries up to and including `at` left it.
Result<PrefixNode> read_node(const StoreView& store, const PrefixPath& path, EntryIndex at) {
  const Bytes from = store_keys::tree_node(path, at);
  const Bytes to = store_keys::end_of(BytesView(from).substr(0, from.size() - 8));
  const auto found = TRY(store.scan(from, to, 1));
  if (found.empty()) return corrupt("a state tree node is missing");
  return decode(found.front().value);
}

}  // namespace

std::size_t StateTreeWriter::PathHash::operator()(const PrefixPath& path) const {
  return static_cast<std::size_t>(read_big_endian(path.bits.view().substr(0, 8))) ^
         (path.depth * 0x9E3779B97F4A7C15ULL);
}

Result<void> StateTreeWriter::set(const StoreView& store, const ModelRecord& record, EntryIndex at,
                                  WriteBatch& batch) {
  const auto read = [&](const PrefixPath& path) -> Result<PrefixNode> {
    const auto cached = cache_.find(path);
    if (cached != cache_.end()) return cached->second;
    return read_node(store, path, at);
  };
  const PrefixChange change = TRY(set_in_prefix_tree(root_, state_key(record.model.id()),
                                                     state_value(state_record(record)), read));
  for (const auto& [path, node] : change.nodes) {
    batch.put(store_keys::tree_node(path, at), encode(node));
    cache_.insert_or_assign(path, node);
  }
  root_ = change.root;
  return {};
}

void StateTreeWriter::committed() {
  if (cache_.size() > cached_nodes_max_) cache_.clear();
}

Result<PrefixProof> prove_state(const StoreView& store, const Hash& root, const ModelId& id,
                                TreeSize size) {
  check(size.value > 0);
  const EntryIndex last{size.value - 1};
  return prove_in_prefix_tree(root, state_key(id),
                              [&](const PrefixPath& path) { return read_node(store, path, last); });
}

}  // namespace cpl
