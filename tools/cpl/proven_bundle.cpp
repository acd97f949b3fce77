#include "tools/cpl/proven_bundle.hpp"

#include "registry/tlog/entry.hpp"

namespace cpl {

ProvenBundles::ProvenBundles(const HttpClient& client, const Checkpoint& checkpoint)
    : client_(client), checkpoint_(checkpoint), nodes_(checkpoint.size, [this](const TileId& tile) {
        return fetch(tile, tile_width * sizeof(Hash));
      }) {}

Result<Bytes> ProvenBundles::fetch(const TileId& tile, std::size_t size_max) const {
  return TRY(client_.get("/" + tile_path(tile), size_max)).body;
}

Result<Bytes> ProvenBundles::leaf(EntryIndex index) {
  const std::uint64_t number = index.value / tile_width;
  if (leaves_.empty() || number != number_) {
    const unsigned width = tile_width_at(0, number, checkpoint_.size);
    const Bytes bundle =
        TRY(fetch({0, number, width, true}, width * (entry_size_max + sizeof(std::uint16_t))));
    leaves_ = TRY(split_bundle(bundle, width));
    number_ = number;
  }
  const std::size_t at = index.value % tile_width;
  const auto path = TRY(inclusion_proof(nodes_, index, checkpoint_.size));
  if (at < leaves_.size() &&
      verify_inclusion(merkle_leaf(leaves_[at]), index, checkpoint_.size, path, checkpoint_.root)) {
    return leaves_[at];
  }
  return Error{
      Errc::unauthorized, "inclusion-proof-invalid",
      "entry " + std::to_string(index.value) + " is not in the log as its checkpoint has it"};
}

}  // namespace cpl
