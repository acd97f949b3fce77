// cpl key pkcs11: keys in smart cards, USB keys and HSMs. What tokens hold, and a key file that
// names one of their keys.
#include "crypto/encoding.hpp"
#include "crypto/pkcs11/key.hpp"
#include "tools/cpl/cli.hpp"
#include "tools/cpl/person_key.hpp"
#include "tools/shared/pin.hpp"

namespace cpl {
namespace {

struct TokenOptions {
  std::string uri = "pkcs11:";
  std::string name;
  std::filesystem::path out;
  bool list = false;
};

// A PIN goes to one token only, so the keys are shown when there is one, or one is named.
Result<void> show_tokens(const Cli& cli, const std::vector<TokenDescription>& tokens) {
  Json listed = Json::array();
  std::string text;
  for (const TokenDescription& token : tokens) {
    listed.push_back({{"token", token.name}, {"uri", token.uri}});
    text += token.name + "\n  " + token.uri + "\n";
  }
  text += counted(tokens.size(), "token") + "; to see the keys of one: cpl key pkcs11 'URI' --list";
  cli.print({{"tokens", listed}}, text);
  return {};
}

Result<void> list(const Cli& cli, const TokenOptions& options) {
  const auto tokens = TRY(list_tokens(options.uri));
  if (tokens.size() > 1) return show_tokens(cli, tokens);
  const auto keys = TRY(list_token_keys(options.uri, &find_pin));
  Json listed = Json::array();
  std::string text;
  for (const TokenKeyDescription& key : keys) {
    listed.push_back(
        {{"uri", key.uri}, {"label", key.label}, {"kind", key.kind}, {"usable", key.usable}});
    text += printable(key.label) + "  " + (key.usable ? key.kind : "not usable: " + key.kind) +
            "\n  " + key.uri + "\n";
  }
  cli.print({{"keys", listed}}, text + counted(keys.size(), "private key"));
  return {};
}

// The charter must not name a key that turns out not to sign: the token signs once, here.
Result<void> make_key_file(const Cli& cli, const TokenOptions& options) {
  auto key = TRY(open_token_key(options.uri, &find_pin));
  const PersonSigner signer = TRY(PersonSigner::create(options.name, std::move(key)));
  Note trial{"a trial signature, of nothing\n", {}};
  TRY_VOID(sign_note(trial, signer));
  TRY(verify_note(trial, std::array{signer.verifier()}));
  const std::string text = signer.verifier().to_string();
  TRY_VOID(
      write_file(options.out, TokenKeyFile{options.name, options.uri}.to_text(), Secrecy::secret));
  TRY_VOID(cli.save(options.out.string() + ".pub", text + "\n"));
  cli.print({{"name", options.name}, {"public_key", text}, {"file", options.out.string()}},
            text + "\nthe token signed a trial text, and it verifies\nkey file in " +
                options.out.string() + " (it names the key and holds no secret), public key in " +
                options.out.string() + ".pub");
  return {};
}

Result<void> run(const Cli& cli, const TokenOptions& options) {
  if (options.list) return list(cli, options);
  if (options.name.empty() || options.out.empty()) {
    return malformed("options-missing",
                     "--name NAME and --out FILE make a key file; --list shows what there is");
  }
  return make_key_file(cli, options);
}

}  // namespace

void add_token_key_command(Cli& cli, CLI::App& key) {
  auto options = std::make_shared<TokenOptions>();
  CLI::App* command = add_command(
      key, "pkcs11", "Use a key in a smart card, USB key or HSM",
      "cpl key pkcs11 --list\n"
      "  cpl key pkcs11 'pkcs11:token=panel;object=panel-1' --name panel-1.example "
      "--out panel-1.key\n\n"
      "The PIN is taken from the file in the URI's pin-source, from CPL_PIN, or asked for.");
  command->add_option("uri", options->uri, "The key's PKCS#11 URI (RFC 7512)")
      ->capture_default_str();
  command->add_flag("--list", options->list, "Show the private keys of the token, or the tokens");
  command->add_option("--name", options->name, "The key's name, as signatures show it");
  command->add_option("-o,--out", options->out, "Where the key file goes");
  command->callback([&cli, options] { cli.run([&] { return run(cli, *options); }); });
}

}  // namespace cpl
