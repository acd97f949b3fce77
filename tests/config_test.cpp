#include "tools/config.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/temporary_folder.hpp"

using namespace cpl;

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

TEST_CASE("config: the example file that is installed reads") {
  const auto config =
      read_config(std::filesystem::path(CPL_TEST_DATA) / "../../tools/cpld.example.toml");
  REQUIRE(config);
  REQUIRE(config->subscribers.size() == 2);
  CHECK(config->subscribers[0].audience == Audience::service_desk);
  CHECK(config->subscribers[1].audience == Audience::parties);
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

TEST_CASE("config: subscribers need a name, a kind and the hash of a token") {
  CHECK(says(fault(smallest + "[[subscriber]]\nname = \"a\"\ntoken_sha256 = \"12\"\n"),
             "64 lower-case hexadecimal digits"));
  CHECK(says(fault(smallest + "[[subscriber]]\nname = \"a\"\nkind = \"dcc\"\ntoken_sha256 = \"" +
                   std::string(64, '0') + "\"\n"),
             "\"party\" or \"service_desk\""));
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
