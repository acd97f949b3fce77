// cpl mirror: a copy of the log for those who serve, audit or restore it.
#include "registry/audit/mirror.hpp"
#include "crypto/encoding.hpp"
#include "tools/cpl/cli.hpp"
#include "tools/shared/fetch.hpp"

namespace cpl {
namespace {

struct CopyOptions {
  std::vector<std::string> places;
  std::string policy;
};

Result<void> run_mirror(const Cli& cli, const CopyOptions& options) {
  const TrustPolicy policy = TRY(read_policy_file(options.policy));
  const std::string given = options.places.size() == 2 ? options.places.front() : "";
  const std::string source = TRY(cli.log_named(given));
  const std::filesystem::path folder = options.places.back();
  const FetchResource fetch = fetch_from(source, cli.time_max());
  MirrorReport report;
  {
    Progress progress("copying");
    report =
        TRY(mirror_log(fetch, policy, folder,
                       {[&](std::uint64_t done, std::uint64_t of) { progress.show(done, of); }}));
  }
  cli.print({{"origin", report.checkpoint.origin},
             {"size", report.checkpoint.size.value},
             {"size_before", report.before.value},
             {"resources", report.resources}},
            folder.string() + " has " + counted(report.checkpoint.size.value, "entry") + " of " +
                printable(report.checkpoint.origin) + ", " +
                std::to_string(report.checkpoint.size.value - report.before.value) +
                " of them new; every hash fits");
  return {};
}

}  // namespace

void add_mirror_command(Cli& cli) {
  auto options = std::make_shared<CopyOptions>();
  CLI::App* mirror =
      add_command(cli.app, "mirror", "Copy a log into a folder, or bring the copy up to date",
                  "cpl mirror https://cpl.example /srv/cpl-mirror --policy policy.txt");
  mirror
      ->add_option("places", options->places,
                   "The log's URL or a folder with a copy, else --server or CPL_SERVER; and the "
                   "folder where the copy is, or goes")
      ->expected(1, 2)
      ->required();
  mirror->add_option("--policy", options->policy, "The trust policy file")->envname("CPL_POLICY");
  mirror->callback([&cli, options] { cli.run_check([&] { return run_mirror(cli, *options); }); });
}

}  // namespace cpl
