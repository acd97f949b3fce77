// cpl openings: sealed texts for those who may read them. The operator keeps and destroys them; the
// Service Desk and the Parties read what is theirs to read.
#include "api/feed/filter_query.hpp"
#include "crypto/encoding.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/cpl/proven_entry.hpp"
#include "tools/cpl/reader_option.hpp"
#include "tools/cpl/sealer.hpp"

namespace cpl {
namespace {

const std::string operator_path = "/v1/operator/openings";

struct OpeningOptions {
  std::string file;
  std::uint64_t entry = 0;
  std::string field;
  std::string classification;
  std::vector<std::string> readers;
  std::string out;
  std::string policy;
};

Json readers_json(const std::vector<OpeningReader>& readers) {
  Json list = Json::array();
  for (const OpeningReader& reader : readers) {
    list.push_back({{"who", reader.who}});
    if (reader.from.value != 0) list.back()["from"] = format_time(reader.from);
  }
  return list;
}

std::string readers_text(const Json& readers) {
  std::string text;
  for (const Json& reader : readers) {
    text += (text.empty() ? "" : ", ") + text_of(reader, "who") + " from " +
            told_time(text_of(reader, "from"));
  }
  return text;
}

Result<void> keep(const Cli& cli, const OpeningOptions& options) {
  const Bytes text = TRY(read_exact_file(options.file, openings_size_max, LineEnds::any));
  const auto openings = parse_openings(text);
  if (!openings) return within(options.file, openings.error());
  const Json seals = TRY(parse_json(text));
  Json body = {{"entry", options.entry}, {"seals", seals}};
  if (!options.classification.empty()) body["classification"] = options.classification;
  if (!options.readers.empty()) body["readers"] = readers_json(TRY(parse_readers(options.readers)));
  const Json kept =
      TRY(json_of(TRY(cli.client().post(operator_path, body.dump(), "application/json"))));
  TRY_VOID(check_told(kept, "entry", options.entry));
  cli.print(kept, counted(openings->size(), "sealed text") + " of entry " +
                      std::to_string(options.entry) + " kept, " + text_of(kept, "classification") +
                      ", for " + readers_text(kept.value("readers", Json::array())));
  return {};
}

Result<void> list(const Cli& cli) {
  const Json answer = TRY(cli.client().get_json(operator_path));
  std::string text;
  for (const Json& opening : answer.value("openings", Json::array())) {
    text += "entry " + column(text_of(opening, "entry"), 8) +
            column(text_of(opening, "field"), 24) + column(text_of(opening, "classification"), 7);
    const std::string readers = readers_text(opening.value("readers", Json::array()));
    text += (readers.empty() ? "nobody: it rules over the others" : readers) + "\n";
  }
  cli.print(answer, text.empty() ? "no openings are kept" : text);
  return {};
}

Result<void> destroy(const Cli& cli, const OpeningOptions& options) {
  TRY(cli.client().del(operator_path + "/" + std::to_string(options.entry) +
                       "?field=" + percent_encode(options.field)));
  cli.print({{"destroyed", options.field}, {"entry", options.entry}},
            "the opening of \"" + options.field + "\" of entry " + std::to_string(options.entry) +
                " is destroyed here; every other copy of the .seals file still opens it");
  return {};
}

// What does not open a seal of the entry is not shown.
Result<void> read(const Cli& cli, const OpeningOptions& options) {
  TRY_VOID(check_identity(cli.identity));
  std::optional<TrustPolicy> policy;
  if (!options.policy.empty()) policy = TRY(read_policy_file(options.policy));
  const HttpClient client = cli.client();
  const ProvenRead entry = TRY(read_entry(client, EntryIndex{options.entry}, policy));
  const auto& seals = entry.statement.seals;
  const std::string path = "/v1/entries/" + std::to_string(options.entry) + "/openings";
  const HttpAnswer answer = TRY(client.get(path, openings_size_max));
  const auto openings = TRY(parse_openings(answer.body));
  std::string text;
  for (const Opening& opening : openings) {
    const auto seal = seals.find(opening.field);
    if (seal == seals.end() || seal->second.seal != opening.seal()) {
      return refuse("opening-does-not-fit", "the registry's opening of \"" + opening.field +
                                                "\" does not fit the seal in the entry");
    }
    text += bold(opening.field) + "\n" + opening.words + "\n";
  }
  if (!options.out.empty()) TRY_VOID(write_file(options.out, answer.body, Secrecy::secret));
  cli.print(TRY(parse_json(answer.body)),
            text + "entry " + std::to_string(options.entry) + ", " + proven_text(entry));
  return {};
}

CLI::App* add_sub(CLI::App& parent, const std::string& name, const std::string& description,
                  const std::string& example) {
  return add_command(parent, name, description, "CPL_TOKEN=... cpl openings " + example);
}

}  // namespace

void add_openings_commands(Cli& cli) {
  auto options = std::make_shared<OpeningOptions>();
  CLI::App* openings =
      add_command(cli.app, "openings", "Read sealed texts; as the operator, keep and destroy them",
                  "CPL_TOKEN=... cpl openings read 1504");
  openings->require_subcommand(1);

  CLI::App* kept = add_sub(*openings, "keep", "Keep the openings of an entry, as the operator",
                           "keep notice.stmt.seals --entry 1504 --classification amber "
                           "--for service-desk --for all-parties@2026-12-01T00:00:00Z");
  kept->add_option("file", options->file, "The .seals file")->required();
  kept->add_option("--entry", options->entry, "The entry that holds the seals")->required();
  choose_from(kept->add_option("--classification", options->classification,
                               "Their class, where the decision does not say: subscriptions that "
                               "ask for it hear when the texts may be read"),
              classification_words);
  kept->add_option("--for", options->readers,
                   "Who may read them, where the decision does not say: service-desk, "
                   "all-parties or a Party's name, each with @TIME where not at once");
  add_dry_run(cli, *kept);
  kept->callback([&cli, options] { cli.run([&] { return keep(cli, *options); }); });

  CLI::App* listed =
      add_sub(*openings, "list", "Show what is kept for whom, without the texts", "list");
  listed->callback([&cli] { cli.run([&] { return list(cli); }); });

  CLI::App* destroyed =
      add_sub(*openings, "destroy", "Destroy what opens one text", "destroy 1504 --field /reason");
  destroyed->add_option("entry", options->entry, "The entry that holds the seal")->required();
  destroyed->add_option("--field", options->field, "Where it stands in the entry")->required();
  add_dry_run(cli, *destroyed);
  destroyed->callback([&cli, options] { cli.run([&] { return destroy(cli, *options); }); });

  CLI::App* shown =
      add_sub(*openings, "read", "Read the sealed texts of an entry that you may read",
              "read 1504 --out notice.stmt.seals");
  shown->add_option("entry", options->entry, "The entry")->required();
  shown->add_option("-o,--out", options->out, "Write the .seals file as well");
  shown->add_option("--policy", options->policy, "The trust policy file: the entry is proven")
      ->envname("CPL_POLICY");
  shown->callback([&cli, options] { cli.run([&] { return read(cli, *options); }); });
}

}  // namespace cpl
