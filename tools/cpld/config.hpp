// The service's configuration: one strict file, and flags that override it. A wrong key names
// itself and its line.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "api/http/client_address.hpp"
#include "api/routes/api.hpp"
#include "notifier/cosign/cosigner.hpp"
#include "notifier/send/endpoint_tls.hpp"

namespace cpl {

// Who cosigns the log's checkpoints, and how often they are asked.
struct WitnessConfig {
  std::filesystem::path policy_file;  // tlog-policy: this log's key, the witnesses, the quorum.
  WithoutQuorum without_quorum = WithoutQuorum::fail_closed;
  std::uint64_t interval_seconds = 10;
  std::uint64_t renew_seconds = 900;
  std::uint64_t time_limit_milliseconds = 1'000;  // For each request to a witness.
};

// The time that each step of a removal may take, and whom the Service Desk calls.
struct DeskConfig {
  DeskLimits limits;
  std::filesystem::path calendar_file;  // Working Days; empty: the built-in calendar.
  std::string contact;
  std::vector<EscalationLevel> escalation;
};

struct DkimConfig {
  std::string domain;
  std::string selector;
  std::filesystem::path key_file;
};

// The operator's mail server, and in whose name mail is sent.
struct MailConfig {
  std::string server;
  std::uint16_t port = 587;
  std::filesystem::path ca_file;  // Empty: the system's certificates.
  std::string user;
  std::filesystem::path password_file;
  std::string helo;
  std::string from;
  std::string from_name = "CPL notices";
  std::string bounces;
  std::vector<DkimConfig> dkim;
  std::filesystem::path smime_key_file;
  std::filesystem::path smime_certificate_file;
};

// TLS with endpoints of one host, or of all hosts that have no settings of their own.
struct EndpointConfig {
  std::string host;  // Empty: all others.
  EndpointTls tls;
};

// What people see of the registry in a browser.
struct PagesConfig {
  bool enabled = true;
  std::string name = "Certified Products List registry";
  std::string help_contact;  // Whom readers ask: an address, a telephone number.
};

// Half-signed statements that wait for more signatures, and who sees them.
struct TrayConfig {
  std::uint64_t kept_days = 30;
  std::vector<TrayHolder> holders;
};

struct Config {
  std::string origin;                      // The log's name for ever: "cpl.example.org/log".
  std::optional<Hash> charter;             // The id of entry 0, where it is known.
  std::filesystem::path data_dir;          // The database and the signed-size record.
  std::filesystem::path log_key_file;      // The log's own signing key.
  std::filesystem::path old_log_key_file;  // Signs beside it while readers change over; or empty.
  std::filesystem::path notice_key_file;   // The notices' own secret, 32 octets in base64.
  std::string public_url;
  std::string event_type_prefix;
  std::string problem_base;

  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;
  unsigned threads = 2;
  std::filesystem::path tls_certificate_file;  // Empty: plain HTTP, for behind a proxy.
  std::filesystem::path tls_key_file;
  std::filesystem::path tls_client_ca_file;  // Who may vouch for clients; empty: nobody is asked.
  std::uint64_t connections_max = 10'000;
  std::uint64_t connections_per_address_max = 500;
  std::uint64_t body_octets_max = 256 * 1024;
  std::uint64_t cache_megabytes = 32;
  std::uint64_t statements_per_second = 2'000;
  std::uint64_t streams_max = 8'000;
  std::uint64_t streams_per_address_max = 200;
  ProxyRules proxies;  // Who may say for whom they ask.
  // Before a certificate's end, when everybody is told of it, beside the day itself.
  std::vector<unsigned> months_ahead = {12, 6, 1};
  std::uint64_t checkpoint_interval_minutes = 24 * 60;  // Of the events that tell the checkpoint.

  // Deliver to loopback and over plain HTTP, for trying things on one machine. Never in service.
  bool lab_mode = false;

  std::vector<EndpointConfig> endpoints;
  std::optional<MailConfig> mail;  // None: no mail is sent.

  std::optional<Hash> operator_token_sha256;
  std::optional<Hash> metrics_token_sha256;  // May read /metrics and why the service is not ready.
  std::filesystem::path backup_dir;          // Empty: none are made.
  DeskConfig desk;
  PagesConfig pages;
  TrayConfig tray;
  std::optional<WitnessConfig> witnesses;  // None: the log's signature is enough to publish.
};

// Reads and checks the whole file. Paths in it are relative to its folder.
Result<Config> read_config(const std::filesystem::path& file);

}  // namespace cpl
