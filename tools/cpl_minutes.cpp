// cpl minutes, cpl decision: from the Panel's paper to signed words.
#include <iostream>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/decision_handling.hpp"
#include "registry/minutes.hpp"
#include "registry/minutes_json.hpp"
#include "tools/decision_words.hpp"
#include "tools/preparation.hpp"
#include "tools/reader_option.hpp"

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
  std::string classification = "WHITE";
  std::vector<std::uint64_t> sealed_items;
  std::string out;
};

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

Result<Minutes> minutes_of(const MinutesOptions& options, BytesView document, Sealer& sealer) {
  const MinutesOutline outline = TRY(read_minutes(document));
  const auto date = Date::parse(outline.meeting.date.value_or(""));
  if (!date || outline.meeting.ref.empty() || outline.meeting.body.empty()) {
    return malformed("minutes-unreadable",
                     options.file + " does not say which meeting it is of, and when");
  }
  const std::string read_status(minutes_status_word(outline.meeting.status));
  const std::string status = options.status.empty() ? read_status : options.status;
  if (status != "draft" && status != "final") {
    return malformed("minutes-unreadable", options.file +
                                               " does not say whether it is draft or final; "
                                               "give --status");
  }
  Minutes minutes{{outline.meeting.body, outline.meeting.ref},
                  *date,
                  outline.meeting.title,
                  status == "final",
                  sha256(document),
                  document.size(),
                  document.starts_with("%PDF-") ? "application/pdf" : "text/plain",
                  options.classification,
                  {},
                  {}};
  for (const OutlineItem& item : outline.items) {
    const auto& sealed = options.sealed_items;
    const bool is_sealed = std::find(sealed.begin(), sealed.end(), item.number) != sealed.end();
    add_item(item, is_sealed, minutes, sealer);
  }
  for (const OutlineUnplaced& unplaced : outline.unplaced) {
    std::cerr << "cpl: " << options.file << ":" << unplaced.line << ": " << unplaced.reason << ": "
              << printable(unplaced.text) << "\n";
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

struct DecisionOptions {
  std::string origin;
  std::string body = "SECP";
  std::string date;
  std::string meeting;
  std::uint64_t item = 0;
  std::uint64_t ordinal = 0;
  std::string ex_committee;
  std::string verb;
  std::string text;
  std::string minutes_file;
  std::vector<std::string> remove;
  std::vector<std::string> reinstate;
  bool sealed = false;
  std::string seals;
  std::string classification;
  std::vector<std::string> readers;
  std::string out;
};

// Fills what the minutes say about item and ordinal: nobody should type it again.
Result<void> take_from_minutes(DecisionOptions& options) {
  const MinutesOutline outline =
      TRY(read_minutes(TRY(read_file(options.minutes_file, minutes_size_max))));
  options.body = outline.meeting.body;
  options.meeting = outline.meeting.ref;
  options.date = outline.meeting.date.value_or("");
  for (const OutlineItem& item : outline.items) {
    if (item.number != options.item) continue;
    for (const OutlineDecision& decision : item.decisions) {
      if (decision.ordinal != options.ordinal) continue;
      options.verb = decision.verb;
      options.text = decision.text;
      return {};
    }
  }
  return Error{Errc::not_found, "decision-not-in-minutes",
               options.minutes_file + " has no decision " + std::to_string(options.ordinal) +
                   " in item " + std::to_string(options.item)};
}

Result<void> authorise(Act act, const std::vector<std::string>& ids, Decision& decision) {
  if (ids.empty()) return {};
  Authorisation authorisation{act, {}};
  for (const std::string& id : ids) authorisation.models.push_back(TRY(ModelId::parse(id)));
  decision.authorises.push_back(std::move(authorisation));
  return {};
}

// Said now, and not to whoever cites the decision once it is signed (rule 4).
Result<void> check_authorising_verb(const Cli& cli, const Decision& decision) {
  const bool may = decision.verb == Verb::approved || decision.verb == Verb::agreed;
  if (may || decision.authorises.empty() || cli.force) return {};
  return refuse("verb-does-not-authorise",
                "the decision is " + to_string(decision.verb) +
                    ", and only APPROVED or AGREED authorises: leave out --remove and "
                    "--reinstate (--force prepares it all the same)",
                4);
}

// Under seal whatever the class is: the public entry tells none.
Result<void> seal_handling(const DecisionOptions& options, Sealer& sealer, Decision& decision) {
  if (options.classification.empty() && options.readers.empty()) return {};
  const auto readers = TRY(parse_readers(options.readers));
  const std::string words = Handling{options.classification, readers}.to_words();
  TRY(Handling::parse(words));
  decision.handling = sealer.seal(std::string(handling_field), words);
  return {};
}

Result<void> prepare_decision(const Cli& cli, DecisionOptions options) {
  if (!options.minutes_file.empty()) TRY_VOID(take_from_minutes(options));
  const auto date = Date::parse(options.date);
  if (!date) return malformed("date-malformed", "--date must be a date such as 2016-04-08");
  const auto verb = std::find(verb_words.begin(), verb_words.end(), options.verb);
  if (verb == verb_words.end()) {
    return malformed("verb-unknown", "--verb must be NOTED, APPROVED, AGREED or SUPPORTED");
  }
  Decision decision{options.body, *date, {}, {}, {}, static_cast<Verb>(verb - verb_words.begin()),
                    options.text, {}};
  if (!options.ex_committee.empty()) {
    decision.ex_committee = options.ex_committee;
  } else {
    decision.meeting = MeetingRef{options.body, options.meeting};
    decision.place = {options.item, options.ordinal};
  }
  TRY_VOID(authorise(Act::remove, options.remove, decision));
  TRY_VOID(authorise(Act::reinstate, options.reinstate, decision));
  TRY_VOID(check_authorising_verb(cli, decision));
  Sealer sealer = TRY(Sealer::create(options.seals));
  if (options.sealed) decision.text = sealer.seal("/text", options.text);
  TRY_VOID(seal_handling(options, sealer, decision));
  const Bytes text = format_statement({options.origin, cli.clock.now(), decision});
  TRY_VOID(parse_statement(text));
  const std::string seals = TRY(save_sealed(cli, options.out, text, sealer));
  cli.print({{"file", options.out},
             {"seals", seals.empty() ? Json() : Json(seals)},
             {"verb", options.verb},
             {"text", options.text}},
            printable(options.text) + "\n" + authorised_text(options.text, decision) + "in " +
                options.out + ", to be signed by the panel" + Sealer::said(seals));
  return {};
}

void add_decision_command(Cli& cli) {
  auto options = std::make_shared<DecisionOptions>();
  CLI::App* decision = add_command(
      cli.app, "decision", "Prepare a decision of the Panel and what it authorises",
      "cpl decision --origin cpl.example/log --minutes minutes.txt --item 7 --ordinal 2 "
      "--remove ESME-1063-00050203-38040404 --out decision.txt");
  decision->add_option("--origin", options->origin, "The registry it is meant for")
      ->envname("CPL_ORIGIN")
      ->required();
  decision->add_option("--minutes", options->minutes_file,
                       "Take meeting, date, verb and words from these minutes");
  decision->add_option("--item", options->item, "The item of the minutes");
  decision->add_option("--ordinal", options->ordinal, "The decision's number in the item");
  decision->add_option("--body", options->body, "The deciding body")->capture_default_str();
  decision->add_option("--meeting", options->meeting, "The meeting, such as SECP_30_1103");
  decision->add_option("--date", options->date, "The day it was taken");
  decision->add_option("--ex-committee", options->ex_committee,
                       "Its reference, if it was taken ex-committee");
  decision->add_option("--verb", options->verb, "NOTED, APPROVED, AGREED or SUPPORTED");
  decision->add_option("--text", options->text, "Its exact words");
  decision->add_option("--remove", options->remove, "Models it names for removal");
  decision->add_option("--reinstate", options->reinstate, "Models it names for reinstatement");
  decision->add_flag("--sealed", options->sealed, "Seal its words until a disclosure opens them");
  decision->add_option("--seals", options->seals,
                       "The minutes' file of seals: the same words then bear the same seal");
  decision->add_option("--classification", options->classification,
                       "Class of its sealed texts, and of those of what is done on it: WHITE, "
                       "GREEN, AMBER or RED; itself under seal");
  decision->add_option("--for", options->readers,
                       "Who may read them: service_desk, all_parties or a Party's name, each with "
                       "@TIME where not at once");
  decision->add_option("--out", options->out, "Where it goes")->required();
  decision->callback([&cli, options] { cli.run([&] { return prepare_decision(cli, *options); }); });
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
  prepare->add_option("--status", options->status, "draft or final, where the text says neither")
      ->check(CLI::IsMember({"draft", "final"}));
  prepare->add_option("--classification", options->classification, "WHITE, GREEN, AMBER or RED")
      ->capture_default_str();
  prepare->add_option("--seal", options->sealed_items,
                      "Items whose decisions and actions are sealed");
  prepare->add_option("--out", options->out, "Where it goes")->required();
  prepare->callback([&cli, options] { cli.run([&] { return prepare_minutes(cli, *options); }); });
  add_decision_command(cli);
}

}  // namespace cpl
