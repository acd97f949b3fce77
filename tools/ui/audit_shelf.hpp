// What audits leave on this machine: where the last one ended, the charter that the log began with,
// and each report, for the auditor to keep.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "registry/audit/ledger.hpp"
#include "registry/audit/report.hpp"

namespace cpl {

// The oldest report goes when there are more.
inline constexpr std::size_t kept_reports_max = 100;

class AuditShelf {
 public:
  // In that folder, which is made when something is kept.
  explicit AuditShelf(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path state_file(const std::string& origin) const;
  // Nothing where no audit has ended well yet. Errors: those of parse_audit_state, with the file.
  Result<AuditLedger> read_state(const std::string& origin, const TrustPolicy& policy) const;
  Result<void> keep_state(const std::string& origin, const AuditLedger& ledger) const;

  // The id of entry 0, as the first sound audit saw it.
  Result<std::optional<Hash>> read_charter(const std::string& origin) const;
  Result<void> keep_charter(const std::string& origin, const Hash& id) const;

  // The report, as `cpl audit --json` has it and as `--html`; the name that it is kept under, which
  // says when.
  Result<std::string> keep_report(UnixMillis audited_at, const std::string& json,
                                  const std::string& html) const;
  // Newest first.
  std::vector<std::string> reports() const;
  // Error `report-not-here`. `extension` is "json" or "html".
  Result<Bytes> read_report(const std::string& name, std::string_view extension) const;

 private:
  std::filesystem::path file_of(const std::string& origin, std::string_view extension) const;
  Result<void> make_folders() const;

  const std::filesystem::path folder_;
};

}  // namespace cpl
