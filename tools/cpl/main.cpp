// cpl, the command line: what clerks, Panel members, the Service Desk, Parties and auditors do with
// the registry. Signing and verifying need no server.
#include <iostream>

#include "tools/cpl/help.hpp"
#include "tools/cpl/near_miss.hpp"
#include "tools/cpl/work.hpp"
#include "tools/shared/process_shield.hpp"
#include "tools/shared/version.hpp"
#include "tools/ui/ui.hpp"

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

// A mistake in the words that were typed: what is wrong, and where to read on.
int tell_misuse(const CLI::App& app, const CLI::ParseError& error,
                const std::vector<std::string>& words) {
  const auto wrong = unknown_word(app, words);
  const CLI::App& command = command_of(app, words);
  const std::string path = command_path(command);
  const bool is_incomplete = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  if (!wrong && is_incomplete && !command.get_subcommands({}).empty()) {
    std::cout << help_of(command);
    return exit_done;
  }
  const std::string ask = path == "cpl" ? path + " help" : "cpl help" + path.substr(3);
  std::cerr << "cpl: " << printable(wrong.value_or(error.what())) << "\n     see: " << ask << "\n";
  return exit_not_done;
}

void add_commands(Cli& cli) {
  add_key_commands(cli);
  add_charter_commands(cli);
  add_minutes_commands(cli);
  add_prepare_commands(cli);
  add_change_commands(cli);
  add_disclose_command(cli);
  add_list_file_commands(cli);
  add_sign_command(cli);
  add_submit_command(cli);
  add_tray_commands(cli);
  add_submission_commands(cli);
  add_read_commands(cli);
  add_show_command(cli);
  add_prove_commands(cli);
  add_verify_command(cli);
  add_verifier_command(cli);
  add_desk_commands(cli);
  add_audit_command(cli);
  add_monitor_command(cli);
  add_data_commands(cli);
  add_mirror_command(cli);
  add_extract_commands(cli);
  add_reconcile_command(cli);
  add_listen_command(cli);
  add_agenda_command(cli);
  add_openings_commands(cli);
  add_party_commands(cli);
  add_report_commands(cli);
  add_journal_command(cli);
  add_subscribe_commands(cli);
  add_witness_command(cli);
  add_checkpoint_command(cli);
  add_notices_command(cli);
  add_diff_command(cli);
  add_log_command(cli);
  add_work_commands(cli);
  add_work_list_commands(cli);
  add_ui_command(cli);
  add_completion_command(cli);
  add_help_command(cli);
}

int run(int argc, char** argv) {
  CLI::App app("The Certified Products List registry, from the command line", "cpl");
  use_help_format(app);
  app.footer(
      "Example:\n  cpl list --server http://127.0.0.1:8080 --device-type esme\n"
      "To read more: cpl help COMMAND, cpl help environment, cpl help exit-codes");
  app.require_subcommand(1);
  app.fallthrough();
  Cli cli(app);
  add_common_options(cli);
  app.set_version_flag("--version", "cpl " + std::string(version));
  cli.identity = identity_of_environment();
  add_commands(cli);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      app.exit(error);
      return exit_done;
    }
    return tell_misuse(app, error, std::vector<std::string>(argv + 1, argv + argc));
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
