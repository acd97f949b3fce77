#include "registry/list/memory_state_tree.hpp"

namespace cpl {

Hash MemoryStateTree::hash_at(Place place) const {
  if (place == none) return Hash{};
  if ((place & inner_bit) != 0) return inners_[place & ~inner_bit].hash;
  return leaves_[place].hash;
}

Hash MemoryStateTree::root() const { return hash_at(root_); }

void MemoryStateTree::rehash(Inner& inner) const {
  inner.hash =
      PrefixNode{PrefixNode::Kind::inner, hash_at(inner.children[0]), hash_at(inner.children[1])}
          .hash();
}

MemoryStateTree::Place MemoryStateTree::add_leaf(const Hash& key, const Hash& value) {
  check(leaves_.size() < inner_bit);
  leaves_.push_back({key, PrefixNode{PrefixNode::Kind::leaf, key, value}.hash()});
  return static_cast<Place>(leaves_.size() - 1);
}

MemoryStateTree::Place MemoryStateTree::add_inner(Place left, Place right) {
  check(inners_.size() < inner_bit - 1);
  Inner inner;
  inner.children = {left, right};
  rehash(inner);
  inners_.push_back(inner);
  return static_cast<Place>(inners_.size() - 1) | inner_bit;
}

MemoryStateTree::Place MemoryStateTree::part(Place old_leaf, Place new_leaf, unsigned depth) {
  const bool old_right = bit_of(leaves_[old_leaf].key, depth);
  const bool new_right = bit_of(leaves_[new_leaf].key, depth);
  if (old_right != new_right) {
    return old_right ? add_inner(new_leaf, old_leaf) : add_inner(old_leaf, new_leaf);
  }
  const Place below = part(old_leaf, new_leaf, depth + 1);
  return new_right ? add_inner(none, below) : add_inner(below, none);
}

MemoryStateTree::Place MemoryStateTree::set_below(Place place, const Hash& key, const Hash& value,
                                                  unsigned depth) {
  if (place == none) return add_leaf(key, value);
  if ((place & inner_bit) == 0) {
    if (leaves_[place].key == key) {
      leaves_[place].hash = PrefixNode{PrefixNode::Kind::leaf, key, value}.hash();
      return place;
    }
    return part(place, add_leaf(key, value), depth);
  }
  const std::size_t side = bit_of(key, depth) ? 1 : 0;
  Inner& inner = inners_[place & ~inner_bit];
  inner.children[side] = set_below(inner.children[side], key, value, depth + 1);
  rehash(inner);
  return place;
}

Hash MemoryStateTree::set(const Hash& key, const Hash& value) {
  root_ = set_below(root_, key, value, 0);
  return root();
}

}  // namespace cpl
