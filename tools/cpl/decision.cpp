// cpl decision: a decision of the Panel, from its minutes or as typed.
#include <iostream>

#include "crypto/encoding.hpp"
#include "registry/minutes/minutes.hpp"
#include "registry/query/decision_handling.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/cpl/decision_words.hpp"
#include "tools/cpl/minutes_option.hpp"
#include "tools/cpl/preparation.hpp"
#include "tools/cpl/reader_option.hpp"

namespace cpl {
namespace {

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
  std::vector<std::string> withdraw;
  std::vector<std::string> successors;
  std::vector<std::string> without_successor;
  bool sealed = false;
  bool publish = false;
  bool from_running_text = false;
  std::string seals;
  std::string classification;
  std::vector<std::string> readers;
  std::string out;
};

// What a decision read from minutes may not be without somebody saying so.
Result<void> check_source(const MinutesOutline& outline, const OutlineItem& item,
                          const DecisionOptions& options) {
  if (item.confidential && !options.sealed && !options.publish) {
    return refuse("minutes-confidential",
                  "item " + std::to_string(item.number) +
                      " is marked confidential, and the log would publish its words for ever; give "
                      "--sealed, or --publish if they may be public");
  }
  if (!outline.unplaced.empty()) {
    std::cerr << "cpl: " << options.minutes_file << ": " << counted(outline.unplaced.size(), "line")
              << " could not be placed; cpl minutes read shows what they are\n";
  }
  return {};
}

// Fills what the minutes say about item and ordinal: nobody should type it again.
Result<void> take_from_minutes(DecisionOptions& options) {
  const MinutesOutline outline =
      TRY(read_minutes(TRY(read_file(options.minutes_file, minutes_size_max))));
  options.body = outline.meeting.body;
  options.meeting = outline.meeting.ref;
  options.date = TRY(meeting_date(outline, options.minutes_file, options.date)).text();
  for (const OutlineItem& item : outline.items) {
    if (item.number != options.item) continue;
    for (const OutlineDecision& decision : item.decisions) {
      if (decision.ordinal != options.ordinal) continue;
      options.verb = decision.verb;
      options.text = decision.text;
      options.from_running_text = !decision.formal;
      return check_source(outline, item, options);
    }
  }
  return Error{Errc::not_found, "decision-not-in-minutes",
               options.minutes_file + " has no decision " + std::to_string(options.ordinal) +
                   " in item " + std::to_string(options.item)};
}

Result<std::vector<ModelId>> model_ids(const std::vector<std::string>& ids) {
  std::vector<ModelId> models;
  models.reserve(ids.size());
  for (const std::string& id : ids) models.push_back(TRY(ModelId::parse(id)));
  return models;
}

Result<void> authorise(Act act, const std::vector<std::string>& ids, Decision& decision) {
  if (ids.empty()) return {};
  std::vector<ModelId> models = TRY(model_ids(ids));
  decision.authorises.push_back({act, std::move(models)});
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
  if (options.minutes_file.empty()) {
    options.text = minutes_words(options.text);
  } else {
    TRY_VOID(take_from_minutes(options));
  }
  const auto date = Date::parse(options.date);
  if (!date) return malformed("date-malformed", "--date must be a date such as 2016-04-08");
  const auto verb = read_word<Verb>(options.verb);
  if (!verb) {
    return malformed("verb-missing", "--verb must be noted, approved, agreed or supported");
  }
  Decision decision{options.body, *date, {}, {}, {}, *verb, options.text, {}};
  if (!options.ex_committee.empty()) {
    decision.ex_committee = options.ex_committee;
  } else {
    decision.meeting = MeetingRef{options.body, options.meeting};
    decision.place = {options.item, options.ordinal};
  }
  TRY_VOID(authorise(Act::remove, options.remove, decision));
  TRY_VOID(authorise(Act::reinstate, options.reinstate, decision));
  TRY_VOID(authorise(Act::withdraw, options.withdraw, decision));
  decision.successors = TRY(model_ids(options.successors));
  decision.without_successor = TRY(model_ids(options.without_successor));
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
            printable(options.text) + "\n" +
                (options.from_running_text
                     ? "  from running text, not from a bullet in capitals below \"The Panel:\"\n"
                     : "") +
                authorised_text(options.text, decision) + "in " + options.out +
                ", to be signed by the panel" + Sealer::said(seals));
  return {};
}

}  // namespace

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
  decision->add_option("--date", options->date,
                       "The day it was taken, if it cannot be read in the minutes");
  decision->add_option("--ex-committee", options->ex_committee,
                       "Its reference, if it was taken ex-committee");
  choose_from(decision->add_option("--verb", options->verb, "What the Panel did"), verb_words);
  decision->add_option("--text", options->text, "Its exact words");
  decision->add_option("--remove", options->remove, "Models it names for removal");
  decision->add_option("--reinstate", options->reinstate, "Models it names for reinstatement");
  decision->add_option("--withdraw", options->withdraw,
                       "Models the notice for which is to be taken back");
  decision->add_option("--successor", options->successors,
                       "Listed models that bear the hardware of what is removed");
  decision->add_option("--without-successor", options->without_successor,
                       "Models whose hardware is left without a listed one");
  decision->add_flag("--sealed", options->sealed, "Seal its words until a disclosure opens them");
  decision->add_flag("--publish", options->publish,
                     "Publish its words although the minutes mark the item as confidential");
  decision->add_option("--seals", options->seals,
                       "The minutes' file of seals: the same words then bear the same seal");
  choose_from(decision->add_option("--classification", options->classification,
                                   "Classification of the sealed texts of this decision and of "
                                   "what rests on it; stored sealed"),
              classification_words);
  decision->add_option("--for", options->readers,
                       "Who may read them: service-desk, all-parties or a Party's name, each with "
                       "@TIME where not at once");
  decision->add_option("-o,--out", options->out, "Where it goes")->required();
  decision->callback([&cli, options] { cli.run([&] { return prepare_decision(cli, *options); }); });
}

}  // namespace cpl
