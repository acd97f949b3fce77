#include "tools/cpld/files.hpp"

#include <unistd.h>

#include <iostream>

#include "notifier/cosign/cosigner.hpp"
#include "notifier/send/target_rules.hpp"
#include "tools/cpld/keys.hpp"
#include "tools/shared/files.hpp"
#include "tools/shared/process_shield.hpp"
#include "tools/shared/webhook_secret.hpp"

namespace cpl {
namespace {

constexpr std::size_t policy_file_size_max = 256U << 10U;

Result<WorkingDays> read_calendar(const std::filesystem::path& file) {
  auto calendar = WorkingDays::parse(TRY(read_file(file, working_days_size_max)));
  if (!calendar) return within(file.string(), calendar.error());
  return calendar;
}

// What systemd hands to the running service, and to nobody else.
bool only_the_service_sees(const std::filesystem::path& file) {
  if (!file.string().starts_with("/run/credentials/") || std::filesystem::exists(file)) {
    return false;
  }
  std::cout << file.string() << ": not looked at, since it is the service's alone\n";
  return true;
}

// The log's keys, and the witnesses' policy, which must name them.
Result<void> check_log_keys(const Config& config) {
  if (only_the_service_sees(config.log_key_file)) return {};
  const LogKeys keys = TRY(read_log_keys(config));
  if (!config.witnesses) return {};
  TRY(read_cosigning_policy(config.witnesses->policy_file, keys.newest.verifier()));
  return {};
}

Result<void> check_notice_key_file(const Config& config) {
  if (only_the_service_sees(config.notice_key_file)) return {};
  if (TRY(check_notice_key(config.notice_key_file)) == NoticeKeyKind::in_token) {
    std::cout << config.notice_key_file.string() << ": only a token opens it; it was not tried\n";
  }
  return {};
}

// It is there and may be written to, or can be made.
Result<void> check_folder(const std::filesystem::path& folder, const std::string& setting) {
  std::filesystem::path there = std::filesystem::absolute(folder);
  while (!std::filesystem::exists(there) && there.has_relative_path()) there = there.parent_path();
  if (std::filesystem::is_directory(there) && ::access(there.c_str(), W_OK | X_OK) == 0) return {};
  return malformed(
      "configuration-invalid",
      setting + " is " + folder.string() + ", and this user cannot write to " + there.string());
}

}  // namespace

Result<void> check_placeholders(const Config& config) {
  const auto is_placeholder = [](const Hash& hash) {
    return std::all_of(hash.octets.begin(), hash.octets.end(),
                       [&](auto octet) { return octet == hash.octets[0]; });
  };
  for (const auto& [key, token] :
       {std::pair{"token_sha256", config.operator_token_sha256},
        std::pair{"metrics_token_sha256", config.metrics_token_sha256}}) {
    if (!token || !is_placeholder(*token)) continue;
    return malformed("configuration-invalid", "operator." + std::string(key) +
                                                  " is still the example's: put in one that "
                                                  "cpl key token makes");
  }
  return {};
}

std::optional<ServerTls> server_tls(const Config& config) {
  if (config.tls_certificate_file.empty()) return std::nullopt;
  return ServerTls{config.tls_certificate_file, config.tls_key_file, config.tls_client_ca_file};
}

Result<TrustPolicy> read_cosigning_policy(const std::filesystem::path& file,
                                          const NoteVerifier& log_key) {
  auto policy = TrustPolicy::parse(TRY(read_exact_file(file, policy_file_size_max)));
  if (!policy) return within(file.string(), policy.error());
  if (const auto fit = check_cosigning_policy(*policy, log_key); !fit) {
    return within(file.string(), fit.error());
  }
  return policy;
}

Result<WorkingDays> desk_calendar(const DeskConfig& desk) {
  return desk.calendar_file.empty() ? WorkingDays::built_in() : read_calendar(desk.calendar_file);
}

std::vector<std::string> open_secrets(const Config& config) {
  std::vector<std::filesystem::path> secrets = {config.log_key_file,    config.old_log_key_file,
                                                config.notice_key_file, config.tls_key_file,
                                                config.data_dir,        config.backup_dir};
  for (const EndpointConfig& endpoint : config.endpoints) secrets.push_back(endpoint.tls.key_file);
  if (config.mail) {
    secrets.push_back(config.mail->password_file);
    secrets.push_back(config.mail->smime_key_file);
    for (const DkimConfig& dkim : config.mail->dkim) secrets.push_back(dkim.key_file);
  }
  std::vector<std::string> open;
  for (const auto& secret : secrets) {
    if (auto sentence = openness_of(secret); !sentence.empty()) open.push_back(sentence);
  }
  return open;
}

Result<void> check_files(const Config& config) {
  TRY_VOID(check_placeholders(config));
  TRY_VOID(check_log_keys(config));
  TRY_VOID(check_notice_key_file(config));
  TRY_VOID(check_folder(config.data_dir, "data_dir"));
  if (!config.backup_dir.empty()) TRY_VOID(check_folder(config.backup_dir, "operator.backup_dir"));
  if (const auto tls = server_tls(config)) TRY_VOID(check_server_tls(*tls));
  if (!parse_ip_address(config.address)) {
    return malformed("configuration-invalid", "server.address is no IP address: " + config.address);
  }
  TRY(desk_calendar(config.desk));
  return {};
}

}  // namespace cpl
