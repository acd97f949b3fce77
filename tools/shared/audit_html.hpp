// An audit's report as one page of HTML that needs nothing else: to be read, printed, handed to the
// Panel and kept.
#pragma once

#include "registry/audit/report.hpp"

namespace cpl {

struct AuditPage {
  const AuditReport& report;
  UnixMillis audited_at;
  std::uint64_t duration_millis = 0;
  std::string source;  // A URL, or a folder.
  std::string program;
};

std::string audit_html(const AuditPage& page);

}  // namespace cpl
