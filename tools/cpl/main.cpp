// cpl, the command line: what clerks, Panel members, the Service Desk, Parties and auditors do with
// the registry. Signing and verifying need no server.
#include <iostream>

#include "tools/cpl/cli.hpp"
#include "tools/shared/process_shield.hpp"
#include "tools/shared/version.hpp"

namespace cpl {
namespace {

HttpIdentity identity_of_environment() {
  const auto value = [](const char* name) -> std::string {
    const char* const set = std::getenv(name);
    return set == nullptr ? "" : set;
  };
  return {value("CPL_TOKEN"), value("CPL_CLIENT_CERTIFICATE"), value("CPL_CLIENT_KEY"),
          value("CPL_CA_FILE")};
}

int run(int argc, char** argv) {
  CLI::App app("The Certified Products List registry, from the command line");
  app.footer(
      "Exit codes: 0 done or valid; 1 refused or invalid; 2 could not be done or checked;\n"
      "3 valid, but older than allowed.\n\n"
      "Example:\n  cpl list --server http://127.0.0.1:8080 --type ESME");
  app.require_subcommand(1);
  app.fallthrough();
  Cli cli(app);
  add_common_options(cli);
  app.set_version_flag("--version", "cpl " + std::string(version));
  cli.identity = identity_of_environment();
  add_key_commands(cli);
  add_charter_commands(cli);
  add_minutes_commands(cli);
  add_prepare_commands(cli);
  add_change_commands(cli);
  add_disclose_command(cli);
  add_list_file_commands(cli);
  add_sign_command(cli);
  add_submit_command(cli);
  add_read_commands(cli);
  add_show_command(cli);
  add_prove_commands(cli);
  add_verify_command(cli);
  add_desk_commands(cli);
  add_audit_command(cli);
  add_monitor_command(cli);
  add_data_commands(cli);
  add_mirror_command(cli);
  add_extract_commands(cli);
  add_listen_command(cli);
  add_agenda_command(cli);
  add_openings_commands(cli);
  add_party_commands(cli);
  add_report_commands(cli);
  add_journal_command(cli);
  add_subscribe_commands(cli);
  add_witness_command(cli);
  add_completion_command(cli);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (argc > 1 && dynamic_cast<const CLI::RequiredError*>(&error) != nullptr &&
        app.get_subcommands().empty() && argv[1][0] != '-') {
      std::cerr << "cpl: there is no command \"" << printable(argv[1])
                << "\"; cpl --help names those there are\n";
      return exit_not_done;
    }
    const int code = app.exit(error);
    return code == 0 ? exit_done : exit_not_done;
  }
  return cli.exit_code;
}

}  // namespace
}  // namespace cpl

int main(int argc, char** argv) {
  // What could not be done is the service's to tell: a person's machine is as it is.
  cpl::shield_process(cpl::NewFiles::as_usual);
  try {
    return cpl::run(argc, argv);
  } catch (const nlohmann::json::exception&) {
    std::cerr << "cpl: the answer is JSON, and not a registry's: see --server\n";
    return cpl::exit_not_done;
  } catch (const std::exception& error) {
    std::cerr << "cpl: " << error.what() << "\n";
    return cpl::exit_not_done;
  }
}
