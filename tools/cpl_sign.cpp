// cpl sign: several people sign one file in turn, on different machines, by passing it on.
#include "crypto/encoding.hpp"
#include "tools/cli.hpp"
#include "tools/person_key.hpp"

namespace cpl {
namespace {

Result<void> sign_files(const Cli& cli, const std::vector<std::string>& given,
                        const std::string& key_file, const std::string& out) {
  const PersonSigner key = TRY(read_person_key(key_file));
  const auto files = TRY(statement_files(given));
  if (!out.empty() && files.size() != 1) {
    return malformed("out-with-many", "--out goes with one file; many are signed in place");
  }
  Progress progress("signing");
  for (std::size_t i = 0; i < files.size(); ++i) {
    Note note = TRY(read_statement_file(files[i]));
    // What cannot be read must not be signed: nobody could say what was meant.
    if (const auto statement = parse_statement(note.text); !statement) {
      return within(files[i].string(), statement.error());
    }
    TRY_VOID(sign_note(note, key));
    const auto target = out.empty() ? files[i] : std::filesystem::path(out);
    TRY_VOID(write_file(target, format_note(note), Secrecy::open));
    progress.show(i + 1, files.size());
  }
  cli.print({{"signed", files.size()}, {"by", key.verifier().name()}},
            counted(files.size(), "statement") + " signed by " + key.verifier().name());
  return {};
}

}  // namespace

void add_sign_command(Cli& cli) {
  auto files = std::make_shared<std::vector<std::string>>();
  auto key = std::make_shared<std::string>();
  auto out = std::make_shared<std::string>();
  CLI::App* sign = add_command(cli.app, "sign", "Sign statements with a key; needs no server",
                               "cpl sign decision.txt --key panel-2.key");
  sign->add_option("files", *files, "Statements, or folders of them")->required();
  sign->add_option("--key", *key, "The key file")->required();
  sign->add_option("--out", *out, "Where the signed statement goes; in place if left out");
  sign->callback(
      [&cli, files, key, out] { cli.run([&] { return sign_files(cli, *files, *key, *out); }); });
}

}  // namespace cpl
