// cpl verifier: the page that judges files in a browser, as a file to keep.
#include "api/html/verifier.hpp"
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/given/given.hpp"
#include "tools/cpl/cli.hpp"

namespace cpl {
namespace {

constexpr std::size_t policy_size_max = 1U << 20U;

struct VerifierOptions {
  std::string out;
  std::string policy;
  bool hash = false;
};

Result<std::string> page_of(const VerifierOptions& options) {
  if (verifier().empty()) {
    return Error{Errc::unavailable, "verifier-not-built",
                 "this program was built without the page: run tools/setup verifier and build it "
                 "again, or use cpl verify",
                 0};
  }
  if (options.policy.empty()) return std::string(verifier());
  const Bytes policy = TRY(read_file(options.policy, policy_size_max));
  TRY(policy_given(options.policy, policy));
  return verifier_with_policy(policy);
}

Result<void> run(const Cli& cli, const VerifierOptions& options) {
  if (options.out.empty() && !options.hash) {
    return malformed("option-missing",
                     "where should the page go? Name a file by --out, or ask for its SHA-256 by "
                     "--hash");
  }
  const std::string page = TRY(page_of(options));
  const std::string hash = to_hex(sha256(page));
  Json told = {{"sha256", hash}, {"size", page.size()}, {"has_policy", !options.policy.empty()}};
  if (options.out.empty()) {
    cli.print(told, hash);
    return {};
  }
  TRY_VOID(cli.save(options.out, page));
  told["out"] = options.out;
  cli.print(told, options.out + " judges files in a browser, without a network" +
                      (options.policy.empty() ? "" : ", by the policy inside") + "\nSHA-256 " +
                      hash);
  return {};
}

}  // namespace

void add_verifier_command(Cli& cli) {
  auto options = std::make_shared<VerifierOptions>();
  CLI::App* verifier =
      add_command(cli.app, "verifier", "Keep the page that judges files in a browser",
                  "cpl verifier --out check.html --policy policy.txt\n  cpl verifier --hash");
  verifier->add_option("-o,--out", options->out, "Where the page goes, one file");
  verifier->add_option("--policy", options->policy,
                       "A trust policy to put inside: who opens the page need not choose one");
  verifier->add_flag("--hash", options->hash, "Print the page's SHA-256, to compare with");
  verifier->callback([&cli, options] { cli.run([&] { return run(cli, *options); }); });
}

}  // namespace cpl
