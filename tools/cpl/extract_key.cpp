// cpl extract sign, cpl extract certificate: what a registrar does with a private key, on a machine
// of their own.
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/extract/signature.hpp"
#include "tools/cpl/cli.hpp"
#include "tools/cpl/person_key.hpp"
#include "tools/cpl/time_options.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {
namespace {

constexpr std::size_t pem_file_max = 1U << 20U;

struct KeyOptions {
  std::filesystem::path folder;
  std::filesystem::path key;
  std::filesystem::path certificate;
  std::filesystem::path out;
  std::string name;
  std::uint64_t valid_seconds = 365 * seconds_per_day;
  bool request = false;
};

using Key = std::shared_ptr<const SigningKey>;

Result<Key> read_key(const std::filesystem::path& file) {
  Key key = TRY(read_signing_key(file));
  if (key->public_key().algorithm() != KeyAlgorithm::ecdsa_p256) {
    return malformed("key-malformed", file.string() +
                                          ": an extract is signed with an ECDSA P-256 "
                                          "key (cpl key create --algorithm p256)");
  }
  return key;
}

// What cannot be read, or is not one extract in three forms, must not be signed.
Result<std::array<Bytes, 3>> read_forms(const std::filesystem::path& folder) {
  std::array<Bytes, 3> contents;
  std::optional<Hash> hash;
  for (const ExtractForm form : extract_forms) {
    const auto file = folder / ("extract." + to_string(form));
    Bytes& content = contents[static_cast<std::size_t>(form)];
    content = TRY(read_file(file, extract_size_max));
    const auto extract = parse_extract(content);
    if (!extract) return within(file.string(), extract.error());
    if (state_root_of(extract->models) != extract->header.state_root) {
      return Error{Errc::unauthorized, "extract-root-mismatch",
                   file.string() + ": its rows do not give its state root", 0};
    }
    const Hash found = extract_hash(*extract);
    if (hash && *hash != found) {
      return refuse("extract-mismatch", file.string() + " holds another list than the JSON form");
    }
    hash = found;
  }
  return contents;
}

Result<void> sign(const Cli& cli, const KeyOptions& options) {
  const Key key = TRY(read_key(options.key));
  auto certificate =
      SigningCertificate::from_pem(TRY(read_file(options.certificate, pem_file_max)));
  if (!certificate) return within(options.certificate.string(), certificate.error());
  const auto contents = TRY(read_forms(options.folder));
  const UnixMillis now = cli.clock.now();
  Json files = Json::array();
  for (const ExtractForm form : extract_forms) {
    const Bytes signature =
        TRY(sign_extract(contents[static_cast<std::size_t>(form)], *key, *certificate, now));
    const auto file = options.folder / ("extract." + to_string(form) + ".p7s");
    TRY_VOID(write_file(file, signature, Secrecy::open));
    files.push_back(file.string());
  }
  cli.print(
      {{"signed", files}, {"certificate", certificate->subject()}},
      "JSON, CSV and XLSX signed as " + printable(certificate->subject()) + " at " + uk_time(now));
  return {};
}

Result<void> make_certificate(const Cli& cli, const KeyOptions& options) {
  const Key key = TRY(read_key(options.key));
  if (options.request) {
    TRY_VOID(cli.save(options.out, TRY(make_certificate_request(*key, options.name))));
    cli.print({{"file", options.out.string()}},
              "request in " + options.out.string() + ", for a certification authority");
    return {};
  }
  const std::uint64_t now = cli.clock.now().value / 1000;
  const SigningCertificate certificate =
      TRY(SigningCertificate::self_signed(*key, options.name, now, now + options.valid_seconds));
  TRY_VOID(cli.save(options.out, certificate.to_pem()));
  const UnixMillis until{certificate.not_after() * 1000};
  cli.print({{"file", options.out.string()},
             {"subject", certificate.subject()},
             {"not_after", format_time(until)}},
            "certificate of " + certificate.subject() + " until " + uk_time(until) + " in " +
                options.out.string() + "; it vouches for itself");
  return {};
}

}  // namespace

void add_extract_key_commands(Cli& cli, CLI::App& extract) {
  auto options = std::make_shared<KeyOptions>();
  CLI::App* sign_command = add_command(
      extract, "sign", "Sign the three forms of an extract; needs no server",
      "cpl extract sign extract --key registrar-3.key --certificate-file registrar-3.pem");
  sign_command->add_option("folder", options->folder, "The folder with the extract")->required();
  sign_command->add_option("-k,--key", options->key, "A registrar's ECDSA P-256 key")->required();
  sign_command->add_option("--certificate-file", options->certificate, "Its X.509 certificate, PEM")
      ->required();
  sign_command->callback([&cli, options] { cli.run([&] { return sign(cli, *options); }); });

  CLI::App* certificate = add_command(
      extract, "certificate", "Make a certificate for a P-256 key, or the request for one",
      "cpl extract certificate --key registrar-3.key --name \"Registrar 3\" --out registrar-3.pem");
  certificate->add_option("-k,--key", options->key, "The key file")->required();
  certificate->add_option("--name", options->name, "The common name in it")->required();
  certificate->add_option("-o,--out", options->out, "Where it goes, PEM")->required();
  take_duration(
      certificate->add_option("--valid-for", options->valid_seconds, "How long it is valid"),
      options->valid_seconds)
      ->check(CLI::Range(seconds_per_day, 3660 * seconds_per_day));
  certificate->add_flag("--request", options->request,
                        "Make a request for a certification authority instead");
  certificate->callback(
      [&cli, options] { cli.run([&] { return make_certificate(cli, *options); }); });
}

}  // namespace cpl
