// cpl minutes: from the Panel's paper to signed words.
#include <iostream>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/minutes/json.hpp"
#include "registry/minutes/minutes.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/cpl/minutes_option.hpp"
#include "tools/cpl/preparation.hpp"

namespace cpl {
namespace {

Result<void> read_outline(const Cli& cli, const std::filesystem::path& file) {
  const MinutesOutline outline = TRY(read_minutes(TRY(read_file(file, minutes_size_max))));
  if (cli.json) {
    std::cout << shown_json(minutes_to_json(outline).dump(2)) << "\n";
  } else {
    std::cout << printable(minutes_outline_text(outline));
  }
  return {};
}

struct MinutesOptions {
  std::string file;
  std::string origin;
  std::string status;
  std::string date;
  std::string classification = "WHITE";
  std::vector<std::uint64_t> sealed_items;
  std::vector<std::uint64_t> public_items;
  bool accept_unplaced = false;
  bool accept_no_decisions = false;
  std::string out;
};

bool holds(const std::vector<std::uint64_t>& items, std::uint64_t number) {
  return std::find(items.begin(), items.end(), number) != items.end();
}

// The texts of an item, in clear or sealed.
void add_item(const OutlineItem& item, bool sealed, Minutes& minutes, Sealer& sealer) {
  const auto text = [&](const std::string& list, std::size_t position, const std::string& words) {
    if (!sealed) return Text(words);
    return sealer.seal("/" + list + "/" + std::to_string(position) + "/text", words);
  };
  for (const OutlineDecision& decision : item.decisions) {
    minutes.decisions.push_back({{item.number, decision.ordinal},
                                 decision.verb,
                                 text("decisions", minutes.decisions.size(), decision.text)});
  }
  for (const OutlineAction& action : item.actions) {
    minutes.actions.push_back({action.ref, action.owner.value_or("unknown"),
                               text("actions", minutes.actions.size(), action.text)});
  }
}

// A statement's words stay in the log for ever: what is confidential is sealed, or said to be
// public.
Result<void> check_confidential(const MinutesOutline& outline, const MinutesOptions& options) {
  for (const auto& named : {options.sealed_items, options.public_items}) {
    for (const std::uint64_t number : named) {
      const bool is_there =
          std::any_of(outline.items.begin(), outline.items.end(),
                      [number](const OutlineItem& item) { return item.number == number; });
      if (!is_there) {
        return Error{Errc::not_found, "minutes-item-unknown",
                     options.file + " has no item " + std::to_string(number), 0};
      }
    }
  }
  for (const OutlineItem& item : outline.items) {
    const std::string number = std::to_string(item.number);
    const bool says_something = !item.decisions.empty() || !item.actions.empty();
    if (!item.confidential || !says_something || holds(options.sealed_items, item.number) ||
        holds(options.public_items, item.number)) {
      continue;
    }
    return refuse("minutes-confidential",
                  std::string("item ")
                      .append(number)
                      .append(" is marked confidential, and the log would publish its words "
                              "for ever; give --seal ")
                      .append(number)
                      .append(", or --publish-item ")
                      .append(number)
                      .append(" if they may be public"));
  }
  return {};
}

// What the reader did not understand is a person's to read, before it counts.
Result<void> check_understood(const MinutesOutline& outline, const MinutesOptions& options) {
  std::size_t unplaced_count = 0;
  for (const OutlineUnplaced& unplaced : outline.unplaced) {
    if (unplaced.reason == minutes_date_unreadable && !options.date.empty()) continue;
    ++unplaced_count;
    std::cerr << "cpl: " << options.file << ":" << unplaced.line << ": " << unplaced.reason << ": "
              << printable(unplaced.text) << "\n";
  }
  if (unplaced_count != 0 && !options.accept_unplaced) {
    return refuse("minutes-unplaced",
                  "the lines above were not placed; read them in " + options.file +
                      ", and give --accept-unplaced if no decision or action is lost with them");
  }
  const bool decides = std::any_of(outline.items.begin(), outline.items.end(),
                                   [](const OutlineItem& item) { return !item.decisions.empty(); });
  if (decides || options.accept_no_decisions) return {};
  return refuse("minutes-without-decisions",
                "no decision was found in " + options.file +
                    "; final minutes without any contradict every decision of the meeting; give "
                    "--accept-no-decisions if it took none");
}

Result<Minutes> minutes_of(const MinutesOptions& options, BytesView document, Sealer& sealer) {
  const MinutesOutline outline = TRY(read_minutes(document));
  const Date date = TRY(meeting_date(outline, options.file, options.date));
  const std::string read_status(minutes_status_word(outline.meeting.status));
  const std::string status = options.status.empty() ? read_status : options.status;
  if (status != "draft" && status != "final") {
    return malformed("minutes-unreadable", options.file +
                                               " does not say whether it is draft or final; "
                                               "give --minutes-status");
  }
  TRY_VOID(check_confidential(outline, options));
  TRY_VOID(check_understood(outline, options));
  Minutes minutes{{outline.meeting.body, outline.meeting.ref},
                  date,
                  outline.meeting.title,
                  status == "final",
                  sha256(document),
                  document.size(),
                  document.starts_with("%PDF-") ? "application/pdf" : "text/plain",
                  options.classification,
                  {},
                  {}};
  for (const OutlineItem& item : outline.items) {
    add_item(item, holds(options.sealed_items, item.number), minutes, sealer);
  }
  return minutes;
}

Result<void> prepare_minutes(const Cli& cli, const MinutesOptions& options) {
  const Bytes document = TRY(read_file(options.file, minutes_size_max));
  Sealer sealer;
  const Minutes minutes = TRY(minutes_of(options, document, sealer));
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
  read->callback([&cli, options] { cli.run([&] { return read_outline(cli, options->file); }); });

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
  prepare->add_flag("--accept-no-decisions", options->accept_no_decisions,
                    "Go on although no decision was found: the meeting took none");
  prepare->add_option("-o,--out", options->out, "Where it goes")->required();
  prepare->callback([&cli, options] { cli.run([&] { return prepare_minutes(cli, *options); }); });
  add_decision_command(cli);
}

}  // namespace cpl
