// Extracts and their proofs from a log that one keeps.
#pragma once

#include "registry/extract/proof.hpp"
#include "registry/log/log_view.hpp"

namespace cpl {

// The list as it was at `size`, from 1 to the view's.
Result<Extract> build_extract(const LogView& log, TreeSize size, std::uint64_t version,
                              std::optional<Hash> previous);

// Under the view's checkpoint, for an extract at `size`.
Result<ExtractProof> build_extract_proof(const LogView& log, TreeSize size);

}  // namespace cpl
