// A model id in 11 octets, for who holds a whole list in memory: the device type, then the octets
// that the id's hexadecimal digits spell.
#pragma once

#include "registry/statement/model.hpp"

namespace cpl {

class PackedModelId {
 public:
  explicit PackedModelId(const ModelId& id);

  ModelId unpacked() const;
  BytesView view() const { return view_of(octets_.data(), octets_.size()); }
  auto operator<=>(const PackedModelId&) const = default;

 private:
  std::array<std::uint8_t, 11> octets_{};
};

// Salted anew for each table: whoever chooses ids must not be able to put them all in one place.
class HashOfModelId {
 public:
  HashOfModelId();
  std::size_t operator()(const PackedModelId& id) const;

 private:
  std::array<char, 16> salt_{};
};

}  // namespace cpl
