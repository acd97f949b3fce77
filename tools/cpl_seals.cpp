// cpl disclose, cpl seals: opening sealed texts, and who may read them before that.
#include <iostream>

#include "crypto/encoding.hpp"
#include "tools/preparation.hpp"

namespace cpl {
namespace {

Result<std::vector<Opening>> read_openings(const std::string& file) {
  auto openings = parse_openings(TRY(read_file(file, openings_size_max)));
  if (!openings) return within(file, openings.error());
  return openings;
}

Result<void> prepare_disclosure(const Cli& cli, const PrepareOptions& options) {
  for (const Opening& opening : TRY(read_openings(options.file))) {
    if (opening.field != options.field) continue;
    return put_statement(
        cli, options,
        Disclosure{EntryIndex{options.entry}, opening.field, opening.salt, opening.words},
        "registrar");
  }
  return Error{Errc::not_found, "seal-not-found",
               options.file + " does not open a text at \"" + options.field + "\""};
}

std::string sealed_path(std::uint64_t entry) { return "/v1/sealed/" + std::to_string(entry); }

Result<void> deposit(const Cli& cli, const PrepareOptions& options) {
  const Bytes body = format_openings(TRY(read_openings(options.file)));
  TRY_VOID(cli.client().post(sealed_path(options.entry), body, "application/json"));
  cli.print({{"entry", options.entry}}, "the registry keeps what opens the seals of entry " +
                                            std::to_string(options.entry) +
                                            ", for those who may read it");
  return {};
}

Result<void> read_sealed(const Cli& cli, const PrepareOptions& options) {
  const Bytes body = TRY(cli.client().get(sealed_path(options.entry))).body;
  std::string text;
  for (const Opening& opening : TRY(parse_openings(body))) {
    text += (text.empty() ? "" : "\n") + bold(printable(opening.field)) + "\n" +
            printable(opening.words);
  }
  cli.print(TRY(parse_json(body)), text);
  return {};
}

Result<void> destroy(const Cli& cli, const PrepareOptions& options) {
  TRY_VOID(cli.client().del(sealed_path(options.entry)));
  cli.print({{"entry", options.entry}},
            "the registry has destroyed what opened the seals of entry " +
                std::to_string(options.entry) + "; destroy every other copy, too");
  return {};
}

void add_seal_command(Cli& cli, CLI::App& parent, const std::string& name,
                      const std::string& description, const std::string& example, bool file,
                      Prepare body) {
  auto options = std::make_shared<PrepareOptions>();
  CLI::App* command = add_command(parent, name, description, example);
  command->add_option("entry", options->entry, "The entry's number")->required();
  if (file) command->add_option("file", options->file, "The file of seals")->required();
  command->callback([&cli, options, body] { cli.run([&] { return body(cli, *options); }); });
}

}  // namespace

void add_seal_commands(Cli& cli) {
  auto options = std::make_shared<PrepareOptions>();
  CLI::App* disclose =
      add_prepare(cli, options, "disclose", "Prepare the opening of a sealed text, for all to read",
                  "cpl disclose decision.txt.seals --entry 1503 --field /text --out disclosure.txt",
                  &prepare_disclosure);
  disclose->add_option("file", options->file, "The file of seals")->required();
  disclose->add_option("--entry", options->entry, "The entry that holds the seal")->required();
  disclose->add_option("--field", options->field, "Where it stands in the entry")->required();

  CLI::App* seals = add_command(cli.app, "seals", "Keep, read and destroy what opens sealed texts",
                                "cpl seals read 1503");
  seals->require_subcommand(1);
  add_seal_command(cli, *seals, "deposit", "Leave it with the registry, for those who may read it",
                   "cpl seals deposit 1503 decision.txt.seals", true, &deposit);
  add_seal_command(cli, *seals, "read", "Read sealed texts, with a token that may",
                   "CPL_TOKEN=... cpl seals read 1503", false, &read_sealed);
  add_seal_command(cli, *seals, "destroy",
                   "Destroy it, so that the texts can never be opened again",
                   "CPL_TOKEN=... cpl seals destroy 1503", false, &destroy);
}

}  // namespace cpl
