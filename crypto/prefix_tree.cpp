#include "crypto/prefix_tree.hpp"

#include "crypto/hash.hpp"

namespace cpl {
namespace {

const Hash empty_hash{};

bool is_empty(const Hash& hash) { return hash == empty_hash; }

void set_bit(Hash& key, unsigned position) {
  key.octets[position / 8] |= static_cast<std::uint8_t>(0x80U >> (position % 8));
}

// Root of the tree over a proof's siblings when the subtree at its end hashes to `end`.
Hash root_above(const Hash& key, const PrefixProof& proof, const Hash& end) {
  Hash hash = end;
  for (std::size_t depth = proof.siblings.size(); depth-- > 0;) {
    const Hash& sibling = proof.siblings[depth];
    const bool right = bit_of(key, static_cast<unsigned>(depth));
    hash = right ? PrefixNode{PrefixNode::Kind::inner, sibling, hash}.hash()
                 : PrefixNode{PrefixNode::Kind::inner, hash, sibling}.hash();
  }
  return hash;
}

bool same_prefix(const Hash& a, const Hash& b, std::size_t bits) {
  for (unsigned i = 0; i < bits; ++i) {
    if (bit_of(a, i) != bit_of(b, i)) return false;
  }
  return true;
}

// The chain of inner nodes that parts two different leaves which share a place in the tree.
void split_leaves(const PrefixPath& at, const PrefixNode& old_leaf, const PrefixNode& new_leaf,
                  PrefixChange& change) {
  PrefixPath path = at;
  std::vector<PrefixPath> chain;
  while (bit_of(old_leaf.first, path.depth) == bit_of(new_leaf.first, path.depth)) {
    chain.push_back(path);
    path = path.child(bit_of(new_leaf.first, path.depth));
  }
  const bool new_right = bit_of(new_leaf.first, path.depth);
  change.nodes.emplace_back(path.child(!new_right), old_leaf);
  change.nodes.emplace_back(path.child(new_right), new_leaf);
  PrefixNode node{PrefixNode::Kind::inner, new_leaf.hash(), old_leaf.hash()};
  if (new_right) std::swap(node.first, node.second);
  change.nodes.emplace_back(path, node);
  for (auto above = chain.rbegin(); above != chain.rend(); ++above) {
    PrefixNode lone{PrefixNode::Kind::inner, node.hash(), empty_hash};
    if (bit_of(new_leaf.first, above->depth)) std::swap(lone.first, lone.second);
    node = lone;
    change.nodes.emplace_back(*above, node);
  }
  change.root = node.hash();  // Of the subtree; the caller climbs on.
}

}  // namespace

bool bit_of(const Hash& key, unsigned position) {
  check(position < prefix_depth_max);
  return (key.octets[position / 8] & (0x80U >> (position % 8))) != 0;
}

PrefixPath PrefixPath::child(bool right) const {
  check(depth < prefix_depth_max);
  PrefixPath below{depth + 1, bits};
  if (right) set_bit(below.bits, depth);
  return below;
}

Hash PrefixNode::hash() const {
  const char tag = static_cast<char>(kind);
  return sha256({BytesView(&tag, 1), first.view(), second.view()});
}

Result<PrefixChange> set_in_prefix_tree(const Hash& root, const Hash& key, const Hash& value,
                                        const ReadPrefixNode& read) {
  const PrefixNode leaf{PrefixNode::Kind::leaf, key, value};
  PrefixChange change;
  std::vector<std::pair<PrefixPath, PrefixNode>> above;
  PrefixPath path;
  Hash here = root;
  while (true) {
    if (is_empty(here)) {
      change.nodes.emplace_back(path, leaf);
      change.root = leaf.hash();
      break;
    }
    const PrefixNode node = TRY(read(path));
    if (node.hash() != here) return corrupt("a state tree node does not hash to its parent's word");
    if (node.kind == PrefixNode::Kind::leaf) {
      if (node.first == key) {
        change.nodes.emplace_back(path, leaf);
        change.root = leaf.hash();
      } else {
        split_leaves(path, node, leaf, change);
      }
      break;
    }
    const bool right = bit_of(key, path.depth);
    above.emplace_back(path, node);
    here = right ? node.second : node.first;
    path = path.child(right);
  }
  for (auto parent = above.rbegin(); parent != above.rend(); ++parent) {
    auto& [place, node] = *parent;
    (bit_of(key, place.depth) ? node.second : node.first) = change.root;
    change.root = node.hash();
    change.nodes.emplace_back(place, node);
  }
  return change;
}

Result<PrefixProof> prove_in_prefix_tree(const Hash& root, const Hash& key,
                                         const ReadPrefixNode& read) {
  PrefixProof proof;
  PrefixPath path;
  Hash here = root;
  while (!is_empty(here)) {
    const PrefixNode node = TRY(read(path));
    if (node.hash() != here) return corrupt("a state tree node does not hash to its parent's word");
    if (node.kind == PrefixNode::Kind::leaf) {
      if (node.first == key) {
        proof.end = PrefixProof::Present{};
      } else {
        proof.end = PrefixProof::Other{node.first, node.second};
      }
      return proof;
    }
    const bool right = bit_of(key, path.depth);
    proof.siblings.push_back(right ? node.first : node.second);
    here = right ? node.second : node.first;
    path = path.child(right);
  }
  proof.end = PrefixProof::Empty{};
  return proof;
}

bool verify_present(const Hash& root, const Hash& key, const Hash& value,
                    const PrefixProof& proof) {
  if (proof.siblings.size() > prefix_depth_max) return false;
  if (!std::holds_alternative<PrefixProof::Present>(proof.end)) return false;
  const PrefixNode leaf{PrefixNode::Kind::leaf, key, value};
  return root_above(key, proof, leaf.hash()) == root;
}

bool verify_absent(const Hash& root, const Hash& key, const PrefixProof& proof) {
  if (proof.siblings.size() > prefix_depth_max) return false;
  if (std::holds_alternative<PrefixProof::Empty>(proof.end)) {
    return root_above(key, proof, empty_hash) == root;
  }
  const auto* other = std::get_if<PrefixProof::Other>(&proof.end);
  if (other == nullptr || other->key == key ||
      !same_prefix(other->key, key, proof.siblings.size())) {
    return false;
  }
  const PrefixNode leaf{PrefixNode::Kind::leaf, other->key, other->value};
  return root_above(key, proof, leaf.hash()) == root;
}

}  // namespace cpl
