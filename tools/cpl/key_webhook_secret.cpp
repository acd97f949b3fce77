// cpl key notice: the notices' own secret for cpld, in a file, or in one that only a token opens.
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/pkcs11/secret.hpp"
#include "tools/cpl/cli.hpp"
#include "tools/shared/pin.hpp"
#include "tools/shared/webhook_secret.hpp"

namespace cpl {
namespace {

struct NoticeKeyOptions {
  std::filesystem::path out;
  std::filesystem::path from;
  std::string token;
};

Result<Bytes> secret_of(const NoticeKeyOptions& options) {
  if (options.from.empty()) return random_bytes(notice_key_size);
  return read_notice_key(options.from);
}

Result<void> run(const Cli& cli, const NoticeKeyOptions& options) {
  const Bytes secret = TRY(secret_of(options));
  const std::string file = options.out.string();
  if (options.token.empty()) {
    TRY_VOID(write_file(options.out, to_base64(secret) + "\n", Secrecy::secret));
    cli.print({{"file", file}}, "the notices' secret is in " + file);
    return {};
  }
  const TokenSecret sealed = TRY(seal_for_token(options.token, &find_pin, secret));
  TRY_VOID(write_file(options.out, sealed.to_text(), Secrecy::secret));
  cli.print({{"file", file}, {"token", options.token}},
            "the notices' secret is in " + file + ", and the token opened it: without the token " +
                "the file is of no use");
  return {};
}

}  // namespace

void add_notice_key_command(Cli& cli, CLI::App& key) {
  auto options = std::make_shared<NoticeKeyOptions>();
  CLI::App* command = add_command(
      key, "notice", "Make the notices' own secret for cpld",
      "cpl key notice --out notice.key\n"
      "  cpl key notice --existing notice.key --pkcs11-uri 'pkcs11:token=cpl;object=notices' "
      "--out sealed.key");
  command->add_option("-o,--out", options->out, "Where it goes")->required();
  command->add_option("--existing", options->from, "Keep the secret that this file holds");
  command->add_option("--pkcs11-uri", options->token,
                      "Seal it for this P-256 key of a token (PKCS#11 URI, RFC 7512)");
  command->callback([&cli, options] { cli.run([&] { return run(cli, *options); }); });
}

}  // namespace cpl
