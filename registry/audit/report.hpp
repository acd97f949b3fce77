// What an audit found, in words and as JSON.
#pragma once

#include "registry/audit/audit.hpp"

namespace cpl {

enum class AuditOutcome : std::uint8_t { sound, stale, unsound };
AuditOutcome outcome_of(const AuditReport& report);
// One sentence for a person.
std::string sentence_of(const AuditReport& report);
// What this audit does not show, a sentence each, so that nobody takes it for more than it is.
std::vector<std::string> not_checked(const AuditReport& report);

// Everything that the report holds. `duration_millis` is how long the audit took.
Json to_json(const AuditReport& report, std::uint64_t duration_millis = 0);

}  // namespace cpl
