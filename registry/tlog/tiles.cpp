#include "registry/tlog/tiles.hpp"

#include <cstring>

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t hash_size = 32;
constexpr std::size_t tiles_kept_max = 64;  // Of one TileNodes: a megabyte.
constexpr std::string_view prefix = "tile/";

// 1234067 becomes x001/x234/067.
std::string index_path(std::uint64_t index) {
  const auto group = [](std::uint64_t value) {
    const std::string digits = std::to_string(value);
    return std::string(3 - digits.size(), '0') + digits;
  };
  std::string path = group(index % 1000);
  for (index /= 1000; index > 0; index /= 1000) path.insert(0, "x" + group(index % 1000) + "/");
  return path;
}

std::optional<std::uint64_t> parse_index_path(std::string_view path) {
  std::uint64_t index = 0;
  while (true) {
    const bool more = path.starts_with('x');
    if (more) path.remove_prefix(1);
    if (path.size() < 3 || path.substr(0, 3).find_first_not_of("0123456789") != path.npos) {
      return std::nullopt;
    }
    if (index > INT64_MAX / 1000 - 1) return std::nullopt;
    for (const char digit : path.substr(0, 3)) {
      index = index * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    path.remove_prefix(3);
    if (!more) return path.empty() ? std::optional(index) : std::nullopt;
    if (!path.starts_with('/')) return std::nullopt;
    path.remove_prefix(1);
  }
}

Hash hash_at(BytesView tile, std::uint64_t position) {
  Hash hash;
  std::memcpy(hash.octets.data(), tile.data() + position * hash_size, hash_size);
  return hash;
}

}  // namespace

std::string tile_path(const TileId& tile) {
  std::string path(prefix);
  path += tile.entries ? "entries" : std::to_string(tile.level);
  path += "/" + index_path(tile.index);
  if (tile.width < tile_width) path += ".p/" + std::to_string(tile.width);
  return path;
}

std::optional<TileId> parse_tile_path(std::string_view path) {
  if (path.size() > 64 || !path.starts_with(prefix)) return std::nullopt;
  const std::string_view whole = path;
  path.remove_prefix(prefix.size());
  const auto slash = path.find('/');
  if (slash == path.npos) return std::nullopt;
  TileId tile;
  const std::string_view level = path.substr(0, slash);
  path.remove_prefix(slash + 1);
  tile.entries = level == "entries";
  if (!tile.entries) {
    const auto number = from_decimal(level);
    if (!number || *number > 63) return std::nullopt;
    tile.level = static_cast<unsigned>(*number);
  }
  if (const auto partial = path.find(".p/"); partial != path.npos) {
    const auto width = from_decimal(path.substr(partial + 3));
    if (!width || *width == 0 || *width >= tile_width) return std::nullopt;
    tile.width = static_cast<unsigned>(*width);
    path = path.substr(0, partial);
  }
  const auto index = parse_index_path(path);
  if (!index) return std::nullopt;
  tile.index = *index;
  if (tile_path(tile) != whole) return std::nullopt;
  return tile;
}

unsigned tile_width_at(unsigned level, std::uint64_t index, TreeSize size) {
  if (level > tile_level_max) return 0;
  const std::uint64_t hashes = size.value >> (tile_height * level);
  if (index > hashes / tile_width) return 0;
  return static_cast<unsigned>(std::min(tile_width, hashes - index * tile_width));
}

void append_to_bundle(Bytes& bundle, BytesView entry) {
  check(entry.size() <= 65'535);
  append_u16(bundle, static_cast<std::uint16_t>(entry.size()));
  bundle.append(entry);
}

Result<std::vector<Bytes>> split_bundle(BytesView bundle, unsigned width) {
  std::vector<Bytes> entries;
  while (entries.size() < width) {
    const std::size_t size = bundle.size() < 2 ? 0 : read_big_endian(bundle.substr(0, 2));
    if (bundle.size() < 2 + size) {
      return malformed("bundle-malformed", "an entry bundle ends in the middle of entry " +
                                               std::to_string(entries.size()));
    }
    entries.emplace_back(bundle.substr(2, size));
    bundle.remove_prefix(2 + size);
  }
  return entries;
}

Result<const TileNodes::Rows*> TileNodes::tile(unsigned level, std::uint64_t index) const {
  const TileId id{level, index, tile_width_at(level, index, size_), false};
  const auto found = read_.find(id);
  if (found != read_.end()) return &found->second;
  const Bytes octets = TRY(fetch_(id));
  if (octets.size() < id.width * hash_size) {
    return malformed("tile-malformed", tile_path(id) + " has " + std::to_string(octets.size()) +
                                           " octets, too few for its width");
  }
  Rows rows(1, std::vector<Hash>(id.width));
  for (std::size_t i = 0; i < id.width; ++i) rows[0][i] = hash_at(octets, i);
  while (rows.back().size() > 1) {
    const std::vector<Hash>& below = rows.back();
    std::vector<Hash> row(below.size() / 2);
    for (std::size_t i = 0; i < row.size(); ++i)
      row[i] = merkle_node(below[2 * i], below[2 * i + 1]);
    rows.push_back(std::move(row));
  }
  if (read_.size() == tiles_kept_max) read_.clear();
  return &read_.emplace(id, std::move(rows)).first->second;
}

Result<Hash> TileNodes::node(unsigned height, std::uint64_t index) const {
  const unsigned row = height % tile_height;
  const std::uint64_t per_tile = tile_width >> row;
  const Rows& rows = *TRY(tile(height / tile_height, index / per_tile));
  const std::uint64_t offset = index % per_tile;
  if (row >= rows.size() || offset >= rows[row].size()) {
    return malformed("tile-malformed", "a subtree reaches beyond the edge of its tile");
  }
  return rows[row][offset];
}

}  // namespace cpl
