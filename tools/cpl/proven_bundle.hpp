// Entries read by the bundle, each proven to be in the log under one checkpoint. Not for several
// threads at once.
#pragma once

#include "registry/tlog/checkpoint.hpp"
#include "registry/tlog/tiles.hpp"
#include "tools/shared/http_client.hpp"

namespace cpl {

class ProvenBundles {
 public:
  // The checkpoint is trusted; both outlive the object.
  ProvenBundles(const HttpClient& client, const Checkpoint& checkpoint);
  ProvenBundles(const ProvenBundles&) = delete;
  ProvenBundles& operator=(const ProvenBundles&) = delete;

  Result<Bytes> leaf(EntryIndex index);

 private:
  Result<Bytes> fetch(const TileId& tile, std::size_t size_max) const;

  const HttpClient& client_;
  const Checkpoint& checkpoint_;
  const TileNodes nodes_;
  std::uint64_t number_ = 0;  // Of the bundle that was read last.
  std::vector<Bytes> leaves_;
};

}  // namespace cpl
