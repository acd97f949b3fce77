// Entry 0, the charter that all else rests on, held to an id that came by another way: a log of the
// right key that somebody else began is another registry.
#pragma once

#include "registry/audit/audit.hpp"

namespace cpl {

// A finding (`charter-mismatch`) where the log's first entry is not the charter with that id.
Result<std::optional<AuditFinding>> check_first_charter(const FetchResource& fetch,
                                                        const AuditReport& report, const Hash& id);

}  // namespace cpl
