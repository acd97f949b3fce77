// cpl tray: a statement waits at the registry for the signatures that it lacks. Keys stay here:
// what is signed is fetched, shown from its octets and signed by this program, and only lines go
// back.
#include "registry/tlog/trust_policy.hpp"
#include "tools/cpl/accepted.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/signing.hpp"
#include "tools/cpl/told.hpp"
#include "tools/cpl/tray_answers.hpp"

namespace cpl {
namespace {

struct TrayOptions {
  std::string id;
  std::string file;
  std::string key;
  std::string copy;
  std::string statement;
  std::string policy;
  std::string out;
  SigningWish as;
  bool submits = false;
};

std::vector<std::string> names_of(const Json& row, const char* member) {
  std::vector<std::string> names;
  const auto signers = row.find("signers");
  if (signers == row.end() || !signers->is_array()) return names;
  for (const Json& group : *signers) {
    if (!group.is_object()) continue;
    for (const Json& name : group.value(member, Json::array())) {
      if (name.is_string()) names.push_back(name.get<std::string>());
    }
  }
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + printable(name);
  return text.empty() ? "nobody" : text;
}

std::string state_text(const Json& row) {
  const std::string state = text_of(row, "state");
  if (state == "entered") return green("in the log, entry " + text_of(row, "entry"));
  if (row.contains("refused")) {
    return red("the registry refused it: ") + text_of(row["refused"], "detail");
  }
  if (state == "complete") return green("complete: cpl tray submit " + text_of(row, "id"));
  return bold("waits for ") + joined(names_of(row, "can_sign"));
}

std::string row_text(const Json& row, const std::optional<NoteVerifier>& key) {
  const auto waiting = names_of(row, "can_sign");
  const bool is_mine = key && text_of(row, "state") == "waiting" &&
                       std::find(waiting.begin(), waiting.end(), key->name()) != waiting.end();
  return bold(text_of(row, "id")) + (is_mine ? "  " + red("yours to sign") : "") + "\n  " +
         in_uk_time(text_of(row, "summary")) + "\n  put there by " + text_of(row, "put_by") +
         " at " + told_time(text_of(row, "put")) + ", kept until " +
         told_time(text_of(row, "kept_until")) + "\n  signed by " +
         joined(names_of(row, "signed_by")) + "; " + state_text(row) + "\n";
}

Result<void> list(const Cli& cli, const TrayOptions& options) {
  TRY_VOID(check_identity(cli.identity));
  std::optional<NoteVerifier> key;
  if (!options.key.empty()) key = TRY(read_verifier(options.key));
  const auto rows = TRY(tray_rows(cli.client()));
  std::string text;
  for (const Json& row : rows) text += row_text(row, key);
  cli.print({{"statements", rows}},
            text.empty() ? "nothing waits in the tray for your role" : text);
  return {};
}

// Shown from the note, as `cpl show` does; of what the registry says, only what a note cannot.
Result<std::string> shown(const TrayAnswer& answer) {
  return TRY(review_text(answer.review)) + "\nas the registry tells: put there by " +
         text_of(answer.told, "put_by") + " at " + told_time(text_of(answer.told, "put")) + "; " +
         state_text(answer.told);
}

Json json_of_answer(const TrayAnswer& answer) {
  Json json = answer.told;
  json["read"] = to_json(answer.review);
  return json;
}

// The statement that was looked at before, where the signer says which it was.
Result<void> check_seen(const TrayAnswer& answer, const std::string& seen) {
  if (seen.empty()) return {};
  return check_told(answer.told, "statement", seen);
}

Result<void> show(const Cli& cli, const TrayOptions& options) {
  TRY_VOID(check_identity(cli.identity));
  const TrayAnswer answer =
      TRY(tray_statement(cli.client(), options.id, options.copy, guiding_charter(cli)));
  if (!options.out.empty()) TRY_VOID(cli.save(options.out, format_note(answer.review.note)));
  cli.print(json_of_answer(answer), TRY(shown(answer)));
  return {};
}

Result<void> put(const Cli& cli, const TrayOptions& options) {
  TRY_VOID(check_identity(cli.identity));
  const CharterInForce charter = guiding_charter(cli);
  const StatementReview review = TRY(review_statement(options.file, charter));
  if (review.note.signatures.empty()) {
    return refuse("tray-signer-missing",
                  options.file +
                      " has no signature: sign it first, with cpl sign. Only "
                      "what a key of the role vouches for enters the tray");
  }
  const TrayAnswer answer = TRY(put_into_tray(cli.client(), review, options.submits, charter));
  cli.print(json_of_answer(answer), text_of(answer.told, "id") + ": " +
                                        signatures_text(answer.review) + "\n" +
                                        state_text(answer.told));
  return {};
}

Result<void> sign(const Cli& cli, const TrayOptions& options) {
  TRY_VOID(check_identity(cli.identity));
  const CharterInForce charter = guiding_charter(cli);
  TrayAnswer answer = TRY(tray_statement(cli.client(), options.id, options.copy, charter));
  TRY_VOID(check_seen(answer, options.statement));
  std::vector<StatementReview> reviews{std::move(answer.review)};
  const auto keys = TRY(agree_to_sign(cli, options.as, reviews, charter));
  std::vector<NoteVerifier> verifiers;
  for (const PersonSigner& key : keys) {
    TRY_VOID(sign_note(reviews.front().note, key));
    verifiers.push_back(key.verifier());
  }
  TRY(verify_note(reviews.front().note, verifiers));
  const TrayAnswer signed_now =
      TRY(sign_in_tray(cli.client(), options.id, reviews.front(), verifiers, charter));
  cli.print(json_of_answer(signed_now), "signed by " + printable(joined_names(keys)) + "\n" +
                                            signatures_text(signed_now.review) + "\n" +
                                            state_text(signed_now.told));
  return {};
}

Result<void> withdraw(const Cli& cli, const TrayOptions& options) {
  TRY_VOID(check_identity(cli.identity));
  TRY_VOID(withdraw_from_tray(cli.client(), options.id));
  cli.print({{"withdrawn", options.id}}, options.id + " is out of the tray");
  return {};
}

Result<void> submit(const Cli& cli, const TrayOptions& options) {
  TRY_VOID(check_identity(cli.identity));
  const TrayAnswer answer =
      TRY(tray_statement(cli.client(), options.id, options.copy, guiding_charter(cli)));
  TRY_VOID(check_seen(answer, options.statement));
  if (answer.review.missing() > 0) {
    return refuse("signatures-missing", signatures_text(answer.review) + ": nothing was submitted");
  }
  std::optional<TrustPolicy> policy;
  if (!options.policy.empty()) policy = TRY(read_policy_file(options.policy));
  const AcceptedEntry entry =
      TRY(submit_note(cli.client(), format_note(answer.review.note), policy));
  cli.print(entry.answer, "entry " + std::to_string(entry.index.value) +
                              (entry.repeated ? " (it was there before)" : "") + ", " +
                              proof_text(entry.proven));
  return {};
}

CLI::App* add_tray_sub(CLI::App& parent, const std::string& name, const std::string& description,
                       const std::string& example) {
  return add_command(parent, name, description, "CPL_TOKEN=... cpl tray " + example);
}

void add_id(CLI::App& command, TrayOptions& options) {
  command.add_option("id", options.id, "The statement's id in the tray, as cpl tray list shows it")
      ->required();
}

void add_copy(CLI::App& command, TrayOptions& options) {
  command.add_option("--copy", options.copy,
                     "Where your copy of it lies: the .seals file beside it is shown, too");
}

void add_seen(CLI::App& command, TrayOptions& options) {
  command.add_option("--statement", options.statement,
                     "Its id as you saw it before: any other statement is refused");
}

void add_putting_commands(Cli& cli, CLI::App& tray, std::shared_ptr<TrayOptions> options) {
  CLI::App* const put_command = add_tray_sub(
      tray, "put", "Put a statement there that you have signed", "put decision.stmt --submit");
  put_command->add_option("file", options->file, "The signed statement")->required();
  put_command->add_flag("--submit", options->submits,
                        "The registry submits it by itself when the last signature is there");
  add_dry_run(cli, *put_command);
  put_command->callback([&cli, options] { cli.run([&] { return put(cli, *options); }); });

  CLI::App* const withdraw_command =
      add_tray_sub(tray, "withdraw", "Take out again what you put there", "withdraw tray_3fa91c02");
  add_id(*withdraw_command, *options);
  add_dry_run(cli, *withdraw_command);
  withdraw_command->callback([&cli, options] { cli.run([&] { return withdraw(cli, *options); }); });
}

void add_looking_commands(Cli& cli, CLI::App& tray, std::shared_ptr<TrayOptions> options) {
  CLI::App* const list_command =
      add_tray_sub(tray, "list", "Show what waits there for your role, and who can still sign",
                   "list --key panel-2.key");
  list_command->add_option("-k,--key", options->key, "Your key file: what waits for it is marked");
  list_command->callback([&cli, options] { cli.run([&] { return list(cli, *options); }); });

  CLI::App* const show_command = add_tray_sub(tray, "show", "Show one of them, as cpl show does",
                                              "show tray_3fa91c02 --out decision.stmt");
  add_id(*show_command, *options);
  add_copy(*show_command, *options);
  show_command->add_option("-o,--out", options->out, "Where to save it; - is standard output");
  show_command->callback([&cli, options] { cli.run([&] { return show(cli, *options); }); });
}

void add_signing_commands(Cli& cli, CLI::App& tray, std::shared_ptr<TrayOptions> options) {
  CLI::App* const sign_command =
      add_tray_sub(tray, "sign", "Show one of them, sign it here, and give back the signature",
                   "sign tray_3fa91c02 --key panel-2.key");
  add_id(*sign_command, *options);
  add_signing_options(*sign_command, options->as);
  add_copy(*sign_command, *options);
  add_seen(*sign_command, *options);
  sign_command->callback([&cli, options] { cli.run([&] { return sign(cli, *options); }); });

  CLI::App* const submit_command =
      add_tray_sub(tray, "submit", "Submit one that is complete", "submit tray_3fa91c02");
  add_id(*submit_command, *options);
  add_seen(*submit_command, *options);
  submit_command
      ->add_option("--policy", options->policy,
                   "The trust policy file: what the registry answers is proven under it")
      ->envname("CPL_POLICY");
  add_dry_run(cli, *submit_command);
  submit_command->callback([&cli, options] { cli.run([&] { return submit(cli, *options); }); });
}

}  // namespace

void add_tray_commands(Cli& cli) {
  auto options = std::make_shared<TrayOptions>();
  CLI::App* const tray =
      add_command(cli.app, "tray", "Collect signatures at the registry: keys stay with you",
                  "CPL_TOKEN=... cpl tray sign tray_3fa91c02 --key panel-2.key");
  tray->require_subcommand(1);
  add_putting_commands(cli, *tray, options);
  add_looking_commands(cli, *tray, options);
  add_signing_commands(cli, *tray, options);
}

}  // namespace cpl
