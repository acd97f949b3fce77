// What stands beside an extract so that it can be judged with no network: the charters up to the
// one in force, and the entry that carries the state root, each with its tlog-proof.
#pragma once

#include "registry/evidence/evidence.hpp"
#include "registry/extract/extract.hpp"
#include "registry/tlog/tiles.hpp"

namespace cpl {

inline constexpr std::size_t extract_proof_size_max = std::size_t{4} << 20U;

struct ExtractProof {
  std::vector<ProvenEntry> charters;  // From entry 0 on.
  ProvenEntry last;                   // Entry log_size - 1.
};

Bytes format_extract_proof(const ExtractProof& proof);
Result<ExtractProof> parse_extract_proof(BytesView text);

// Proves leaves, given by index, under the checkpoint whose size the nodes have.
Result<ProvenEntry> prove_entry(EntryIndex index, Bytes leaf, const TileNodes& nodes, TreeSize size,
                                const Bytes& checkpoint_note);

}  // namespace cpl
