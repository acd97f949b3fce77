// Tiles (C2SP tlog-tiles): the log as static resources. A hash tile holds up to 256 hashes of one
// level; an entry bundle holds the entries under the level-0 tile of the same number.
#pragma once

#include <functional>
#include <mutex>

#include "crypto/merkle.hpp"

namespace cpl {

inline constexpr std::uint64_t tile_width = 256;
inline constexpr unsigned tile_height = 8;
inline constexpr unsigned tile_level_max = 7;  // Levels 0 to 7 hold all of 2^63 entries.

struct TileId {
  unsigned level = 0;
  std::uint64_t index = 0;
  unsigned width = tile_width;  // Less than 256 for a partial tile.
  bool entries = false;         // A bundle rather than hashes; its level is 0.

  auto operator<=>(const TileId&) const = default;
};

// tile/0/x001/x234/067.p/8, tile/entries/000: one spelling each, any other is no tile.
std::string tile_path(const TileId& tile);
std::optional<TileId> parse_tile_path(std::string_view path);

// How many of a tile's hashes a tree of this size has; 0 where it has none of them.
unsigned tile_width_at(unsigned level, std::uint64_t index, TreeSize size);

// Each entry with its length as two octets before it.
void append_to_bundle(Bytes& bundle, BytesView entry);
Result<std::vector<Bytes>> split_bundle(BytesView bundle, unsigned width);

// Subtree hashes from hash tiles. `fetch` brings a tile's octets, at least as many as the width
// asks for. Several proofs from one object share what it has read and hashed. Not for several
// threads at once.
class TileNodes final : public MerkleNodes {
 public:
  using Fetch = std::function<Result<Bytes>(const TileId&)>;
  TileNodes(TreeSize size, Fetch fetch) : size_(size), fetch_(std::move(fetch)) {}

  Result<Hash> node(unsigned height, std::uint64_t index) const override;

 private:
  // A tile's hashes, then those of the complete subtrees above them, row by row.
  using Rows = std::vector<std::vector<Hash>>;

  Result<const Rows*> tile(unsigned level, std::uint64_t index) const;

  TreeSize size_;
  Fetch fetch_;
  mutable std::map<TileId, Rows> read_;  // A proof reads few tiles, and most of their subtrees.
};

}  // namespace cpl
