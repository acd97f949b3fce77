// The state tree in memory, for replays: the same roots as the stored one, 70 to 110 octets a
// model.
#pragma once

#include <deque>

#include "crypto/prefix_tree.hpp"

namespace cpl {

class MemoryStateTree {
 public:
  // The root after the key has the value.
  Hash set(const Hash& key, const Hash& value);
  Hash root() const;

 private:
  using Place = std::uint32_t;
  static constexpr Place none = UINT32_MAX;

  struct Leaf {
    Hash key;
    Hash hash;
  };
  struct Inner {
    Hash hash;
    std::array<Place, 2> children{none, none};
  };
  // A place names a leaf or, with the top bit, an inner node.
  static constexpr Place inner_bit = 0x80000000U;

  Hash hash_at(Place place) const;
  Place add_leaf(const Hash& key, const Hash& value);
  Place add_inner(Place left, Place right);
  // The subtree that parts two leaves, from `depth` down.
  Place part(Place old_leaf, Place new_leaf, unsigned depth);
  Place set_below(Place place, const Hash& key, const Hash& value, unsigned depth);
  void rehash(Inner& inner) const;

  // They grow without a copy of all, which would need as much memory again.
  std::deque<Leaf> leaves_;
  std::deque<Inner> inners_;
  Place root_ = none;
};

}  // namespace cpl
