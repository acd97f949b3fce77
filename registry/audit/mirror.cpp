#include "registry/audit/mirror.hpp"

#include "crypto/encoding.hpp"
#include "registry/base/durable_file.hpp"
#include "registry/tlog/tiles.hpp"

namespace cpl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t checkpoint_size_max = 1U << 20U;
constexpr std::size_t resource_size_max = tile_width * (2 + 65'535);  // A whole bundle's.

Error mismatch(const TileId& id, const std::string& with) {
  return Error{Errc::unauthorized, "tile-mismatch",
               tile_path(id) + " does not hold the hashes of " + with};
}

Hash root_of_tile(BytesView tile) {
  MerkleFrontier frontier;
  for (std::size_t at = 0; at < tile.size(); at += sizeof(Hash)) {
    frontier.append(*hash_from_bytes(tile.substr(at, sizeof(Hash))));
  }
  return frontier.root();
}

class Mirror {
 public:
  Mirror(const FetchResource& fetch, const fs::path& folder, const MirrorOptions& options)
      : fetch_(fetch), folder_(folder), options_(options) {}

  // What was brought and does not fit must not stay: the next run would take it for checked.
  Result<MirrorReport> run(const TrustPolicy& policy) {
    auto report = bring(policy);
    if (report) return report;
    std::error_code ignored;
    for (const fs::path& file : brought_) fs::remove(file, ignored);
    return report;
  }

 private:
  Result<MirrorReport> bring(const TrustPolicy& policy) {
    const Bytes note = TRY(fetch_("checkpoint"));
    report_.checkpoint = TRY(trust_checkpoint(note, policy)).checkpoint;
    TRY_VOID(read_earlier(policy));
    for (unsigned level = 0; tile_width_at(level, 0, size()) > 0; ++level) {
      TRY_VOID(bring_level(level));
    }
    TRY_VOID(check_roots());
    TRY_VOID(put("checkpoint", note));
    return std::move(report_);
  }

  TreeSize size() const { return report_.checkpoint.size; }

  Result<void> read_earlier(const TrustPolicy& policy) {
    const auto note = TRY(read_if_there(folder_ / "checkpoint", checkpoint_size_max));
    if (!note) return {};
    earlier_ = TRY(trust_checkpoint(*note, policy)).checkpoint;
    report_.before = earlier_->size;
    if (earlier_->origin != report_.checkpoint.origin) {
      return malformed("origin-mismatch",
                       "the folder holds a copy of another log, \"" + earlier_->origin + "\"");
    }
    if (earlier_->size <= size()) return {};
    return Error{
        Errc::unauthorized, "log-shrank",
        "the log is smaller than the copy of size " + std::to_string(earlier_->size.value)};
  }

  Result<void> bring_level(unsigned level) {
    for (std::uint64_t index = 0;; ++index) {
      const unsigned width = tile_width_at(level, index, size());
      if (width == 0) return {};
      const TileId id{level, index, width, false};
      const Bytes tile = TRY(resource(id));
      if (tile.size() != width * sizeof(Hash)) return mismatch(id, "its width");
      if (level == 0) {
        TRY_VOID(check_entries(id, tile));
        tell_progress(options_.on_progress, index * tile_width + width, size().value);
      } else {
        TRY_VOID(check_below(id, tile));
      }
    }
  }

  // Each hash of a tile above the lowest is the root of the full tile under it.
  Result<void> check_below(const TileId& id, BytesView tile) {
    for (unsigned i = 0; i < id.width; ++i) {
      const TileId below{id.level - 1, id.index * tile_width + i, tile_width, false};
      if (root_of_tile(TRY(resource(below))).view() !=
          tile.substr(i * sizeof(Hash), sizeof(Hash))) {
        return mismatch(id, "the tiles below it");
      }
    }
    return {};
  }

  Result<void> check_entries(const TileId& id, BytesView tile) {
    const TileId bundle{0, id.index, id.width, true};
    const std::vector<Bytes> leaves = TRY(split_bundle(TRY(resource(bundle)), id.width));
    for (unsigned i = 0; i < id.width; ++i) {
      if (merkle_leaf(leaves[i]).view() != tile.substr(i * sizeof(Hash), sizeof(Hash))) {
        return mismatch(id, "the entries below it");
      }
    }
    return {};
  }

  // A full tile never changes: it is brought once.
  Result<Bytes> resource(const TileId& id) {
    const std::string path = tile_path(id);
    if (auto kept = TRY(read_if_there(folder_ / path, resource_size_max))) {
      return *std::move(kept);
    }
    Bytes octets = TRY(fetch_(path));
    brought_.push_back(folder_ / path);
    TRY_VOID(put(path, octets));
    ++report_.resources;
    return octets;
  }

  Result<void> put(const std::string& path, BytesView content) {
    const fs::path file = folder_ / path;
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error) {
      return Error{Errc::unavailable, "mirror-failed",
                   file.parent_path().string() + ": " + error.message()};
    }
    return replace_durably(file, content);
  }

  Result<void> check_roots() {
    const TileNodes nodes(size(), [this](const TileId& id) { return resource(id); });
    if (size().value > 0 && TRY(merkle_root(nodes, size())) != report_.checkpoint.root) {
      return Error{Errc::unauthorized, "root-mismatch",
                   "the log's tiles do not hash to its checkpoint's root"};
    }
    if (!earlier_ || earlier_->size.value == 0) return {};
    if (TRY(merkle_root(nodes, earlier_->size)) == earlier_->root) return {};
    return Error{
        Errc::unauthorized, "history-rewritten",
        "the log does not extend the copy of size " + std::to_string(earlier_->size.value)};
  }

  const FetchResource& fetch_;
  const fs::path& folder_;
  const MirrorOptions& options_;
  MirrorReport report_;
  std::optional<Checkpoint> earlier_;
  std::vector<fs::path> brought_;
};

}  // namespace

Result<MirrorReport> mirror_log(const FetchResource& fetch, const TrustPolicy& policy,
                                const fs::path& folder, const MirrorOptions& options) {
  return Mirror(fetch, folder, options).run(policy);
}

}  // namespace cpl
