// What an audit counts and dates, as one JSON object of its state file.
#pragma once

#include "registry/audit/ledger.hpp"

namespace cpl {

Bytes format_audit_summary(const AuditLedger& ledger);
Result<void> read_audit_summary(BytesView text, AuditLedger& ledger);

}  // namespace cpl
