#include "registry/tlog/tiles.hpp"

#include "crypto/encoding.hpp"
#include "tests/support/reference_tree.hpp"
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::tiles_test {
namespace {

// All hash tiles of a growing tree, as a log would publish them, and the tree itself.
struct TiledTree {
  std::vector<Bytes> levels;  // By level, its hashes one after the other.
  reference::LevelNodes nodes;
  std::uint64_t size = 0;

  void grow_to(std::uint64_t to) {
    for (; size < to; ++size) {
      const Hash leaf = merkle_leaf(std::to_string(size));
      nodes.append(leaf);
      if (levels.empty()) levels.emplace_back();
      levels[0].append(leaf.view());
    }
    for (unsigned level = 1; (size >> (8 * level)) > 0; ++level) {
      if (levels.size() == level) levels.emplace_back();
      for (std::uint64_t i = levels[level].size() / 32; i < size >> (8 * level); ++i) {
        const auto node = nodes.node(8 * level, i);
        REQUIRE(node.has_value());
        levels[level].append(node->view());
      }
    }
  }

  // The tiles of the tree as it was at this size: asking for any other tile fails the test.
  TileNodes tiles_at(std::uint64_t at_size) const {
    return TileNodes(TreeSize{at_size}, [this, at_size](const TileId& id) -> Result<Bytes> {
      CAPTURE(tile_path(id), at_size);
      CHECK(id.width > 0);
      CHECK(id.width == tile_width_at(id.level, id.index, TreeSize{at_size}));
      CHECK_FALSE(id.entries);
      return levels.at(id.level).substr(id.index * 256 * 32, id.width * 32);
    });
  }
};

template <class T>
T expect(Result<T> result) {
  REQUIRE(result.has_value());
  return *std::move(result);
}

}  // namespace

TEST_CASE("tiles: each tile has one path and each path one tile") {
  struct Case {
    TileId tile;
    const char* path;
  };
  for (const Case& one :
       std::vector<Case>{{{0, 0, 256, false}, "tile/0/000"},
                         {{0, 999, 256, false}, "tile/0/999"},
                         {{0, 1000, 256, false}, "tile/0/x001/000"},
                         {{2, 1'234'067, 256, false}, "tile/2/x001/x234/067"},
                         {{0, 273, 112, false}, "tile/0/273.p/112"},
                         {{1, 0, 1, false}, "tile/1/000.p/1"},
                         {{63, 5, 255, false}, "tile/63/005.p/255"},
                         {{0, 0, 256, true}, "tile/entries/000"},
                         {{0, 67, 8, true}, "tile/entries/067.p/8"},
                         {{0, 1'234'067, 8, true}, "tile/entries/x001/x234/067.p/8"}}) {
    CHECK(tile_path(one.tile) == one.path);
    CHECK(parse_tile_path(one.path) == one.tile);
  }
}

TEST_CASE("tiles: every other spelling is no tile") {
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "/tile/0/000",
                           "tile/0/0",
                           "tile/0/00",
                           "tile/0/0000",
                           "tile/0/1000",
                           "tile/0/x000/001",
                           "tile/0/001/000",
                           "tile/0/x001/x000",
                           "tile/0/x001/",
                           "tile/0/x001",
                           "tile/0/X001/000",
                           "tile/0/x1/000",
                           "tile/00/000",
                           "tile/01/000",
                           "tile/64/000",
                           "tile/-1/000",
                           "tile/+1/000",
                           "tile/a/000",
                           "tile//000",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/257",
                           "tile/0/000.p/01",
                           "tile/0/000.p/",
                           "tile/0/000.p",
                           "tile/0/000.p/1/",
                           "tile/0/000.p/1.p/1",
                           "tile/0/000.P/1",
                           "tile/0/000 ",
                           "tile/0/00a",
                           "tile/0/000/",
                           "tile/0/000?x",
                           "tile/8/0/000",
                           "tile/data/000",
                           "tile/Entries/000",
                           "tile/entries/0",
                           "tile/entries/000.p/0",
                           "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                           "tile/0/%30%30%30",
                           "tile/0/../000"}) {
    CAPTURE(path);
    CHECK_FALSE(parse_tile_path(path).has_value());
  }
}

TEST_CASE("tiles: the edge of a tree of 256 and of 70,000 entries") {
  const TreeSize small{256};
  CHECK(tile_width_at(0, 0, small) == 256);
  CHECK(tile_width_at(0, 1, small) == 0);
  CHECK(tile_width_at(1, 0, small) == 1);
  CHECK(tile_width_at(2, 0, small) == 0);

  const TreeSize large{70'000};
  CHECK(tile_width_at(0, 272, large) == 256);
  CHECK(tile_width_at(0, 273, large) == 112);
  CHECK(tile_width_at(0, 274, large) == 0);
  CHECK(tile_width_at(1, 0, large) == 256);
  CHECK(tile_width_at(1, 1, large) == 17);
  CHECK(tile_width_at(1, 2, large) == 0);
  CHECK(tile_width_at(2, 0, large) == 1);
  CHECK(tile_width_at(3, 0, large) == 0);

  CHECK(tile_width_at(0, 0, TreeSize{0}) == 0);
  CHECK(tile_width_at(7, 0, TreeSize{INT64_MAX}) == 127);
  CHECK(tile_width_at(8, 0, TreeSize{INT64_MAX}) == 0);
  CHECK(tile_width_at(63, 0, TreeSize{INT64_MAX}) == 0);
  CHECK(tile_width_at(0, UINT64_MAX, TreeSize{INT64_MAX}) == 0);
}

TEST_CASE("tiles: roots and proofs from tiles are those of the tree, up to 70,000 entries") {
  TiledTree tree;
  for (const std::uint64_t size : {1U, 2U, 3U, 7U, 8U, 39U, 255U, 256U, 257U, 511U, 512U, 513U,
                                   1000U, 65'535U, 65'536U, 65'537U, 66'000U, 70'000U}) {
    tree.grow_to(size);
    const TreeSize now{size};
    const TileNodes tiles = tree.tiles_at(size);
    const Hash root = expect(merkle_root(tiles, now));
    CHECK(root == expect(merkle_root(tree.nodes, now)));
    CHECK(expect(merkle_frontier(tiles, now)).root() == root);
    for (const std::uint64_t index :
         {std::uint64_t{0}, size / 3, size / 2, size - 1, size - size % 256}) {
      if (index >= size) continue;
      const auto proof = expect(inclusion_proof(tiles, EntryIndex{index}, now));
      CHECK(proof == expect(inclusion_proof(tree.nodes, EntryIndex{index}, now)));
      CHECK(verify_inclusion(merkle_leaf(std::to_string(index)), EntryIndex{index}, now, proof,
                             root));
    }
    for (const std::uint64_t older : {std::uint64_t{1}, (size + 1) / 2, size - 1, size}) {
      if (older == 0) continue;
      const auto proof = expect(consistency_proof(tiles, TreeSize{older}, now));
      CHECK(proof == expect(consistency_proof(tree.nodes, TreeSize{older}, now)));
    }
  }
  CHECK(to_hex(expect(merkle_root(tree.tiles_at(70'000), TreeSize{70'000}))) ==
        "1a4cdfcb66374a0c0dcbef49acbd4976d13ee864fb3cb241fc943cad04f02f7e");
}

TEST_CASE("tiles: a proof reads each tile once, and at most four of them") {
  TiledTree tree;
  tree.grow_to(70'000);
  for (const std::uint64_t index : {0U, 255U, 65'535U, 65'536U, 69'999U}) {
    int reads = 0;
    const TileNodes tiles(TreeSize{70'000}, [&](const TileId& id) -> Result<Bytes> {
      ++reads;
      return tree.levels.at(id.level).substr(id.index * 256 * 32, id.width * 32);
    });
    CHECK(inclusion_proof(tiles, EntryIndex{index}, TreeSize{70'000}).has_value());
    CHECK(reads <= 4);
  }
}

TEST_CASE("tiles: a full tile stands in for a partial one, a shorter one does not") {
  TiledTree tree;
  tree.grow_to(256);
  const auto cut_to = [&](std::size_t octets) {
    return TileNodes(TreeSize{44}, [&tree, octets](const TileId&) -> Result<Bytes> {
      return tree.levels.at(0).substr(0, octets);
    });
  };
  const Hash root = expect(merkle_root(tree.nodes, TreeSize{44}));
  CHECK(expect(merkle_root(cut_to(256 * 32), TreeSize{44})) == root);
  CHECK(expect(merkle_root(cut_to(44 * 32), TreeSize{44})) == root);
  for (const std::size_t octets : std::initializer_list<std::size_t>{0, 1, 43 * 32, 44 * 32 - 1}) {
    const auto too_short = merkle_root(cut_to(octets), TreeSize{44});
    REQUIRE_FALSE(too_short.has_value());
    CHECK(told(too_short.error()) == "tile-malformed, rule 0, invalid");
  }
}

TEST_CASE("tiles: a tile that cannot be had fails the proof with its reason") {
  const TileNodes tiles(TreeSize{10}, [](const TileId&) -> Result<Bytes> {
    return Error{Errc::unavailable, "away", "away"};
  });
  const auto root = merkle_root(tiles, TreeSize{10});
  REQUIRE_FALSE(root.has_value());
  CHECK(root.error().code == "away");
}

TEST_CASE("bundle: entries come out as they went in, none, empty or the largest") {
  Bytes bundle;
  const std::vector<Bytes> entries = {"one", "", Bytes("\0\n", 2), Bytes(65'535, 'x')};
  for (const Bytes& entry : entries) append_to_bundle(bundle, entry);
  CHECK(bundle.substr(0, 7) == Bytes("\0\3one\0\0", 7));
  CHECK(expect(split_bundle(bundle, 4)) == entries);
  CHECK(expect(split_bundle(bundle, 2)) == std::vector<Bytes>{"one", ""});
  CHECK(expect(split_bundle("", 0)).empty());
}

TEST_CASE("bundle: one that ends too soon is refused wherever it was cut") {
  Bytes bundle;
  append_to_bundle(bundle, "one");
  append_to_bundle(bundle, "two");
  for (std::size_t size = 0; size < bundle.size(); ++size) {
    const auto entries = split_bundle(BytesView(bundle).substr(0, size), 2);
    REQUIRE_FALSE(entries.has_value());
    CHECK(told(entries.error()) == "bundle-malformed, rule 0, invalid");
  }
}

}  // namespace cpl::testing::tiles_test
