// cpl checkpoint: the newest checkpoint of a log, to keep or to hand to others.
#include "crypto/encoding.hpp"
#include "tools/cpl/cli.hpp"
#include "tools/shared/fetch.hpp"

namespace cpl {
namespace {

constexpr std::size_t checkpoint_size_max = 1U << 20U;

struct CheckpointOptions {
  std::string source;
  std::string policy;
  std::string out = "-";
};

Result<void> show_checkpoint(const Cli& cli, const CheckpointOptions& options) {
  TRY_VOID(cli.check_save(options.out));
  const FetchResource fetch = fetch_from(TRY(cli.log_named(options.source)), cli.time_max());
  const Bytes note = TRY(fetch("checkpoint"));
  Checkpoint checkpoint = TRY(parse_checkpoint(TRY(parse_note(note)).text));
  if (!options.policy.empty()) {
    checkpoint = TRY(trust_checkpoint(note, TRY(read_policy_file(options.policy)))).checkpoint;
  }
  TRY_VOID(cli.save(options.out, note));
  cli.print({{"origin", checkpoint.origin},
             {"size", checkpoint.size.value},
             {"checkpoint", note},
             {"verified", !options.policy.empty()}},
            "checkpoint of " + printable(checkpoint.origin) + ", " +
                counted(checkpoint.size.value, "entry") +
                (options.policy.empty() ? ": no trust policy, so nobody checked the signatures"
                                        : ": signed by a log of the trust policy"));
  return {};
}

}  // namespace

Result<Bytes> read_checkpoint_file(const std::filesystem::path& file) {
  Bytes note = TRY(read_exact_file(file, checkpoint_size_max));
  note.erase(0, note.find_first_not_of('\n'));
  return note;
}

void add_checkpoint_command(Cli& cli) {
  auto options = std::make_shared<CheckpointOptions>();
  CLI::App* command =
      add_command(cli.app, "checkpoint", "Fetch the newest checkpoint of a log, to keep it",
                  "cpl checkpoint --out newest.txt --policy policy.txt");
  command->add_option("source", options->source,
                      "The log's URL, or a folder with a copy; else --server or CPL_SERVER");
  command->add_option("--policy", options->policy, "The trust policy file")->envname("CPL_POLICY");
  command->add_option("-o,--out", options->out, "Where it goes")->capture_default_str();
  command->callback([&cli, options] { cli.run([&] { return show_checkpoint(cli, *options); }); });
}

}  // namespace cpl
