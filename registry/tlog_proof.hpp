// The offline proof of one entry (C2SP tlog-proof): its place, the hashes from it to the root, and
// the checkpoint. Any tlog tool checks it.
#pragma once

#include "registry/checkpoint.hpp"

namespace cpl {

struct TlogProof {
  EntryIndex index;
  std::vector<Hash> hashes;  // Leaf's sibling first.
  Bytes checkpoint_note;     // Verbatim, with all its signature lines.
};

Bytes format_tlog_proof(const TlogProof& proof);
Result<TlogProof> parse_tlog_proof(BytesView text);

}  // namespace cpl
