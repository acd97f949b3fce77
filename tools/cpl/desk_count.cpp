// cpl desk count: how many devices of each model the DCC counted on a day. The statement commits to
// the counts; the file goes to the registry beside it.
#include "crypto/encoding.hpp"
#include "registry/statement/deployed.hpp"
#include "tools/cpl/accepted.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/desk_receipt.hpp"
#include "tools/cpl/person_key.hpp"
#include "tools/cpl/rehearsal.hpp"
#include "tools/cpl/work.hpp"
#include "tools/shared/files.hpp"

namespace cpl {
namespace {

constexpr std::size_t counts_file_max = std::size_t{16} << 20U;

struct CountCommand {
  std::string file;
  std::string day;
  std::string policy;
  std::string key;
  std::string origin;
};

std::string counted_text(const Deployment& deployment) {
  return counted(deployment.devices, "device") + " of " + counted(deployment.rows, "model") +
         ", counted on " + deployment.day.text();
}

Result<void> count(const Cli& cli, const CountCommand& command) {
  const auto day = Date::parse(command.day);
  if (!day) return malformed("date-malformed", "--day must be a day such as 2026-07-09");
  const auto counts = DeployedCounts::parse(TRY(read_file(command.file, counts_file_max)));
  if (!counts) return within(command.file, counts.error());
  const Deployment deployment = deployment_of(*day, *counts);
  const TrustPolicy policy = TRY(read_policy_file(command.policy));
  const std::string origin = TRY(receipt_origin(policy, command.policy, command.origin));
  Note note{format_statement({origin, cli.clock.now(), deployment}), {}};
  TRY(parse_statement(note.text));
  const HttpClient client = cli.client();
  if (cli.dry_run) {
    const Judgements judgements = TRY(ask_registry(client, {note.text}));
    if (judgements.front()) return *judgements.front();
    cli.print({{"would_say", counted_text(deployment)}},
              "nothing was signed or sent; the registry would accept " + counted_text(deployment));
    return {};
  }
  if (command.key.empty()) {
    return malformed("key-missing", "give the Service Desk's key with --key or CPL_DESK_KEY");
  }
  const PersonSigner key = TRY(read_person_key(command.key));
  TRY_VOID(sign_note(note, key));
  const AcceptedEntry entry = TRY(submit_note(client, format_note(note), policy));
  const std::string path = "/v1/deployed/" + std::to_string(entry.index.value);
  TRY(client.post(path, counts->format(), "text/csv"));
  cli.print(entry.answer, "entry " + std::to_string(entry.index.value) + ", " +
                              proof_text(entry.proven) + ": " + counted_text(deployment) +
                              ", signed by " + key.verifier().name());
  return {};
}

}  // namespace

void add_desk_count_commands(Cli& cli, CLI::App& desk) {
  auto options = std::make_shared<CountCommand>();
  CLI::App* command =
      add_command(desk, "count", "Sign how many devices of each model were counted on a day",
                  "cpl desk count devices.csv --day 2026-07-09 --key desk.key");
  command->add_option("file", options->file, "A CSV file with the columns model,devices")
      ->required();
  command->add_option("--day", options->day, "The day of the count")->required();
  command->add_option("--policy", options->policy, "The trust policy file")
      ->envname("CPL_POLICY")
      ->required();
  command->add_option("-k,--key", options->key, "The Service Desk's key file")
      ->envname("CPL_DESK_KEY");
  command->add_option("--origin", options->origin,
                      "The registry it is meant for, where the policy names several logs");
  add_dry_run(cli, *command);
  command->callback([&cli, options] { cli.run([&] { return count(cli, *options); }); });
}

}  // namespace cpl
