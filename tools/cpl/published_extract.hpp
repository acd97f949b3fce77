// The extracts that a registry has published, as a client takes them.
#pragma once

#include "registry/extract/verdict.hpp"
#include "tools/cpl/cli.hpp"
#include "tools/shared/fetch.hpp"

namespace cpl {

// The newest version, as the registry says; 0 where it says that there is none.
Result<std::uint64_t> newest_version(const FetchResource& fetch);

// One form of a published version with its signature and proof: of that version, or it is
// `evidence-mismatch`.
Result<ExtractFiles> fetch_extract(const FetchResource& fetch, std::uint64_t version,
                                   ExtractForm form);
// A version, believed only where it is valid.
Result<HeldExtract> valid_extract(const Cli& cli, const ExtractFiles& files,
                                  const TrustPolicy& policy);

void add_extract_fetch_command(Cli& cli, CLI::App& extract);

}  // namespace cpl
