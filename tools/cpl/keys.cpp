// cpl key, cpl charter: who signs, and under what rules.
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/cpl/cli.hpp"
#include "tools/cpl/person_key.hpp"
#include "tools/cpl/preflight.hpp"
#include "tools/shared/pass_phrase.hpp"

namespace cpl {
namespace {

struct NewKey {
  std::string name;
  std::string type = "ed25519";
  std::filesystem::path out;
  std::filesystem::path existing;
  bool locked = false;
};

Result<void> save_key(const Cli& cli, const NoteSigner& signer, const NewKey& options) {
  const std::string text = signer.verifier().to_string();
  const std::string file = options.out.string();
  const std::string public_file = file + ".pub";
  TRY_VOID(cli.check_save(public_file));
  Secret pass_phrase;
  if (options.locked) pass_phrase = TRY(choose_pass_phrase(signer.verifier().name()));
  TRY_VOID(write_file(options.out, signer.to_key_file(pass_phrase.view()), Secrecy::secret));
  TRY_VOID(cli.save(public_file, text + "\n"));
  cli.print({{"name", signer.verifier().name()},
             {"public_key", text},
             {"file", file},
             {"pass_phrase", options.locked}},
            text + "\nprivate key in " + file +
                (options.locked ? " (locked by the pass phrase)" : " (keep it to yourself)") +
                ", public key in " + public_file);
  return {};
}

Result<void> create_key(const Cli& cli, const NewKey& options) {
  const bool is_p256 = options.type == "p256";
  PrivateKey key = PrivateKey::generate(is_p256 ? KeyAlgorithm::ecdsa_p256 : KeyAlgorithm::ed25519);
  return save_key(
      cli,
      TRY(options.type == "witness" ? NoteSigner::create_cosigner(options.name, std::move(key))
                                    : NoteSigner::create(options.name, std::move(key))),
      options);
}

// The same key under another pass phrase, in a file of its own: a key is never written over.
Result<void> lock_key(const Cli& cli, const NewKey& options) {
  return save_key(cli, TRY(read_note_signer(options.existing)), options);
}

Result<void> show_key(const Cli& cli, const std::filesystem::path& file) {
  const NoteVerifier verifier = TRY(read_verifier(file));
  const std::string text = verifier.to_string();
  cli.print({{"name", verifier.name()}, {"public_key", text}}, text);
  return {};
}

Result<void> make_policy(const Cli& cli, const std::string& log_key,
                         const std::filesystem::path& out) {
  const NoteVerifier key = TRY(read_public_key(log_key));
  const std::string policy = "# Trusts this log's key and asks for no witness.\nlog " +
                             key.to_string() + "\nquorum none\n";
  TRY_VOID(cli.save(out, policy));
  if (out != "-") cli.print({{"file", out.string()}}, "trust policy in " + out.string());
  return {};
}

Result<void> make_token(const Cli& cli) {
  const std::string token = to_base64url(random_bytes(32));
  const std::string hash = to_hex(sha256(token));
  cli.print({{"token", token}, {"token_sha256", hash}},
            "token:        " + token + "\ntoken_sha256: " + hash +
                "\nKeep the token to yourself; put token_sha256 into cpld.toml, under [operator].");
  return {};
}

struct RoleOptions {
  std::vector<std::string> keys;
  std::uint64_t threshold = 1;
};

Result<RoleKeys> read_role(const RoleOptions& options) {
  RoleKeys role;
  role.threshold = options.threshold;
  for (const std::string& key : options.keys) role.keys.push_back(TRY(read_public_key(key)));
  return role;
}

struct CharterOptions {
  std::string origin;
  std::string name;
  RoleOptions panel{{}, 3};
  RoleOptions registrar{{}, 2};
  RoleOptions service_desk{{}, 1};
  std::vector<std::string> log_keys;
  std::optional<std::uint64_t> replaces;
  bool no_validation = false;
  bool names_successors = false;
  bool withdrawal_decided = false;
  std::filesystem::path out;
};

Result<void> make_charter(const Cli& cli, const CharterOptions& options) {
  Charter charter;
  charter.name = options.name;
  charter.policy = default_policy();
  charter.policy.removal_needs_validation = !options.no_validation;
  charter.policy.decision_names_successors = options.names_successors;
  charter.policy.withdrawal_needs_decision = options.withdrawal_decided;
  charter.roles[Role::panel] = TRY(read_role(options.panel));
  charter.roles[Role::registrar] = TRY(read_role(options.registrar));
  charter.roles[Role::service_desk] = TRY(read_role(options.service_desk));
  if (options.replaces) charter.replaces = EntryIndex{*options.replaces};
  for (const std::string& key : options.log_keys) {
    charter.log_keys.push_back(TRY(read_public_key(key)));
  }
  const Bytes text = format_statement({options.origin, cli.clock.now(), charter});
  TRY_VOID(parse_statement(text));  // Says at once what the registry would refuse.
  TRY_VOID(check_before_signing(cli, text));
  TRY_VOID(cli.save(options.out, text));
  cli.print({{"file", options.out.string()}, {"id", to_hex(statement_id(text))}},
            "charter in " + options.out.string() + ", to be signed by the panel (cpl sign)");
  return {};
}

void add_role(CLI::App* command, const std::string& role, RoleOptions& options) {
  command->add_option("--" + role, options.keys, "Public keys of the role, or files with them")
      ->required();
  command->add_option("--" + role + "-threshold", options.threshold, "How many must sign")
      ->capture_default_str();
}

void add_new_key_commands(Cli& cli, CLI::App& key) {
  auto options = std::make_shared<NewKey>();
  CLI::App* create = add_command(key, "create", "Make a signing key",
                                 "cpl key create --name panel-1.example --out panel-1.key\n"
                                 "  cpl key create --name panel-1.example --out panel-1.key "
                                 "--pass-phrase");
  create->add_option("--name", options->name, "The key's name, as signatures show it")->required();
  choose(create->add_option("--algorithm", options->type,
                            "What it signs with; witness for cpl witness"),
         {"ed25519", "p256", "witness"})
      ->capture_default_str();
  create->add_option("-o,--out", options->out, "Where the private key goes")->required();
  create->add_flag("--pass-phrase", options->locked,
                   "Lock the file by a pass phrase, which is asked for (or taken from "
                   "CPL_PASS_PHRASE)");
  create->callback([&cli, options] { cli.run([&] { return create_key(cli, *options); }); });

  CLI::App* lock = add_command(key, "lock", "Lock a key file that you have by a pass phrase",
                               "cpl key lock panel-1.key --out panel-1-locked.key");
  lock->add_option("file", options->existing, "The key file as it is")->required();
  lock->add_option("-o,--out", options->out, "Where the locked one goes")->required();
  lock->callback([&cli, options] {
    options->locked = true;
    cli.run([&] { return lock_key(cli, *options); });
  });
}

}  // namespace

void add_key_commands(Cli& cli) {
  CLI::App* key = add_command(cli.app, "key", "Make and show keys and trust policies",
                              "cpl key create --name panel-1.example --out panel-1.key");
  key->require_subcommand(1);
  add_new_key_commands(cli, *key);
  auto out = std::make_shared<std::string>();
  auto file = std::make_shared<std::string>();

  CLI::App* show =
      add_command(*key, "show", "Show the public key of a key file", "cpl key show panel-1.key");
  show->add_option("file", *file, "The key file")->required();
  show->callback([&cli, file] { cli.run([&] { return show_key(cli, *file); }); });

  CLI::App* policy = add_command(*key, "policy", "Make a trust policy for a log's key",
                                 "cpl key policy log.key.pub --out policy.txt");
  policy->add_option("log_key", *file, "The log's public key, or the file with it")->required();
  policy->add_option("-o,--out", *out, "Where it goes; - for standard output")->required();
  policy->callback([&cli, file, out] { cli.run([&] { return make_policy(cli, *file, *out); }); });

  CLI::App* token =
      add_command(*key, "token", "Make an operator's token and its hash", "cpl key token");
  token->callback([&cli] { cli.run([&] { return make_token(cli); }); });
  add_notice_key_command(cli, *key);
  add_token_key_command(cli, *key);
}

void add_charter_commands(Cli& cli) {
  auto options = std::make_shared<CharterOptions>();
  CLI::App* charter = add_command(
      cli.app, "charter", "Prepare a charter: the keys of each role and the rules' values",
      "cpl charter --origin cpl.example/log --name \"Example CPL\" --panel panel-*.key.pub "
      "--registrar registrar-*.key.pub --service-desk desk.key.pub --out charter.txt");
  charter->add_option("--origin", options->origin, "The registry it is meant for")
      ->envname("CPL_ORIGIN")
      ->required();
  charter->add_option("--name", options->name, "The registry's name")->required();
  add_role(charter, "panel", options->panel);
  add_role(charter, "registrar", options->registrar);
  add_role(charter, "service-desk", options->service_desk);
  charter->add_option("--replaces", options->replaces, "The entry of the charter in force");
  charter->add_option("--log-key", options->log_keys,
                      "Public keys of the log that the Panel vouches for, or files with them");
  charter->add_flag("--no-validation", options->no_validation,
                    "Removals need not be validated by the Service Desk");
  charter->add_flag("--names-successors", options->names_successors,
                    "A decision that removes models names what bears their hardware, or that "
                    "nothing does");
  charter->add_flag("--withdrawal-needs-decision", options->withdrawal_decided,
                    "A notice is taken back on a decision only");
  charter->add_option("-o,--out", options->out, "Where it goes")->required();
  charter->callback([&cli, options] { cli.run([&] { return make_charter(cli, *options); }); });
}

}  // namespace cpl
