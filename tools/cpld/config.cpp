#include "tools/cpld/config.hpp"

#include <set>

#include "crypto/encoding.hpp"
#include "notifier/mail/message.hpp"
#include "notifier/send/target_rules.hpp"
#include "registry/base/http_tokens.hpp"
#include "tools/cpld/table_reader.hpp"

namespace cpl {
namespace {

// Who used this table in an earlier version must know that its tokens no longer open anything.
void refuse_subscribers(TableReader& root) {
  const auto* node = root.find("subscriber", false);
  if (node == nullptr) return;
  root.fail(*node,
            "[[subscriber]] is not used any more: take it out, start the service, and add each "
            "account with the operator's token: cpl party add NAME, and for the Service Desk "
            "cpl party add NAME --service-desk");
}

void read_server(TableReader& reader, Config& config) {
  reader.text("address", config.address);
  reader.number("port", config.port, 0, 65535);
  reader.number("threads", config.threads, 1, 256);
  reader.path("tls_certificate_file", config.tls_certificate_file);
  reader.path("tls_key_file", config.tls_key_file);
  reader.path("tls_client_ca_file", config.tls_client_ca_file);
  reader.number("connections_max", config.connections_max, 1, 1'000'000);
  reader.number("connections_per_address_max", config.connections_per_address_max, 1, 1'000'000);
  reader.number("body_octets_max", config.body_octets_max, 1024, 16U << 20U);
  reader.number("cache_megabytes", config.cache_megabytes, 1, 65'536);
  reader.number("statements_per_second", config.statements_per_second, 1, 1'000'000);
  reader.number("streams_max", config.streams_max, 1, 1'000'000);
  reader.number("streams_per_address_max", config.streams_per_address_max, 1, 1'000'000);
}

// Which field the proxies write is theirs to know: there is no usual one.
void read_proxies(const toml::table& table, TableReader& reader, ProxyRules& rules) {
  std::vector<std::string> addresses;
  std::string field;
  reader.texts("proxies", addresses);
  reader.text("proxy_field", field);
  for (const std::string& text : addresses) {
    const auto address = parse_ip_address(text);
    if (address) {
      rules.proxies.push_back(without_mapping(*address));
    } else {
      reader.fail(table, "proxies: \"" + text + "\" is no address such as 192.0.2.1");
    }
  }
  if (addresses.empty() && field.empty()) return;
  const auto word = std::find_if(proxy_field_words.begin(), proxy_field_words.end(),
                                 [&](std::string_view one) { return same_token(one, field); });
  if (word == proxy_field_words.end() || addresses.empty()) {
    reader.fail(table,
                "proxies goes with proxy_field, which is \"Forwarded\" or \"X-Forwarded-For\"");
  } else {
    rules.field = static_cast<ProxyField>(word - proxy_field_words.begin());
  }
}

Result<void> read_operator(const std::filesystem::path& file, TableReader& root, Config& config) {
  const auto* node = root.find("operator", false);
  if (node == nullptr) return {};
  const auto* table = node->as_table();
  if (table == nullptr) return config_error(place_of(file, *node), "[operator] is a table");
  TableReader reader(file, *table, "operator.");
  reader.path("backup_dir", config.backup_dir);
  const auto read_token = [&](const char* key, bool required) {
    std::string text;
    reader.text(key, text, required);
    const auto hash = hash_from_hex(text);
    if (!hash && (required || !text.empty())) {
      reader.fail(*table, std::string(key) + " must be 64 lower-case hexadecimal digits");
    }
    return hash;
  };
  config.operator_token_sha256 = read_token("token_sha256", true);
  config.metrics_token_sha256 = read_token("metrics_token_sha256", false);
  return reader.done();
}

Result<void> read_witnesses(const std::filesystem::path& file, TableReader& root, Config& config) {
  const auto* node = root.find("witnesses", false);
  if (node == nullptr) return {};
  const auto* table = node->as_table();
  if (table == nullptr) return config_error(place_of(file, *node), "[witnesses] is a table");
  TableReader reader(file, *table, "witnesses.");
  WitnessConfig witnesses;
  std::string fail = "closed";
  reader.path("policy_file", witnesses.policy_file, true);
  reader.text("fail", fail);
  reader.number("interval_seconds", witnesses.interval_seconds, 1, 3'600);
  reader.number("renew_seconds", witnesses.renew_seconds, 10, 86'400);
  reader.number("time_limit_milliseconds", witnesses.time_limit_milliseconds, 100, 60'000);
  if (fail != "closed" && fail != "open") {
    reader.fail(*table, "fail must be \"closed\" or \"open\"");
  }
  TRY_VOID(reader.done());
  if (fail == "open") witnesses.without_quorum = WithoutQuorum::fail_open;
  config.witnesses = witnesses;
  return {};
}

constexpr std::uint64_t desk_hours_max = 24 * 90;

Result<DkimConfig> read_dkim(const std::filesystem::path& file, const toml::table& table) {
  TableReader reader(file, table, "mail.dkim.");
  DkimConfig dkim;
  reader.text("domain", dkim.domain, true);
  reader.text("selector", dkim.selector, true);
  reader.path("key_file", dkim.key_file, true);
  TRY_VOID(reader.done());
  return dkim;
}

// A list of tables, each under [[`written`]].
template <class One>
Result<void> read_list(const std::filesystem::path& file, TableReader& parent, const char* name,
                       const std::string& written,
                       Result<One> (*read_one)(const std::filesystem::path&, const toml::table&),
                       std::vector<One>& list) {
  const auto* node = parent.find(name, false);
  if (node == nullptr) return {};
  const auto wrong = [&](const toml::node& at) {
    return config_error(place_of(file, at), "this is a list, written [[" + written + "]]");
  };
  const auto* array = node->as_array();
  if (array == nullptr) return wrong(*node);
  for (const auto& item : *array) {
    const auto* table = item.as_table();
    if (table == nullptr) return wrong(item);
    list.push_back(TRY(read_one(file, *table)));
  }
  return {};
}

Result<void> read_mail(const std::filesystem::path& file, TableReader& root, Config& config) {
  const auto* node = root.find("mail", false);
  if (node == nullptr) return {};
  const auto* table = node->as_table();
  if (table == nullptr) return config_error(place_of(file, *node), "[mail] is a table");
  TableReader reader(file, *table, "mail.");
  MailConfig mail;
  reader.text("server", mail.server, true);
  reader.number("port", mail.port, 1, 65535);
  reader.path("ca_file", mail.ca_file);
  reader.text("user", mail.user);
  reader.path("password_file", mail.password_file);
  reader.text("helo", mail.helo);
  reader.text("from", mail.from, true);
  reader.text("from_name", mail.from_name);
  reader.text("bounces", mail.bounces, true);
  reader.path("smime_key_file", mail.smime_key_file);
  reader.path("smime_certificate_file", mail.smime_certificate_file);
  TRY_VOID(read_list(file, reader, "dkim", "mail.dkim", read_dkim, mail.dkim));
  for (const auto* address : {&mail.from, &mail.bounces}) {
    if (address->empty() || MailAddress::parse(*address)) continue;
    reader.fail(*table, "\"" + *address + "\" is no e-mail address such as notices@example.org");
  }
  if (!is_mail_name(mail.from_name)) {
    reader.fail(*table, "from_name must be plain ASCII without quotes");
  }
  TRY_VOID(reader.done());
  if (mail.user.empty() != mail.password_file.empty()) {
    return config_error(place_of(file, *node), "mail.user and mail.password_file go together");
  }
  if (mail.smime_key_file.empty() != mail.smime_certificate_file.empty()) {
    return config_error(place_of(file, *node),
                        "mail.smime_key_file and mail.smime_certificate_file go together");
  }
  config.mail = std::move(mail);
  return {};
}

Result<EscalationLevel> read_escalation(const std::filesystem::path& file,
                                        const toml::table& table) {
  TableReader reader(file, table, "desk.escalation.");
  EscalationLevel level;
  reader.text("party", level.party, true);
  reader.number("after_hours", level.after_hours, 0, desk_hours_max);
  if (!level.party.empty() && !is_party_name(level.party)) {
    reader.fail(table, "party must be a name that `cpl party add` takes");
  }
  TRY_VOID(reader.done());
  return level;
}

Result<void> read_pages(const std::filesystem::path& file, TableReader& root, Config& config) {
  const auto* node = root.find("pages", false);
  if (node == nullptr) return {};
  const auto* table = node->as_table();
  if (table == nullptr) return config_error(place_of(file, *node), "[pages] is a table");
  TableReader reader(file, *table, "pages.");
  reader.boolean("enabled", config.pages.enabled);
  reader.text("name", config.pages.name);
  reader.text("help_contact", config.pages.help_contact);
  return reader.done();
}

Result<TrayHolder> read_holder(const std::filesystem::path& file, const toml::table& table) {
  TableReader reader(file, table, "tray.holder.");
  TrayHolder holder;
  std::string role;
  std::string mail;
  reader.text("account", holder.account, true);
  reader.text("role", role, true);
  reader.text("mail", mail);
  if (!holder.account.empty() && !is_party_name(holder.account)) {
    reader.fail(table, "account must be a name that `cpl party add` takes");
  }
  if (const auto known = read_word<Role>(role)) {
    holder.role = *known;
  } else if (!role.empty()) {
    reader.fail(table, "role must be panel, registrar or service_desk");
  }
  if (auto address = MailAddress::parse(mail); address) {
    holder.mail = *std::move(address);
  } else if (!mail.empty()) {
    reader.fail(table, "mail must be an address, such as panel@party.example");
  }
  TRY_VOID(reader.done());
  return holder;
}

Result<void> read_tray(const std::filesystem::path& file, TableReader& root, Config& config) {
  const auto* node = root.find("tray", false);
  if (node == nullptr) return {};
  const auto* table = node->as_table();
  if (table == nullptr) return config_error(place_of(file, *node), "[tray] is a table");
  TableReader reader(file, *table, "tray.");
  reader.number("kept_days", config.tray.kept_days, 1, 365);
  TRY_VOID(read_list(file, reader, "holder", "tray.holder", read_holder, config.tray.holders));
  return reader.done();
}

Result<void> read_desk(const std::filesystem::path& file, TableReader& root, Config& config) {
  const auto* node = root.find("desk", false);
  if (node == nullptr) return {};
  const auto* table = node->as_table();
  if (table == nullptr) return config_error(place_of(file, *node), "[desk] is a table");
  TableReader reader(file, *table, "desk.");
  reader.number("notify_working_days", config.desk.limits.notify_working_days, 1, 60);
  reader.number("receive_hours", config.desk.limits.receive_hours, 1, desk_hours_max);
  reader.number("validate_hours", config.desk.limits.validate_hours, 1, desk_hours_max);
  reader.number("apply_hours", config.desk.limits.apply_hours, 1, desk_hours_max);
  reader.number("load_hours", config.desk.limits.load_hours, 1, desk_hours_max);
  reader.path("calendar_file", config.desk.calendar_file);
  reader.text("contact", config.desk.contact);
  TRY_VOID(read_list(file, reader, "escalation", "desk.escalation", read_escalation,
                     config.desk.escalation));
  return reader.done();
}

Result<EndpointConfig> read_endpoint(const std::filesystem::path& file, const toml::table& table) {
  TableReader reader(file, table, "endpoint.");
  EndpointConfig endpoint;
  reader.text("host", endpoint.host);
  reader.text("owner", endpoint.tls.owner);
  reader.path("ca_file", endpoint.tls.ca_file);
  reader.path("client_certificate_file", endpoint.tls.certificate_file);
  reader.path("client_key_file", endpoint.tls.key_file);
  if (endpoint.tls.certificate_file.empty() != endpoint.tls.key_file.empty()) {
    reader.fail(table, "client_certificate_file and client_key_file go together");
  }
  if (!endpoint.host.empty()) {
    TargetRules rules;
    rules.lab_mode = true;
    const auto url = check_target_url("https://" + endpoint.host + "/", rules);
    if (!url || url->host != endpoint.host) {
      reader.fail(table, "host must be a host's name in lower case, without a port");
    }
  }
  TRY_VOID(reader.done());
  return endpoint;
}

Result<void> read_endpoints(const std::filesystem::path& file, TableReader& root, Config& config) {
  TRY_VOID(read_list(file, root, "endpoint", "endpoint", read_endpoint, config.endpoints));
  std::set<std::string> hosts;
  for (const EndpointConfig& endpoint : config.endpoints) {
    if (hosts.insert(endpoint.host).second) continue;
    return config_error(file.string(), endpoint.host.empty()
                                           ? "two of [[endpoint]] name no host"
                                           : "two of [[endpoint]] are for " + endpoint.host);
  }
  return {};
}

void read_months_ahead(TableReader& root, std::vector<unsigned>& months) {
  constexpr std::size_t count_max = 12;
  const auto* node = root.find("certificate_months_ahead", false);
  if (node == nullptr) return;
  months.clear();
  const auto* list = node->as_array();
  bool is_right = list != nullptr && list->size() <= count_max;
  for (std::size_t i = 0; is_right && i < list->size(); ++i) {
    const auto* number = (*list)[i].as_integer();
    is_right = number != nullptr && number->get() >= 1 && number->get() <= months_ahead_max;
    if (is_right) months.push_back(static_cast<unsigned>(number->get()));
  }
  if (!is_right) {
    root.fail(*node, "certificate_months_ahead",
              "must be a list of at most 12 numbers from 1 to " + std::to_string(months_ahead_max));
  }
}

Result<Config> read_table(const std::filesystem::path& file, const toml::table& table) {
  Config config;
  TableReader root(file, table, "");
  root.text("origin", config.origin, true);
  std::string charter;
  root.text("charter", charter);
  config.charter = hash_from_hex(charter);
  if (!charter.empty() && !config.charter) {
    root.fail(table, "charter must be 64 lower-case hexadecimal digits: the id of entry 0");
  }
  root.path("data_dir", config.data_dir, true);
  root.path("log_key_file", config.log_key_file, true);
  root.path("old_log_key_file", config.old_log_key_file);
  root.path("notice_key_file", config.notice_key_file, true);
  root.text("public_url", config.public_url, true);
  root.text("event_type_prefix", config.event_type_prefix, true);
  root.boolean("lab_mode", config.lab_mode);
  root.number("checkpoint_interval_minutes", config.checkpoint_interval_minutes, 1, 60 * 24 * 7);
  read_months_ahead(root, config.months_ahead);
  config.problem_base = config.public_url + "/problems/";
  root.text("problem_base", config.problem_base);
  if (const auto* node = root.find("server", false)) {
    const auto* server = node->as_table();
    if (server == nullptr) return config_error(place_of(file, *node), "[server] is a table");
    TableReader reader(file, *server, "server.");
    read_server(reader, config);
    read_proxies(*server, reader, config.proxies);
    TRY_VOID(reader.done());
  }
  TRY_VOID(read_operator(file, root, config));
  TRY_VOID(read_desk(file, root, config));
  TRY_VOID(read_pages(file, root, config));
  TRY_VOID(read_tray(file, root, config));
  TRY_VOID(read_mail(file, root, config));
  TRY_VOID(read_witnesses(file, root, config));
  TRY_VOID(read_endpoints(file, root, config));
  refuse_subscribers(root);
  TRY_VOID(root.done());
  if (config.tls_certificate_file.empty() != config.tls_key_file.empty()) {
    return config_error(file.string(),
                        "server.tls_certificate_file and server.tls_key_file go together");
  }
  if (config.tls_certificate_file.empty() && !config.tls_client_ca_file.empty()) {
    return config_error(file.string(),
                        "server.tls_client_ca_file is for a server with a certificate of its own");
  }
  return config;
}

}  // namespace

Result<Config> read_config(const std::filesystem::path& file) {
  try {
    return read_table(file, toml::parse_file(file.string()));
  } catch (const toml::parse_error& error) {
    return config_error(file.string() + ":" + std::to_string(error.source().begin.line),
                        std::string(error.description()));
  }
}

}  // namespace cpl
