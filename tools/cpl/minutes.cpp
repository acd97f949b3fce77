// cpl minutes: from the Panel's paper to signed words.
#include <iostream>

#include "crypto/encoding.hpp"
#include "registry/minutes/json.hpp"
#include "registry/minutes/minutes.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/cpl/minutes_option.hpp"
#include "tools/cpl/minutes_statement.hpp"
#include "tools/cpl/party_directory.hpp"
#include "tools/cpl/preparation.hpp"

namespace cpl {
namespace {

Result<void> read_outline(const Cli& cli, const std::filesystem::path& file,
                          const std::filesystem::path& parties) {
  const MinutesOutline outline = TRY(read_minutes(TRY(read_file(file, minutes_size_max))));
  if (!parties.empty()) TRY_VOID(write_file(parties, admissions_csv(outline), Secrecy::open));
  if (cli.json) {
    std::cout << shown_json(minutes_to_json(outline).dump(2)) << "\n";
  } else {
    std::cout << printable(minutes_outline_text(outline));
  }
  return {};
}

Result<void> prepare_minutes(const Cli& cli, const MinutesOptions& options) {
  const Bytes document = TRY(read_file(options.file, minutes_size_max));
  const MinutesOutline outline = TRY(read_minutes(document));
  for (const std::string& line : unplaced_lines(outline, options)) {
    std::cerr << "cpl: " << options.file << ", " << printable(line) << "\n";
  }
  Sealer sealer;
  const Minutes minutes = TRY(minutes_of(options, document, outline, sealer));
  const Bytes text = format_statement({options.origin, cli.clock.now(), minutes});
  TRY_VOID(parse_statement(text));
  const std::string seals = TRY(save_sealed(cli, options.out, text, sealer));
  cli.print({{"file", options.out},
             {"seals", seals.empty() ? Json() : Json(seals)},
             {"meeting", minutes.meeting.meeting},
             {"decisions", minutes.decisions.size()},
             {"actions", minutes.actions.size()}},
            std::string(minutes.is_final ? "final" : "draft") + " minutes of " +
                minutes.meeting.meeting + ", " + minutes.date.text() + ": " +
                counted(minutes.decisions.size(), "decision") + " and " +
                counted(minutes.actions.size(), "action") + ", in " + options.out +
                (minutes.is_final ? ", to be signed by as many registrar keys as a removal"
                                  : ", to be signed by one registrar key") +
                Sealer::said(seals));
  return {};
}

}  // namespace

void add_minutes_commands(Cli& cli) {
  CLI::App* minutes = add_command(cli.app, "minutes", "Read Panel minutes, and prepare them",
                                  "cpl minutes read SECP_30_1103.txt");
  minutes->require_subcommand(1);
  auto options = std::make_shared<MinutesOptions>();
  CLI::App* read = add_command(*minutes, "read", "Show what the minutes hold",
                               "cpl minutes read SECP_30_1103.txt --json");
  read->add_option("file", options->file, "The minutes, as text or PDF")->required();
  auto parties = std::make_shared<std::filesystem::path>();
  read->add_option("--parties", *parties,
                   "Write the Parties that the minutes admit into this file, for cpl party import");
  read->callback([&cli, options, parties] {
    cli.run([&] { return read_outline(cli, options->file, *parties); });
  });

  CLI::App* prepare = add_command(
      *minutes, "prepare", "Prepare a statement of the minutes",
      "cpl minutes prepare SECP_30_1103.txt --origin cpl.example/log --out minutes.stmt");
  prepare->add_option("file", options->file, "The minutes, as text or PDF")->required();
  prepare->add_option("--origin", options->origin, "The registry it is meant for")
      ->envname("CPL_ORIGIN")
      ->required();
  choose(prepare->add_option("--minutes-status", options->status,
                             "What they are, where the text does not say"),
         {"draft", "final"});
  prepare->add_option("--date", options->date,
                      "The day of the meeting, if it cannot be read in the text");
  choose_from(prepare->add_option("--classification", options->classification, "Their class"),
              classification_words)
      ->default_str("white");
  prepare->add_option("--seal", options->sealed_items,
                      "Seal the decisions and actions of these items");
  prepare->add_option("--publish-item", options->public_items,
                      "Items marked confidential whose decisions and actions may be public");
  prepare->add_flag("--accept-unplaced", options->accept_unplaced,
                    "Go on although lines were not placed: somebody has read them");
  prepare->add_option("--action-closed", options->closed_actions,
                      "Outstanding actions of earlier meetings that these minutes say are done");
  prepare->add_flag("--accept-no-decisions", options->accept_no_decisions,
                    "Go on although no decision was found: the meeting took none");
  prepare->add_option("-o,--out", options->out, "Where it goes")->required();
  prepare->callback([&cli, options] { cli.run([&] { return prepare_minutes(cli, *options); }); });
  add_decision_command(cli);
}

}  // namespace cpl
