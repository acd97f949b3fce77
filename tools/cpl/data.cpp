// cpl fsck, backup, restore: the operator's care for the data.
#include <iostream>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/log/stored_list.hpp"
#include "registry/store/rocks_store.hpp"
#include "registry/upkeep/backup.hpp"
#include "registry/upkeep/fsck.hpp"
#include "registry/upkeep/fsck_files.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/shared/cores.hpp"
#include "tools/shared/fetch.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {
namespace {

namespace fs = std::filesystem;

struct DataOptions {
  fs::path data_dir;
  fs::path backup;
  fs::path scratch = fs::temp_directory_path();
  std::string checkpoint;
  std::string mirror;
  std::string policy;
};

// A folder for the time of one check.
class Scratch {
 public:
  explicit Scratch(const fs::path& parent)
      : path_(parent / ("cpl-fsck-" + to_hex(random_bytes(8)))) {}
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string fsck_text(const FsckReport& report) {
  std::string text =
      bold("log " + printable(report.origin)) + ", " + counted(report.size.value, "entry") + "\n" +
      "  " + std::to_string(report.entries) + " entries compared with their hashes\n" + "  " +
      std::to_string(report.values) + " stored values compared with a replay of the entries\n";
  if (report.answers > 0) {
    text += "  " + counted(report.answers, "remembered answer") + " compared with checksums\n";
  }
  if (report.files > 0) {
    text += "  " + counted(report.files, "file") + " beside the database compared with checksums\n";
  }
  for (const FsckFinding& finding : report.findings) {
    text += red("  FOUND ") + printable(finding.detail) + " (" + finding.code + ")\n";
  }
  if (report.untold > 0) text += "  and " + std::to_string(report.untold) + " more\n";
  return text + (report.findings.empty() ? green("nothing is wrong")
                                         : red("the data is NOT sound: restore a backup"));
}

Result<std::optional<SignedSize>> recorded_size(const fs::path& data_dir,
                                                const std::string& origin) {
  const fs::path file = data_dir / "signed-size";
  if (!fs::exists(file)) return std::optional<SignedSize>();
  return read_signed_size_file(file, origin);
}

Result<FsckReport> check_values(const DataOptions& options, const StoreView& view) {
  const Scratch folder(options.scratch);
  const auto scratch = TRY(RocksStore::open({folder.path()}));
  Progress progress("checking");
  const FsckOptions fsck_options{
      all_cores(), [&](std::uint64_t done, std::uint64_t of) { progress.show(done, of); }, 1000};
  const auto recorded = [&]() -> Result<std::optional<SignedSize>> {
    // By design a backup has none; what it says of itself stands in its place.
    if (const auto backup = read_backup(options.data_dir)) {
      return std::optional(SignedSize{backup->size, backup->root});
    }
    const auto origin = stored_origin(view);
    if (origin) return recorded_size(options.data_dir, *origin);
    return Error{Errc::unavailable, "signed-size-unchecked",
                 "the signed-size record was not compared: " + origin.error().detail};
  };
  return fsck(view, recorded(), *scratch, fsck_options);
}

void add(FileCheck check, FsckReport& report) {
  report.files += check.files;
  std::move(check.findings.begin(), check.findings.end(), std::back_inserter(report.findings));
}

Result<void> run_fsck(Cli& cli, const DataOptions& options) {
  const RocksOptions rocks{options.data_dir / "store", IfMissing::fail};
  ExaminedStore found = RocksStore::examine(rocks, Depth::contents);
  // Where there is no database at all, this says so.
  if (!found.store && found.faults.empty()) found.store = TRY(RocksStore::open_read_only(rocks));
  const Scratch salvage_folder(options.data_dir);
  if (!found.store) {
    auto left = RocksStore::salvage(rocks, salvage_folder.path());
    if (left) found.store = std::move(left->store);
  }
  FsckReport report;
  if (found.store) report = TRY(check_values(options, *found.store->snapshot()));
  std::vector<FsckFinding> findings;
  for (StoreFault& fault : found.faults) {
    findings.push_back({std::move(fault.code), std::move(fault.detail)});
  }
  report.findings.insert(report.findings.begin(), findings.begin(), findings.end());
  add(check_extract_files(options.data_dir / "extracts"), report);
  if (found.store) {
    const StoredList list(found.store->snapshot(), nullptr);
    add(check_opening_files(options.data_dir / "openings", list), report);
  }
  cli.print(to_json(report), fsck_text(report));
  if (!report.findings.empty()) cli.exit_code = exit_refused;
  return {};
}

Result<void> run_backup(const Cli& cli) {
  const Json json =
      TRY(json_of(TRY(cli.client().post("/v1/operator/backups", "", "application/json"))));
  if (text_of(json, "folder").empty()) return answer_malformed("the answer names no backup");
  cli.print(json, "the registry says: backup of " +
                      std::to_string(json.value("size", std::uint64_t{0})) + " entries in " +
                      printable(json.value("folder", std::string())) +
                      ", on the service's machine; copy it away from there");
  return {};
}

Result<void> run_restore(const Cli& cli, const DataOptions& options) {
  const TrustPolicy policy = TRY(read_policy_file(options.policy));
  const Bytes note = TRY(read_checkpoint_file(options.checkpoint));
  Progress progress("replaying");
  const RestoreOptions restore{
      TRY(trust_checkpoint(note, policy)).checkpoint,
      options.mirror.empty() ? FetchResource() : fetch_from(options.mirror, cli.time_max()),
      all_cores(), [&](std::uint64_t done, std::uint64_t of) { progress.show(done, of); }};
  const Backup backup = TRY(restore_backup(options.backup, options.data_dir, restore));
  const std::uint64_t size = std::max(backup.size, restore.newest.size).value;
  cli.print({{"folder", options.data_dir.string()},
             {"size", size},
             {"accounts_as_of", format_time(backup.time)}},
            options.data_dir.string() + " has the log with " + counted(size, "entry") + ", " +
                std::to_string(size - backup.size.value) +
                " of them from the copy.\nParties, their tokens, subscriptions and reports are as "
                "they were when the backup was made, " +
                uk_time(backup.time) +
                ": what was made or changed since is not in it, and must be made again (cpl party "
                "list shows who is there)");
  return {};
}

}  // namespace

void add_data_commands(Cli& cli) {
  auto options = std::make_shared<DataOptions>();
  CLI::App* fsck_command = add_command(cli.app, "fsck", "Check a service's data, value by value",
                                       "cpl fsck /var/lib/cpl");
  fsck_command->add_option("data_dir", options->data_dir, "The service's data, or a backup of it")
      ->required();
  fsck_command
      ->add_option("--scratch", options->scratch, "A folder with room for a copy of the data")
      ->capture_default_str();
  fsck_command->callback(
      [&cli, options] { cli.run_check([&] { return run_fsck(cli, *options); }); });

  CLI::App* backup = add_command(cli.app, "backup", "Tell the running service to make a backup",
                                 "CPL_TOKEN=... cpl backup --server https://cpl.example");
  add_dry_run(cli, *backup);
  backup->callback([&cli] { cli.run([&] { return run_backup(cli); }); });

  CLI::App* restore = add_command(
      cli.app, "restore", "Make data from a backup and a copy of the log since",
      "cpl restore backups/2026-07-09T10-15-30.000Z /var/lib/cpl --checkpoint newest.txt "
      "--mirror https://mirror.example --policy policy.txt");
  restore->add_option("backup", options->backup, "The backup's folder")->required();
  restore->add_option("data_dir", options->data_dir, "Where the data goes")->required();
  restore
      ->add_option("--checkpoint", options->checkpoint,
                   "The newest checkpoint that anybody has: a witness, a mirror, an auditor")
      ->required();
  restore->add_option("--mirror", options->mirror, "A copy of the log: a URL, or a folder");
  restore->add_option("--policy", options->policy, "The trust policy file")->envname("CPL_POLICY");
  restore->callback([&cli, options] { cli.run([&] { return run_restore(cli, *options); }); });
}

}  // namespace cpl
