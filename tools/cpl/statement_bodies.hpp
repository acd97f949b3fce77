// Statements about models, from what a clerk typed: the same for the commands and for the pages.
#pragma once

#include "tools/cpl/preparation.hpp"

namespace cpl {

Result<Notice> notice_of(const PrepareOptions& options, Sealer& sealer);
Result<Removal> removal_of(const PrepareOptions& options, Sealer& sealer);
Result<Reinstatement> reinstatement_of(const PrepareOptions& options, Sealer& sealer);

// The models of a notice that are not removed yet, as the registry says.
Result<std::vector<std::string>> models_to_remove(const HttpClient& client, std::uint64_t notice);

}  // namespace cpl
