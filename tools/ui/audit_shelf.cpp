#include "tools/ui/audit_shelf.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/audit/state.hpp"
#include "registry/base/durable_file.hpp"
#include "tools/shared/files.hpp"

namespace cpl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t origin_digits = 16;
constexpr std::size_t report_size_max = std::size_t{256} << 20;
constexpr std::string_view name_start = "audit-";

// "audit-20261201T162233.123Z": a time without what a file's name cannot hold.
std::string report_name(UnixMillis at) {
  std::string name(name_start);
  for (const char letter : format_time_millis(at)) {
    if (letter != '-' && letter != ':') name += letter;
  }
  return name;
}

// It is part of an address, and cannot lead elsewhere.
bool is_report_name(std::string_view name) {
  constexpr std::string_view allowed = "0123456789TZ.-";
  return name.starts_with(name_start) && name.size() <= 40 &&
         name.find_first_not_of(allowed, name_start.size()) == name.npos;
}

}  // namespace

fs::path AuditShelf::file_of(const std::string& origin, std::string_view extension) const {
  return folder_ / (to_hex(sha256(origin)).substr(0, origin_digits) + std::string(extension));
}

fs::path AuditShelf::state_file(const std::string& origin) const {
  return file_of(origin, ".state");
}

Result<void> AuditShelf::make_folders() const {
  std::error_code failed;
  fs::create_directories(folder_ / "reports", failed);
  if (!failed) fs::permissions(folder_, fs::perms::owner_all, failed);
  if (!failed) return {};
  return Error{Errc::unavailable, "folder-unusable", folder_.string() + ": " + failed.message()};
}

Result<AuditLedger> AuditShelf::read_state(const std::string& origin,
                                           const TrustPolicy& policy) const {
  const fs::path file = state_file(origin);
  const auto content = TRY(read_if_there(file, audit_state_size_max));
  if (!content) return AuditLedger{};
  auto ledger = parse_audit_state(*content, policy);
  if (!ledger) return within(file.string(), ledger.error());
  return ledger;
}

Result<void> AuditShelf::keep_state(const std::string& origin, const AuditLedger& ledger) const {
  TRY_VOID(make_folders());
  return write_file(state_file(origin), format_audit_state(ledger), Secrecy::open);
}

Result<std::optional<Hash>> AuditShelf::read_charter(const std::string& origin) const {
  constexpr std::size_t hash_digits = 2 * sizeof(Hash);
  const fs::path file = file_of(origin, ".charter");
  const auto content = TRY(read_if_there(file, hash_digits + 1));
  if (!content) return std::optional<Hash>();
  const std::string_view digits(content->data(), std::min(content->size(), hash_digits));
  if (const auto id = hash_from_hex(digits)) return id;
  return malformed("charter-malformed", file.string() + " holds no charter's id: take it away");
}

Result<void> AuditShelf::keep_charter(const std::string& origin, const Hash& id) const {
  TRY_VOID(make_folders());
  return write_file(file_of(origin, ".charter"), to_hex(id) + "\n", Secrecy::open);
}

Result<std::string> AuditShelf::keep_report(UnixMillis audited_at, const std::string& json,
                                            const std::string& html) const {
  TRY_VOID(make_folders());
  const std::string name = report_name(audited_at);
  const fs::path place = folder_ / "reports" / name;
  TRY_VOID(write_file(place.string() + ".html", html, Secrecy::open));
  TRY_VOID(write_file(place.string() + ".json", json, Secrecy::open));
  const auto names = reports();
  for (std::size_t i = kept_reports_max; i < names.size(); ++i) {
    std::error_code ignored;
    fs::remove(folder_ / "reports" / (names[i] + ".json"), ignored);
    fs::remove(folder_ / "reports" / (names[i] + ".html"), ignored);
  }
  return name;
}

std::vector<std::string> AuditShelf::reports() const {
  std::vector<std::string> names;
  std::error_code failed;
  for (fs::directory_iterator at(folder_ / "reports", failed), end; !failed && at != end;
       at.increment(failed)) {
    const std::string name = at->path().stem().string();
    if (at->path().extension() == ".json" && is_report_name(name)) names.push_back(name);
  }
  std::sort(names.rbegin(), names.rend());
  return names;
}

Result<Bytes> AuditShelf::read_report(const std::string& name, std::string_view extension) const {
  check(extension == "json" || extension == "html");
  if (is_report_name(name)) {
    auto content = TRY(read_if_there(folder_ / "reports" / (name + "." + std::string(extension)),
                                     report_size_max));
    if (content) return *std::move(content);
  }
  return Error{Errc::not_found, "report-not-here", "This audit's report is not on this computer."};
}

}  // namespace cpl
