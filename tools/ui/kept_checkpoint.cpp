#include "tools/ui/kept_checkpoint.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/tlog/tiles.hpp"
#include "tools/shared/files.hpp"

namespace cpl {
namespace {

constexpr std::size_t note_size_max = std::size_t{1} << 20;

Error split_view(const Checkpoint& kept, const Checkpoint& shown) {
  return Error{Errc::unauthorized, "split-view",
               "The log shows another history than the one that you have seen at size " +
                   std::to_string(kept.size.value) + ", and its own key signed both (shown: size " +
                   std::to_string(shown.size.value) +
                   "). Sign nothing. Keep the file of the checkpoint, and tell the Panel"};
}

// That the kept log is the beginning of the one shown, by the log's tiles.
Result<void> check_goes_on(const HttpClient& client, const Checkpoint& kept,
                           const Checkpoint& shown) {
  if (shown.size < kept.size) {
    return Error{Errc::unauthorized, "log-shrank",
                 "The log has " + std::to_string(shown.size.value) +
                     " entries, and you have seen " + std::to_string(kept.size.value) +
                     ": it was rolled back, or an old copy of it is shown. Sign nothing"};
  }
  if (shown.size == kept.size) {
    return shown.root == kept.root ? Result<void>() : Result<void>(split_view(kept, shown));
  }
  if (kept.size.value == 0) return {};
  const TileNodes nodes(shown.size, [&](const TileId& tile) -> Result<Bytes> {
    return TRY(client.get("/" + tile_path(tile), tile_width * sizeof(Hash))).body;
  });
  const auto proof = TRY(consistency_proof(nodes, kept.size, shown.size));
  if (verify_consistency(kept.size, kept.root, shown.size, shown.root, proof)) return {};
  return split_view(kept, shown);
}

}  // namespace

std::filesystem::path KeptCheckpoint::file_of(const std::string& origin) const {
  constexpr std::size_t name_digits = 16;
  return folder_ /
         (std::string(kept_checkpoint_prefix) + to_hex(sha256(origin)).substr(0, name_digits));
}

Result<std::optional<Checkpoint>> KeptCheckpoint::kept(const std::string& origin,
                                                       const TrustPolicy& policy) const {
  std::error_code ignored;
  const auto file = file_of(origin);
  if (!std::filesystem::exists(file, ignored)) return std::optional<Checkpoint>();
  const auto trusted = trust_checkpoint(TRY(read_file(file, note_size_max)), policy);
  if (trusted) return std::optional(trusted->checkpoint);
  return within(file.string() + " (take it away if the log's keys were changed)", trusted.error());
}

Result<Checkpoint> KeptCheckpoint::follow(const HttpClient& client, const TrustPolicy& policy) {
  const Bytes note = TRY(client.get("/checkpoint", note_size_max)).body;
  const Checkpoint shown = TRY(trust_checkpoint(note, policy)).checkpoint;
  const Lock lock(mutex_);
  const auto before = TRY(kept(shown.origin, policy));
  if (before) TRY_VOID(check_goes_on(client, *before, shown));
  if (!before || before->size < shown.size) {
    TRY_VOID(write_file(file_of(shown.origin), note, Secrecy::open));
  }
  return shown;
}

}  // namespace cpl
