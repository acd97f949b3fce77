#include "tools/cpld_files.hpp"

#include <iostream>

#include "notifier/cosigner.hpp"
#include "notifier/target_rules.hpp"
#include "tools/cpld_keys.hpp"
#include "tools/files.hpp"

namespace cpl {
namespace {

constexpr std::size_t policy_file_size_max = 256U << 10U;

Result<WorkingDays> read_calendar(const std::filesystem::path& file) {
  auto calendar = WorkingDays::parse(TRY(read_file(file, working_days_size_max)));
  if (!calendar) return within(file.string(), calendar.error());
  return calendar;
}

// The log's keys, and the witnesses' policy, which must name them.
Result<void> check_log_keys(const Config& config) {
  const bool only_the_service_sees_it =
      config.log_key_file.string().starts_with("/run/credentials/") &&
      !std::filesystem::exists(config.log_key_file);
  if (only_the_service_sees_it) {
    std::cout << config.log_key_file.string()
              << ": not looked at, since it is the service's alone\n";
    return {};
  }
  const LogKeys keys = TRY(read_log_keys(config));
  if (!config.witnesses) return {};
  TRY(read_cosigning_policy(config.witnesses->policy_file, keys.newest.verifier()));
  return {};
}

}  // namespace

std::optional<ServerTls> server_tls(const Config& config) {
  if (config.tls_certificate_file.empty()) return std::nullopt;
  return ServerTls{config.tls_certificate_file, config.tls_key_file, config.tls_client_ca_file};
}

Result<TrustPolicy> read_cosigning_policy(const std::filesystem::path& file,
                                          const NoteVerifier& log_key) {
  auto policy = TrustPolicy::parse(TRY(read_file(file, policy_file_size_max)));
  if (!policy) return within(file.string(), policy.error());
  if (const auto fit = check_cosigning_policy(*policy, log_key); !fit) {
    return within(file.string(), fit.error());
  }
  return policy;
}

Result<WorkingDays> desk_calendar(const DeskConfig& desk) {
  return desk.calendar_file.empty() ? WorkingDays::built_in() : read_calendar(desk.calendar_file);
}

Result<void> check_files(const Config& config) {
  TRY_VOID(check_log_keys(config));
  if (const auto tls = server_tls(config)) TRY_VOID(check_server_tls(*tls));
  if (!parse_ip_address(config.address)) {
    return malformed("configuration-invalid", "server.address is no IP address: " + config.address);
  }
  TRY(desk_calendar(config.desk));
  return {};
}

}  // namespace cpl
