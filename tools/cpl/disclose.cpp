// cpl disclose: opening a sealed text.
#include "tools/cpl/preparation.hpp"

namespace cpl {
namespace {

Result<std::vector<Opening>> read_openings(const std::string& file) {
  auto openings = parse_openings(TRY(read_exact_file(file, openings_size_max, LineEnds::any)));
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

}  // namespace

void add_disclose_command(Cli& cli) {
  auto options = std::make_shared<PrepareOptions>();
  CLI::App* disclose =
      add_prepare(cli, options, "disclose", "Prepare the opening of a sealed text, for all to read",
                  "cpl disclose decision.txt.seals --entry 1503 --field /text --out disclosure.txt",
                  &prepare_disclosure);
  disclose->add_option("file", options->file, "The file of seals")->required();
  disclose->add_option("--entry", options->entry, "The entry that holds the seal")->required();
  disclose->add_option("--field", options->field, "Where it stands in the entry")->required();
}

}  // namespace cpl
