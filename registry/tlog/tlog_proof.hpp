// The offline proof of one entry (C2SP tlog-proof): its place, the hashes from it to the root, and
// the checkpoint. Any tlog tool checks it.
#pragma once

#include "registry/tlog/checkpoint.hpp"

namespace cpl {

struct TlogProof {
  EntryIndex index;
  std::vector<Hash> hashes;  // Leaf's sibling first.
  Bytes checkpoint_note;     // Verbatim, with all its signature lines.
  // What helps to make the entry again, in files of ours the entry itself. Worth nothing until it
  // is hashed into the tree.
  std::optional<Bytes> extra{};
};

// Other readers take lines of 64 KiB: what is longer than this goes in a file of its own.
inline constexpr std::size_t tlog_proof_extra_max = 48'000;

Bytes format_tlog_proof(const TlogProof& proof);
Result<TlogProof> parse_tlog_proof(BytesView text);

}  // namespace cpl
