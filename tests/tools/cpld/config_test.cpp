#include "tools/cpld/config.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "crypto/encoding.hpp"
#include "tests/support/source_tree.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::config_test {

namespace {

const std::string smallest =
    "origin = \"cpl.example/log\"\n"
    "public_url = \"https://cpl.example\"\n"
    "event_type_prefix = \"example.cpl\"\n"
    "data_dir = \"data\"\n"
    "log_key_file = \"log.key\"\n"
    "notice_key_file = \"/etc/cpl/notice.key\"\n";

class ConfigFile {
 public:
  explicit ConfigFile(const std::string& text) { std::ofstream(path()) << text; }
  std::filesystem::path path() const { return folder_.path() / "cpld.toml"; }
  Result<Config> read() const { return read_config(path()); }

 private:
  testing::TemporaryFolder folder_;
};

// What is said about a configuration that is wrong.
std::string fault(const std::string& text) {
  const ConfigFile file(text);
  const auto config = file.read();
  REQUIRE_FALSE(config);
  CHECK(config.error().code == "configuration-invalid");
  return config.error().detail;
}

bool says(const std::string& text, const std::string& what) {
  INFO(text);
  return text.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("config: the smallest file is enough, and paths are relative to it") {
  const ConfigFile file(smallest);
  const auto config = file.read();
  REQUIRE(config);
  CHECK(config->origin == "cpl.example/log");
  CHECK(config->port == 8080);
  CHECK_FALSE(config->lab_mode);
  CHECK(config->problem_base == "https://cpl.example/problems/");
  CHECK(config->data_dir == file.path().parent_path() / "data");
  CHECK(config->notice_key_file == "/etc/cpl/notice.key");
}

TEST_CASE("config: the charter is named by its id, or not at all") {
  const std::string id(64, 'a');
  const ConfigFile file("charter = \"" + id + "\"\n" + smallest);
  const auto config = file.read();
  REQUIRE(config);
  CHECK(config->charter == hash_from_hex(id));
  CHECK_FALSE(ConfigFile(smallest).read()->charter);
  CHECK(says(fault("charter = \"" + id.substr(1) + "\"\n" + smallest),
             "charter must be 64 lower-case hexadecimal digits"));
}

TEST_CASE("config: the example file that is installed reads") {
  const auto config = read_config(source_tree() + "/tools/cpld/cpld.example.toml");
  REQUIRE(config);
  REQUIRE(config->operator_token_sha256);
}

TEST_CASE("config: a key that nobody knows names itself and its line") {
  CHECK(says(fault(smallest + "prot = 8080\n"), "cpld.toml:7: there is no key \"prot\""));
  CHECK(says(fault(smallest + "[server]\nport = 1\nthread = 2\n"),
             "cpld.toml:9: there is no key \"server.thread\""));
}

TEST_CASE("config: a value of the wrong kind or range names its line") {
  CHECK(
      says(fault(smallest + "[server]\nport = \"8080\"\n"), "cpld.toml:8: port must be a number"));
  CHECK(says(fault(smallest + "[server]\nport = 65536\n"), "from 0 to 65535"));
  CHECK(says(fault(smallest + "lab_mode = 1\n"), "cpld.toml:7: lab_mode must be true or false"));
}

TEST_CASE("config: what is missing is named") {
  CHECK(says(fault("origin = \"x\"\n"), "the key data_dir is missing"));
  CHECK(says(fault(smallest + "[server]\ntls_key_file = \"k\"\n"), "go together"));
}

TEST_CASE("config: text that is no TOML says where") {
  CHECK(says(fault("origin = \n"), "cpld.toml:1: "));
}

TEST_CASE("config: accounts of an earlier version are refused, and it says how to add them") {
  const std::string said = fault(smallest +
                                 "[[subscriber]]\nname = \"desk\"\nkind = \"service_desk\"\n"
                                 "token_sha256 = \"" +
                                 std::string(64, 'a') + "\"\n");
  CHECK(says(said, "cpld.toml:7: [[subscriber]] is not used any more"));
  CHECK(says(said, "cpl party add NAME --service-desk"));
}

TEST_CASE("config: a file that is not there is an error, not a default") {
  const auto config = read_config("/nonexistent/cpld.toml");
  REQUIRE_FALSE(config);
  CHECK(says(config.error().detail, "/nonexistent/cpld.toml"));
}

TEST_CASE("config: the operator's table has a token and may name a folder for backups") {
  const ConfigFile file(smallest + "[operator]\ntoken_sha256 = \"" + std::string(64, 'a') +
                        "\"\nbackup_dir = \"backups\"\n");
  const auto config = file.read();
  REQUIRE(config);
  CHECK(config->operator_token_sha256.has_value());
  CHECK(config->backup_dir == file.path().parent_path() / "backups");
  CHECK(says(fault(smallest + "[operator]\nbackup_dir = \"b\"\n"), "operator.token_sha256"));
  CHECK(says(fault(smallest + "[operator]\ntoken_sha256 = \"ab\"\n"), "64 lower-case"));
}

TEST_CASE("config: whoever reads metrics may have a token of their own") {
  const std::string table = smallest + "[operator]\ntoken_sha256 = \"" + std::string(64, 'a') +
                            "\"\nmetrics_token_sha256 = ";
  const ConfigFile file(table + "\"" + std::string(64, 'b') + "\"\n");
  const auto config = file.read();
  REQUIRE(config);
  CHECK(config->metrics_token_sha256 == hash_from_hex(std::string(64, 'b')));
  CHECK(says(fault(table + "\"secret\"\n"), "metrics_token_sha256 must be 64"));
}

TEST_CASE("config: proxies are named by address, with the field that they write") {
  const auto with = [](const std::string& lines) { return smallest + "[server]\n" + lines; };
  const ConfigFile file(
      with("proxies = [\"127.0.0.1\", \"2001:db8::1\"]\nproxy_field = \"x-forwarded-for\"\n"));
  const auto config = file.read();
  REQUIRE(config);
  CHECK(config->proxies.proxies.size() == 2);
  CHECK(config->proxies.field == ProxyField::x_forwarded_for);
  CHECK(says(fault(with("proxies = [\"127.0.0.1\"]\n")), "proxies goes with proxy_field"));
  CHECK(says(fault(with("proxy_field = \"Forwarded\"\n")), "proxies goes with proxy_field"));
  CHECK(says(fault(with("proxies = [\"localhost\"]\nproxy_field = \"Forwarded\"\n")),
             "\"localhost\" is no address"));
  CHECK(says(fault(with("proxies = [\"::1\"]\nproxy_field = \"X-Real-IP\"\n")),
             "proxies goes with proxy_field"));
  CHECK(says(fault(with("proxies = \"::1\"\n")), "must be a list of texts"));
}

TEST_CASE("config: witnesses are asked when there is a table for them") {
  const ConfigFile without(smallest);
  CHECK_FALSE(without.read()->witnesses);
  const ConfigFile file(smallest + "[witnesses]\npolicy_file = \"witnesses.txt\"\n");
  const auto config = file.read();
  REQUIRE(config);
  REQUIRE(config->witnesses);
  CHECK(config->witnesses->policy_file == file.path().parent_path() / "witnesses.txt");
  CHECK(config->witnesses->without_quorum == WithoutQuorum::fail_closed);
  CHECK(config->witnesses->interval_seconds == 10);
  const ConfigFile open(smallest +
                        "[witnesses]\npolicy_file = \"w\"\nfail = \"open\"\n"
                        "interval_seconds = 30\nrenew_seconds = 600\n"
                        "time_limit_milliseconds = 2500\n");
  const auto opened = open.read();
  REQUIRE(opened);
  CHECK(opened->witnesses->without_quorum == WithoutQuorum::fail_open);
  CHECK(opened->witnesses->time_limit_milliseconds == 2500);

  CHECK(says(fault(smallest + "[witnesses]\n"), "witnesses.policy_file is missing"));
  CHECK(says(fault(smallest + "[witnesses]\npolicy_file = \"w\"\nfail = \"maybe\"\n"),
             "fail must be \"closed\" or \"open\""));
  CHECK(says(fault(smallest + "[witnesses]\npolicy_file = \"w\"\ninterval_seconds = 0\n"),
             "interval_seconds must be a number from 1"));
  CHECK(says(fault(smallest + "[witnesses]\npolicy_file = \"w\"\nquorum = 2\n"),
             "there is no key \"witnesses.quorum\""));
  CHECK(says(fault("witnesses = 3\n" + smallest), "[witnesses] is a table"));
}

TEST_CASE("config: authorities of clients need a server with a certificate") {
  CHECK(says(fault(smallest + "[server]\ntls_client_ca_file = \"ca.pem\"\n"),
             "server.tls_client_ca_file"));
  const ConfigFile own(smallest +
                       "old_log_key_file = \"old.key\"\n[server]\n"
                       "tls_certificate_file = \"own.pem\"\ntls_key_file = \"own.key\"\n"
                       "tls_client_ca_file = \"ca.pem\"\n");
  const auto config = own.read();
  REQUIRE(config);
  CHECK(config->tls_client_ca_file == own.path().parent_path() / "ca.pem");
  CHECK(config->old_log_key_file == own.path().parent_path() / "old.key");
}

TEST_CASE("config: who is told of late steps is a list of Parties, each with its hours") {
  const std::string level = "[[desk.escalation]]\n";
  const ConfigFile own(smallest + level + "party = \"dcc-duty\"\n" + level +
                       "party = \"secas\"\nafter_hours = 4\n");
  const auto config = own.read();
  REQUIRE(config);
  REQUIRE(config->desk.escalation.size() == 2);
  CHECK(config->desk.escalation[0].party == "dcc-duty");
  CHECK(config->desk.escalation[0].after_hours == 0);
  CHECK(config->desk.escalation[1].after_hours == 4);
  CHECK(says(fault(smallest + level + "after_hours = 4\n"), "party"));
  CHECK(says(fault(smallest + level + "party = \"two words\"\n"), "cpl party add"));
  CHECK(says(fault(smallest + level + "party = \"a\"\nhours = 1\n"), "desk.escalation.hours"));
  CHECK(says(fault(smallest + "[desk.escalation]\nparty = \"a\"\n"), "[[desk.escalation]]"));
}

TEST_CASE(
    "config: who sees the tray is a list of accounts, each with a role and perhaps a mailbox") {
  const std::string holder = "[[tray.holder]]\n";
  const ConfigFile own(smallest + "[tray]\nkept_days = 7\n" + holder +
                       "account = \"panel-office\"\nrole = \"panel\"\nmail = "
                       "\"panel@party.example\"\n" +
                       holder + "account = \"secas\"\nrole = \"registrar\"\n");
  const auto config = own.read();
  REQUIRE(config);
  CHECK(config->tray.kept_days == 7);
  REQUIRE(config->tray.holders.size() == 2);
  CHECK(config->tray.holders[0].account == "panel-office");
  CHECK(config->tray.holders[0].role == Role::panel);
  REQUIRE(config->tray.holders[0].mail);
  CHECK(config->tray.holders[0].mail->text() == "panel@party.example");
  CHECK_FALSE(config->tray.holders[1].mail);
  const auto fault_of = [&](const std::string& text) { return fault(smallest + holder + text); };
  CHECK(says(fault_of("account = \"a\"\n"), "role"));
  CHECK(says(fault_of("account = \"a\"\nrole = \"chair\"\n"), "role must be panel"));
  CHECK(says(fault_of("account = \"A B\"\nrole = \"panel\"\n"), "cpl party add"));
  CHECK(says(fault_of("account = \"a\"\nrole = \"panel\"\nmail = \"no\"\n"), "mail must be"));
  CHECK(says(fault(smallest + "[tray]\nkept_days = 0\n"), "kept_days must be a number from 1"));
}

TEST_CASE("config: pages are shown unless they are switched off, under the name that is set") {
  const auto plain = ConfigFile(smallest).read();
  REQUIRE(plain);
  CHECK(plain->pages.enabled);
  const auto config = ConfigFile(smallest +
                                 "[pages]\nenabled = false\nname = \"Example CPL\"\n"
                                 "help_contact = \"SECAS\"\n")
                          .read();
  REQUIRE(config);
  CHECK_FALSE(config->pages.enabled);
  CHECK(config->pages.name == "Example CPL");
  CHECK(config->pages.help_contact == "SECAS");
  CHECK(says(fault(smallest + "[pages]\ncolour = 1\n"), "pages.colour"));
}

TEST_CASE("config: the desk's clocks have the Code's figures unless others are set") {
  const ConfigFile file(smallest);
  const auto plain = file.read();
  REQUIRE(plain);
  CHECK(plain->desk.limits.notify_working_days == 1);
  CHECK(plain->desk.limits.apply_hours == 24);
  const ConfigFile own(smallest +
                       "[desk]\nnotify_working_days = 2\nreceive_hours = 4\nvalidate_hours = 8\n"
                       "apply_hours = 48\ncalendar_file = \"days.json\"\ncontact = \"SECAS\"\n");
  const auto config = own.read();
  REQUIRE(config);
  CHECK(config->desk.limits.notify_working_days == 2);
  CHECK(config->desk.limits.receive_hours == 4);
  CHECK(config->desk.limits.validate_hours == 8);
  CHECK(config->desk.limits.apply_hours == 48);
  CHECK(config->desk.calendar_file == own.path().parent_path() / "days.json");
  CHECK(config->desk.contact == "SECAS");
  CHECK(says(fault(smallest + "[desk]\napply_hours = 0\n"), "apply_hours must be a number from 1"));
  CHECK(config->desk.escalation.empty());
  CHECK(says(fault(smallest + "[desk]\nhours = 1\n"), "desk.hours"));
}

TEST_CASE("config: endpoints of a host, and of all others, have TLS settings of their own") {
  const ConfigFile file(smallest +
                        "[[endpoint]]\nhost = \"desk.dcc.example\"\nca_file = \"dcc.pem\"\n"
                        "[[endpoint]]\nclient_certificate_file = \"own.pem\"\n"
                        "client_key_file = \"own.key\"\n");
  const auto config = file.read();
  REQUIRE(config);
  REQUIRE(config->endpoints.size() == 2);
  CHECK(config->endpoints[0].host == "desk.dcc.example");
  CHECK(config->endpoints[0].tls.ca_file == file.path().parent_path() / "dcc.pem");
  CHECK(config->endpoints[0].tls.key_file.empty());
  CHECK(config->endpoints[1].host.empty());
  CHECK(config->endpoints[1].tls.key_file == file.path().parent_path() / "own.key");

  for (const std::string host :
       {"Desk.example", "desk.example:443", "a/b", "a b", "user@desk.example"}) {
    CHECK(says(fault(smallest + "[[endpoint]]\nhost = \"" + host + "\"\n"),
               "cpld.toml:7: host must be a host's name"));
  }
  CHECK(says(fault(smallest + "[[endpoint]]\nclient_key_file = \"own.key\"\n"), "go together"));
  const std::string one = "[[endpoint]]\nhost = \"a.example\"\n";
  CHECK(says(fault(smallest + one + one), "two of [[endpoint]] are for a.example"));
  CHECK(says(fault(smallest + "[[endpoint]]\n[[endpoint]]\n"), "two of [[endpoint]] name no host"));
  CHECK(says(fault(smallest + "[endpoint]\n"), "written [[endpoint]]"));
}

TEST_CASE("config: mail needs a server and addresses; what goes together comes together") {
  const std::string mail = smallest +
                           "[mail]\nserver = \"mail.example\"\nfrom = \"notices@cpl.example\"\n"
                           "bounces = \"bounces@cpl.example\"\n";
  const ConfigFile file(mail +
                        "[[mail.dkim]]\ndomain = \"cpl.example\"\nselector = \"a\"\n"
                        "key_file = \"dkim.pem\"\n");
  const auto config = file.read();
  REQUIRE(config);
  REQUIRE(config->mail);
  CHECK(config->mail->port == 587);
  REQUIRE(config->mail->dkim.size() == 1);
  CHECK(config->mail->dkim[0].key_file == file.path().parent_path() / "dkim.pem");
  CHECK_FALSE(ConfigFile(smallest).read()->mail);
  CHECK(says(fault(smallest + "[mail]\nserver = \"m\"\n"), "mail.from"));
  CHECK(says(fault(mail + "from_name = \"a \\\"b\\\"\"\n"), "without quotes"));
  CHECK(says(fault(mail + "user = \"cpl\"\n"), "go together"));
  CHECK(says(fault(mail + "smime_key_file = \"k\"\n"), "go together"));
  CHECK(says(fault(mail + "[[mail.dkim]]\ndomain = \"d\"\n"), "mail.dkim.selector"));
  CHECK(says(
      fault(smallest + "[mail]\nserver = \"m\"\nfrom = \"nobody\"\nbounces = \"b@c.example\"\n"),
      "\"nobody\" is no e-mail address"));
}

}  // namespace cpl::testing::config_test
