#include "registry/log/state_tree.hpp"

#include "crypto/encoding.hpp"
#include "registry/list/state_record.hpp"
#include "registry/log/log_keys.hpp"
#include "registry/store/keyspace.hpp"

namespace cpl {
namespace {

// key, value, depth (u16), one bit for each sibling that is not empty, and those, from the root
// down: hash, entry (u64).
Bytes encode(const PrefixBranch& branch) {
  Bytes bits((branch.depth() + 7) / 8, '\0');
  Bytes siblings;
  siblings.reserve(branch.depth() * (sizeof(Hash) + sizeof(PrefixVersion)));
  for (std::size_t depth = 0; depth < branch.depth(); ++depth) {
    const PrefixSubtree& sibling = branch.siblings()[depth];
    if (sibling.hash == Hash{}) continue;
    bits[depth / 8] =
        static_cast<char>(static_cast<unsigned char>(bits[depth / 8]) | (0x80U >> (depth % 8)));
    siblings.append(sibling.hash.view());
    append_u64(siblings, sibling.version);
  }
  Bytes value(branch.key().view());
  value.append(branch.value().view());
  append_u16(value, static_cast<std::uint16_t>(branch.depth()));
  return value.append(bits).append(siblings);
}

class BranchReader {
 public:
  explicit BranchReader(BytesView value) : rest_(value) {}

  std::optional<BytesView> take(std::size_t size) {
    if (rest_.size() < size) return std::nullopt;
    const BytesView taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::optional<Hash> take_hash() {
    const auto octets = take(sizeof(Hash));
    return octets ? hash_from_bytes(*octets) : std::nullopt;
  }
  std::optional<std::uint64_t> take_number(std::size_t size) {
    const auto octets = take(size);
    return octets ? std::optional(read_big_endian(*octets)) : std::nullopt;
  }
  bool done() const { return rest_.empty(); }

 private:
  BytesView rest_;
};

std::optional<std::vector<PrefixSubtree>> take_siblings(BranchReader& reader) {
  const auto depth = reader.take_number(2);
  if (!depth || *depth > prefix_depth_max) return std::nullopt;
  const auto bits = reader.take((*depth + 7) / 8);
  if (!bits) return std::nullopt;
  std::vector<PrefixSubtree> siblings(*depth);
  for (std::size_t at = 0; at < *depth; ++at) {
    if ((static_cast<unsigned char>((*bits)[at / 8]) & (0x80U >> (at % 8))) == 0) continue;
    const auto hash = reader.take_hash();
    const auto version = reader.take_number(sizeof(PrefixVersion));
    if (!hash || !version) return std::nullopt;
    siblings[at] = {*hash, *version};
  }
  return siblings;
}

Result<std::shared_ptr<const PrefixBranch>> decode(BytesView value) {
  BranchReader reader(value);
  const auto key = reader.take_hash();
  const auto set = reader.take_hash();
  auto siblings = take_siblings(reader);
  if (!key || !set || !siblings || !reader.done()) {
    return corrupt("a branch of the state tree has the wrong form");
  }
  return std::make_shared<const PrefixBranch>(*key, *set, *std::move(siblings));
}

Result<std::shared_ptr<const PrefixBranch>> read_branch(const StoreView& store,
                                                        PrefixVersion version) {
  const auto value = TRY(store.get(store_keys::tree_branch(EntryIndex{version})));
  if (!value) {
    return corrupt("the state tree's branch of entry " + std::to_string(version) + " is missing");
  }
  return decode(*value);
}

// The tree that the entries up to and including `at` left.
Result<PrefixSubtree> tree_at(const StoreView& store, const Hash& root, EntryIndex at) {
  if (root == Hash{}) return PrefixSubtree();
  const auto found = TRY(
      store.scan(store_keys::tree_branch(at), keyspace::end_of(keyspace::Kind::tree_branch), 1));
  if (found.empty()) return corrupt("the state tree is missing");
  return PrefixSubtree{root, ~keyspace::last_number(found.front().key)};
}

}  // namespace

Result<StateTreeWriter> StateTreeWriter::open(const StoreView& store, const Hash& root,
                                              std::size_t cached_max) {
  StateTreeWriter writer;
  writer.root_ = TRY(tree_at(store, root, EntryIndex{UINT64_MAX}));
  writer.cached_max_ = cached_max;
  if (root == Hash{}) return writer;
  const auto newest = TRY(read_branch(store, writer.root_.version));
  if (newest->hash(0) != root) return corrupt("the state tree does not have the stored root");
  return writer;
}

Result<void> StateTreeWriter::set(const StoreView& store, const ModelRecord& record, EntryIndex at,
                                  WriteBatch& batch) {
  const auto read = [&](PrefixVersion version) -> Result<std::shared_ptr<const PrefixBranch>> {
    const auto cached = cache_.find(version);
    if (cached != cache_.end()) return cached->second;
    auto branch = TRY(read_branch(store, version));
    cache_.emplace(version, branch);
    return branch;
  };
  auto branch = std::make_shared<const PrefixBranch>(TRY(set_in_prefix_tree(
      root_, state_key(record.model.id()), state_value(state_record(record)), read)));
  batch.put(store_keys::tree_branch(at), encode(*branch));
  root_ = {branch->hash(0), at.value};
  cache_.insert_or_assign(at.value, std::move(branch));
  return {};
}

void StateTreeWriter::committed() {
  if (cache_.size() <= cached_max_) return;
  const PrefixVersion kept_behind = cached_max_ / 2;
  std::erase_if(cache_,
                [&](const auto& cached) { return cached.first + kept_behind <= root_.version; });
}

Result<PrefixProof> prove_state(const StoreView& store, const Hash& root, const ModelId& id,
                                TreeSize size) {
  check(size.value > 0);
  const PrefixSubtree tree = TRY(tree_at(store, root, EntryIndex{size.value - 1}));
  return prove_in_prefix_tree(tree, state_key(id),
                              [&](PrefixVersion version) { return read_branch(store, version); });
}

}  // namespace cpl
