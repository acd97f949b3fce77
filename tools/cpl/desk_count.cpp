// cpl desk count: how many devices of each model the DCC counted on a day. The statement commits to
// the counts; the file goes to the registry beside it.
#include "crypto/encoding.hpp"
#include "registry/statement/deployed.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/desk_receipt.hpp"
#include "tools/cpl/desk_statement.hpp"
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

// By an earlier try whose file did not arrive, or of which nobody heard.
std::optional<EntryIndex> counted_before(const Json& newest, const Deployment& deployment) {
  const Json said = newest.value("deployment", Json());
  const Json own = to_json(StatementBody(deployment));
  const bool is_same = said.is_object() && text_of(said, "day") == text_of(own, "day") &&
                       text_of(said, "root") == text_of(own, "root");
  const auto entry = is_same ? from_decimal(text_of(said, "entry")) : std::nullopt;
  return entry ? std::optional(EntryIndex{*entry}) : std::nullopt;
}

Result<void> bring(const HttpClient& client, EntryIndex entry, const DeployedCounts& counts) {
  TRY(client.post("/v1/deployed/" + std::to_string(entry.value), counts.format(), "text/csv"));
  return {};
}

Result<void> count(const Cli& cli, const CountCommand& command) {
  const auto day = Date::parse(command.day);
  if (!day) return malformed("date-malformed", "--day must be a day such as 2026-07-09");
  const auto counts = DeployedCounts::parse(TRY(read_file(command.file, counts_file_max)));
  if (!counts) return within(command.file, counts.error());
  const Deployment deployment = deployment_of(*day, *counts);
  const TrustPolicy policy = TRY(read_policy_file(command.policy));
  const std::string origin = TRY(receipt_origin(policy, command.policy, command.origin));
  const HttpClient client = cli.client();
  const Json newest = TRY(client.get_json("/v1/deployed"));
  if (const auto before = counted_before(newest, deployment); before && !cli.dry_run) {
    TRY_VOID(bring(client, *before, *counts));
    cli.print({{"index", before->value}},
              "entry " + std::to_string(before->value) + " said so before; its file is there");
    return {};
  }
  const DeskVoice desk = TRY(DeskVoice::open(cli, command.key, policy));
  const auto entry = TRY(desk.say({origin, deployment, counted_text(deployment)}));
  return entry ? bring(client, *entry, *counts) : Result<void>();
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
