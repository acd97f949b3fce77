#include "registry/tlog/tiles.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

// The first octet is the width; the rest is an entry bundle, and a tile's path.
CPL_FUZZ_TARGET(bundle) {
  if (input.empty()) return;
  const unsigned width = static_cast<std::uint8_t>(input.front()) + 1U;
  const BytesView rest = input.substr(1);
  if (const auto entries = split_bundle(rest, width)) {
    check(entries->size() == width);
    Bytes bundle;
    for (const Bytes& entry : *entries) append_to_bundle(bundle, entry);
    check(rest.starts_with(bundle));
  }
  if (const auto tile = parse_tile_path(rest)) check(tile_path(*tile) == rest);
}

}  // namespace cpl::fuzz
