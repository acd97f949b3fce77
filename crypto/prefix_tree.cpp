#include "crypto/prefix_tree.hpp"

#include "crypto/hash.hpp"

namespace cpl {
namespace {

const Hash empty_hash{};

bool is_empty(const Hash& hash) { return hash == empty_hash; }

Hash leaf_hash(const Hash& key, const Hash& value) {
  return PrefixNode{PrefixNode::Kind::leaf, key, value}.hash();
}

// Of the node above `here`, which stands on the way to `key` at the depth below it.
Hash hash_above(const Hash& here, const Hash& sibling, const Hash& key, std::size_t depth) {
  const bool right = bit_of(key, static_cast<unsigned>(depth));
  return PrefixNode{PrefixNode::Kind::inner, right ? sibling : here, right ? here : sibling}.hash();
}

// Root of the tree over a proof's siblings when the subtree at its end hashes to `end`.
Hash root_above(const Hash& key, const PrefixProof& proof, const Hash& end) {
  Hash hash = end;
  for (std::size_t depth = proof.siblings.size(); depth-- > 0;) {
    hash = hash_above(hash, proof.siblings[depth], key, depth);
  }
  return hash;
}

bool same_prefix(const Hash& a, const Hash& b, std::size_t bits) {
  for (unsigned i = 0; i < bits; ++i) {
    if (bit_of(a, i) != bit_of(b, i)) return false;
  }
  return true;
}

// Down the tree towards a key: what stands beside the way, and the leaf at its end, if any.
struct Walk {
  std::vector<PrefixSubtree> siblings;
  PrefixSubtree end;                         // Of the leaf; empty where there is none.
  std::shared_ptr<const PrefixBranch> leaf;  // Its branch.
};

Result<Walk> walk_to(const PrefixSubtree& root, const Hash& key, const ReadPrefixBranch& read) {
  Walk walk;
  PrefixSubtree here = root;
  while (!is_empty(here.hash)) {
    auto branch = TRY(read(here.version));
    std::size_t depth = walk.siblings.size();
    if (branch->hash(depth) != here.hash) {
      return corrupt("a branch of the state tree does not hash to what refers to it");
    }
    const auto on_branch = [&] {
      const auto position = static_cast<unsigned>(depth);
      return bit_of(key, position) == bit_of(branch->key(), position);
    };
    for (; depth < branch->depth() && on_branch(); ++depth) {
      walk.siblings.push_back(branch->siblings()[depth]);
    }
    if (depth >= branch->depth()) {
      walk.end = {branch->hash(depth), here.version};
      walk.leaf = std::move(branch);
      return walk;
    }
    walk.siblings.push_back({branch->hash(depth + 1), here.version});
    here = branch->siblings()[depth];
  }
  return walk;
}

}  // namespace

bool bit_of(const Hash& key, unsigned position) {
  check(position < prefix_depth_max);
  return (key.octets[position / 8] & (0x80U >> (position % 8))) != 0;
}

Hash PrefixNode::hash() const {
  const char tag = static_cast<char>(kind);
  return sha256({BytesView(&tag, 1), first.view(), second.view()});
}

PrefixBranch::PrefixBranch(const Hash& key, const Hash& value, std::vector<PrefixSubtree> siblings)
    : key_(key), value_(value), siblings_(std::move(siblings)), hashes_(siblings_.size() + 1) {
  check(siblings_.size() <= prefix_depth_max);
  hashes_.back() = leaf_hash(key_, value_);
  for (std::size_t depth = siblings_.size(); depth-- > 0;) {
    hashes_[depth] = hash_above(hashes_[depth + 1], siblings_[depth].hash, key_, depth);
  }
}

Result<PrefixBranch> set_in_prefix_tree(const PrefixSubtree& root, const Hash& key,
                                        const Hash& value, const ReadPrefixBranch& read) {
  Walk walk = TRY(walk_to(root, key, read));
  if (walk.leaf != nullptr && walk.leaf->key() != key) {
    // Both leaves move down to where their keys part.
    const auto same_bit = [&](std::size_t depth) {
      const auto position = static_cast<unsigned>(depth);
      return bit_of(key, position) == bit_of(walk.leaf->key(), position);
    };
    while (same_bit(walk.siblings.size())) walk.siblings.emplace_back();
    walk.siblings.push_back(walk.end);
  }
  return PrefixBranch(key, value, std::move(walk.siblings));
}

Result<PrefixProof> prove_in_prefix_tree(const PrefixSubtree& root, const Hash& key,
                                         const ReadPrefixBranch& read) {
  const Walk walk = TRY(walk_to(root, key, read));
  PrefixProof proof;
  proof.siblings.reserve(walk.siblings.size());
  for (const PrefixSubtree& sibling : walk.siblings) proof.siblings.push_back(sibling.hash);
  if (walk.leaf == nullptr) {
    proof.end = PrefixProof::Empty{};
  } else if (walk.leaf->key() == key) {
    proof.end = PrefixProof::Present{};
  } else {
    proof.end = PrefixProof::Other{walk.leaf->key(), walk.leaf->value()};
  }
  return proof;
}

bool verify_present(const Hash& root, const Hash& key, const Hash& value,
                    const PrefixProof& proof) {
  if (proof.siblings.size() > prefix_depth_max) return false;
  if (!std::holds_alternative<PrefixProof::Present>(proof.end)) return false;
  return root_above(key, proof, leaf_hash(key, value)) == root;
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
  return root_above(key, proof, leaf_hash(other->key, other->value)) == root;
}

}  // namespace cpl
