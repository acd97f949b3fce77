// cpl party: the operator's accounts of Parties, in a running service.
#include "api/feed/filter_query.hpp"
#include "crypto/signing_certificate.hpp"
#include "registry/base/json.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/deliveries.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/party_directory.hpp"
#include "tools/cpl/told.hpp"

namespace cpl {
namespace {

constexpr std::size_t certificate_file_max = 64 * 1024;
const std::string parties_path = "/v1/operator/parties";

struct PartyOptions {
  std::string name;
  bool service_desk = false;
  std::string label = "first";
  std::string token_id;
  std::string out;
  std::string certificate;
};

// A token is shown this once; in a file only its owner reads it.
Result<void> tell_token(const Cli& cli, const PartyOptions& options, Json answer) {
  TRY_VOID(check_told(answer, "party", options.name));
  if (text_of(answer, "token").empty()) return answer_malformed("the answer has no token");
  const std::string id = text_of(answer.value("details", Json::object()), "id");
  std::string text = "party:    " + text_of(answer, "party") + "\ntoken id: " + id;
  if (options.out.empty()) {
    text += "\ntoken:    " + text_of(answer, "token") +
            "\nHand the token over in private: it is not shown again.";
  } else {
    TRY_VOID(write_file(options.out, text_of(answer, "token") + "\n", Secrecy::secret));
    text += "\ntoken in: " + options.out;
    answer.erase("token");
    answer["file"] = options.out;
  }
  cli.print(answer, text);
  return {};
}

Result<void> add_party(const Cli& cli, const PartyOptions& options) {
  if (!options.out.empty()) TRY_VOID(check_secret_can_be_written(options.out));
  const Json body = {{"name", options.name},
                     {"audience", options.service_desk ? "service_desk" : "party"},
                     {"label", options.label}};
  return tell_token(cli, options,
                    TRY(json_of(TRY(cli.client().create(parties_path, body.dump(), json_type)))));
}

Result<void> add_token(const Cli& cli, const PartyOptions& options) {
  if (!options.out.empty()) TRY_VOID(check_secret_can_be_written(options.out));
  return tell_token(cli, options,
                    TRY(json_of(TRY(cli.client().create(
                        parties_path + "/" + percent_encode(options.name) + "/tokens",
                        Json{{"label", options.label}}.dump(), json_type)))));
}

// The subject of a certificate in a file, or what is one already.
Result<std::string> subject_of(const std::string& given) {
  if (given.find('=') != given.npos) return given;
  return certificate_subject(TRY(read_file(given, certificate_file_max)));
}

Result<void> add_certificate(const Cli& cli, const PartyOptions& options) {
  const std::string subject = TRY(subject_of(options.certificate));
  const Json made = TRY(json_of(TRY(cli.client().create(
      parties_path + "/" + percent_encode(options.name) + "/tokens",
      Json{{"label", options.label}, {"certificate", subject}}.dump(), json_type))));
  TRY_VOID(check_told(made, "party", options.name));
  cli.print(made, "party:       " + text_of(made, "party") +
                      "\ntoken id:    " + text_of(made.value("details", Json::object()), "id") +
                      "\ncertificate: " + subject);
  return {};
}

std::string party_text(const Json& party) {
  std::string text =
      bold(column(text_of(party, "name"), 24)) + column(text_of(party, "audience"), 14) + "since " +
      told_time(text_of(party, "created")) +
      (party.contains("removed") ? red(", removed " + told_time(text_of(party, "removed"))) : "") +
      "\n";
  text += details_text(party.value("details", Json::object()));
  for (const Json& token : party.value("tokens", Json::array())) {
    text += "  " + column(text_of(token, "id"), 18) + column(text_of(token, "label"), 18) +
            (token.contains("certificate") ? text_of(token, "certificate") + "  " : "") +
            (token.contains("revoked") ? red("revoked " + told_time(text_of(token, "revoked")))
                                       : "made " + told_time(text_of(token, "created"))) +
            "\n";
  }
  return text;
}

Result<void> list_parties(const Cli& cli) {
  const Json answer = TRY(cli.client().get_json(parties_path));
  std::string text;
  for (const Json& party : TRY(rows_of(answer, "parties"))) text += party_text(party);
  cli.print(answer, text.empty() ? "there are no Parties yet; cpl party add makes one" : text);
  return {};
}

// Who revokes a token must know that it is.
Result<void> check_revoked(const Json& party, const std::string& id) {
  for (const Json& token : party.value("tokens", Json::array())) {
    if (text_of(token, "id") == id && token.contains("revoked")) return {};
  }
  return evidence_mismatch("the registry's answer does not say that the token " + id +
                           " is revoked");
}

Result<void> revoke_token(const Cli& cli, const PartyOptions& options) {
  const Json party =
      TRY(json_of(TRY(cli.client().del(parties_path + "/" + percent_encode(options.name) +
                                       "/tokens/" + percent_encode(options.token_id)))));
  TRY_VOID(check_told(party, "name", options.name));
  TRY_VOID(check_revoked(party, options.token_id));
  cli.print(party, party_text(party));
  return {};
}

CLI::App* add_sub(CLI::App& party, const std::string& name, const std::string& description,
                  const std::string& example, PartyOptions& options) {
  CLI::App* command = add_command(party, name, description, "CPL_TOKEN=... cpl party " + example);
  command->add_option("name", options.name, "The Party's name")->required();
  return command;
}

void add_token_options(CLI::App& command, PartyOptions& options) {
  command.add_option("--label", options.label, "What the token is for")->capture_default_str();
  command.add_option("-o,--out", options.out, "Write the token into this file, and do not show it");
}

}  // namespace

void add_party_commands(Cli& cli) {
  auto options = std::make_shared<PartyOptions>();
  CLI::App* party =
      add_command(cli.app, "party", "Add Parties, and give or revoke their tokens",
                  "CPL_TOKEN=... cpl party add example-energy --server https://cpl.example");
  party->require_subcommand(1);

  CLI::App* add = add_sub(*party, "add", "Add a Party, and make its first token",
                          "add example-energy --out example-energy.token", *options);
  add->add_flag("--service-desk", options->service_desk, "It is the DCC Service Desk");
  add_token_options(*add, *options);
  add_dry_run(cli, *add);
  add->callback([&cli, options] { cli.run([&] { return add_party(cli, *options); }); });

  CLI::App* list = add_command(*party, "list", "Show the Parties and their tokens",
                               "CPL_TOKEN=... cpl party list");
  list->callback([&cli] { cli.run([&] { return list_parties(cli); }); });

  CLI::App* token = add_sub(*party, "token", "Give a Party one more token, to replace another",
                            "token example-energy --label 2026", *options);
  add_token_options(*token, *options);
  add_dry_run(cli, *token);
  token->callback([&cli, options] { cli.run([&] { return add_token(cli, *options); }); });

  CLI::App* certificate =
      add_sub(*party, "certificate", "Let a client certificate speak for a Party, for TLS",
              "certificate example-energy client.pem", *options);
  certificate
      ->add_option("certificate", options->certificate,
                   "A PEM file, or a subject such as CN=example,O=Example Ltd")
      ->required();
  certificate->add_option("--label", options->label, "What it is for")->capture_default_str();
  add_dry_run(cli, *certificate);
  certificate->callback(
      [&cli, options] { cli.run([&] { return add_certificate(cli, *options); }); });

  CLI::App* revoke = add_sub(*party, "revoke", "Revoke a token, at once",
                             "revoke example-energy tok_0123456789ab", *options);
  revoke->add_option("token", options->token_id, "The token's id, as cpl party list shows it")
      ->required();
  add_dry_run(cli, *revoke);
  revoke->callback([&cli, options] { cli.run([&] { return revoke_token(cli, *options); }); });
  add_directory_commands(cli, *party);
  add_deliveries_command(cli);
}

}  // namespace cpl
