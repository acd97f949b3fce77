// Octets, and the strong numbers that keep a position, a count and a time from being mixed up.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cpl {

using Bytes = std::string;           // Owned octets: what RocksDB and Beast speak.
using BytesView = std::string_view;  // Borrowed for the call.

template <class Tag>
struct Strong {
  std::uint64_t value = 0;
  auto operator<=>(const Strong&) const = default;
};

using EntryIndex = Strong<struct EntryIndexTag>;  // Zero-based position of an entry in the log.
using TreeSize = Strong<struct TreeSizeTag>;      // Number of entries: last index + 1.

// 32 octets of SHA-256.
struct Hash {
  std::array<std::uint8_t, 32> octets{};

  auto operator<=>(const Hash&) const = default;
  BytesView view() const { return {reinterpret_cast<const char*>(octets.data()), octets.size()}; }
};

inline const std::uint8_t* octets_of(BytesView bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}
inline BytesView view_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace cpl
