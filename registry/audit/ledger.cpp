#include "registry/audit/ledger.hpp"

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t tile_octets = tile_width * sizeof(Hash);

}  // namespace

SeenId seen_id(const Hash& id) {
  SeenId seen{};
  std::copy_n(id.octets.begin(), seen.size(), seen.begin());
  return seen;
}

std::size_t HashOfId::operator()(const SeenId& id) const noexcept {
  std::size_t hash = 0;
  std::memcpy(&hash, id.data(), sizeof hash);
  return hash;
}

Result<TileEdges> TileEdges::restore(TreeSize size, const std::vector<Bytes>& levels) {
  TileEdges edges;
  std::uint64_t below = size.value;  // Hashes of the level.
  for (const Bytes& octets : levels) {
    if (octets.size() != below % tile_width * sizeof(Hash)) {
      return corrupt("a tile at the edge does not fit the tree's size");
    }
    Edge edge{octets, {}, below / tile_width};
    for (std::size_t at = 0; at < octets.size(); at += sizeof(Hash)) {
      edge.subtree.append(*hash_from_bytes(BytesView(octets).substr(at, sizeof(Hash))));
    }
    edges.edges_.push_back(std::move(edge));
    below /= tile_width;
  }
  if (below > 0) return corrupt("a tile at the edge is missing");
  return edges;
}

TileId TileEdges::id(unsigned level) const {
  const Edge& edge = edges_[level];
  return {level, edge.index, static_cast<unsigned>(edge.octets.size() / sizeof(Hash)), false};
}

Result<void> TileEdges::append(const Hash& leaf, const Full& full) {
  Hash hash = leaf;
  for (unsigned level = 0;; ++level) {
    if (level == edges_.size()) edges_.emplace_back();
    Edge& edge = edges_[level];
    edge.octets.append(hash.view());
    edge.subtree.append(hash);
    if (edge.octets.size() < tile_octets) return {};
    TRY_VOID(full(id(level), edge.octets));
    hash = edge.subtree.root();
    edge = Edge{{}, {}, edge.index + 1};
  }
}

Result<MerkleFrontier> TileEdges::frontier(TreeSize size) const {
  std::vector<Hash> subtrees;  // Largest first.
  for (auto edge = edges_.rbegin(); edge != edges_.rend(); ++edge) {
    const std::vector<Hash>& hashes = edge->subtree.subtrees();
    subtrees.insert(subtrees.end(), hashes.begin(), hashes.end());
  }
  return MerkleFrontier::restore(size, std::move(subtrees));
}

}  // namespace cpl
