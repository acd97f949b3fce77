#include "tools/cpl/published_extract.hpp"

#include "crypto/encoding.hpp"
#include "registry/extract/rows.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/proven_entry.hpp"

namespace cpl {
namespace {

struct FetchOptions {
  std::filesystem::path folder;
  std::string version;
  std::string policy;
};

Result<void> check_folder_is_free(const std::filesystem::path& folder) {
  std::error_code failed;
  if (!std::filesystem::exists(folder, failed) || std::filesystem::is_empty(folder, failed)) {
    return {};
  }
  return Error{Errc::conflict, "folder-in-use",
               folder.string() +
                   " holds files already, perhaps the version that you hold: name a new folder",
               0};
}

struct FetchedVersion {
  std::uint64_t newest = 0;  // As the registry says.
  std::map<std::string, Bytes> files;
  std::optional<HeldExtract> valid;  // Where a policy says whom to believe.
};

// Each form is the same list, and under a policy a valid one.
Result<FetchedVersion> fetch_version(const Cli& cli, const FetchResource& fetch,
                                     std::uint64_t version,
                                     const std::optional<TrustPolicy>& policy) {
  FetchedVersion fetched;
  std::optional<Hash> hash;
  for (const ExtractForm form : extract_forms) {
    const ExtractFiles files = TRY(fetch_extract(fetch, version, form));
    const Hash of_form = extract_hash(TRY(parse_extract(files.content)));
    if (hash && *hash != of_form) {
      return evidence_mismatch("the registry's " + to_string(form) +
                               " form is not the same list as the others");
    }
    hash = of_form;
    if (policy) fetched.valid = TRY(valid_extract(cli, files, *policy));
    fetched.files[to_string(form)] = files.content;
    fetched.files[to_string(form) + ".p7s"] = files.signature.value_or("");
    fetched.files["proof"] = files.proof;
  }
  return fetched;
}

Result<std::uint64_t> wanted_version(const std::string& version, std::uint64_t newest) {
  const auto number = version.empty() ? std::optional(newest) : from_decimal(version);
  if (number && *number > 0 && *number <= newest) return *number;
  return Error{Errc::not_found, "extract-not-found",
               "there is no version " + version + ": the registry says that " +
                   counted(newest, "version") + " of the extract are published",
               0};
}

Result<void> fetch_folder(const Cli& cli, const FetchOptions& options) {
  std::optional<TrustPolicy> policy;
  if (!options.policy.empty()) policy = TRY(read_policy_file(options.policy));
  TRY_VOID(check_folder_is_free(options.folder));
  const FetchResource fetch = fetch_from(cli.server, cli.time_max());
  const std::uint64_t newest = TRY(newest_version(fetch));
  const std::uint64_t version = TRY(wanted_version(options.version, newest));
  const FetchedVersion fetched = TRY(fetch_version(cli, fetch, version, policy));
  std::error_code failed;
  std::filesystem::create_directories(options.folder, failed);
  Json files = Json::array();
  for (const auto& [end, content] : fetched.files) {
    const auto file = options.folder / ("extract." + end);
    TRY_VOID(write_file(file, content, Secrecy::open));
    files.push_back(file.string());
  }
  const std::string judged =
      fetched.valid ? "; valid, of log size " + std::to_string(fetched.valid->log_size.value)
                    : "; not judged: no trust policy says whom to believe";
  cli.print({{"version", version},
             {"newest", newest},
             {"files", files},
             {"valid", fetched.valid.has_value()}},
            "version " + std::to_string(version) +
                (version == newest ? ", the newest as the registry says, in " : " in ") +
                options.folder.string() + judged + "; cpl verify " +
                (options.folder / "extract.csv").string() + " judges it without a server");
  return {};
}

}  // namespace

Result<std::uint64_t> newest_version(const FetchResource& fetch) {
  auto answer = fetch("v1/extracts?limit=1");
  if (!answer && answer.error().errc == Errc::not_found) {
    return std::uint64_t{0};  // Tiles alone, say.
  }
  const Json json = TRY(parse_json(TRY(std::move(answer))));
  if (!json.is_object()) return answer_malformed("the registry does not say what it has");
  return number_in(json, "newest");
}

Result<ExtractFiles> fetch_extract(const FetchResource& fetch, std::uint64_t version,
                                   ExtractForm form) {
  const std::string path = "v1/extracts/" + std::to_string(version);
  ExtractFiles files;
  files.content = TRY(fetch(path + "." + to_string(form)));
  files.signature = TRY(fetch(path + "." + to_string(form) + ".p7s"));
  files.proof = TRY(fetch(path + ".proof"));
  const std::uint64_t is = TRY(parse_extract(files.content)).header.version;
  if (is == version && extract_form_of(files.content) == form) return files;
  return evidence_mismatch("the registry's answer is not version " + std::to_string(version) +
                           " of the extract as " + to_string(form));
}

Result<HeldExtract> valid_extract(const Cli& cli, const ExtractFiles& files,
                                  const TrustPolicy& policy) {
  const ExtractVerdict verdict = judge_extract(files, policy, cli.judge_options());
  if (verdict.held) return *verdict.held;
  return Error{Errc::unauthorized, verdict.code.empty() ? "extract-stale" : verdict.code,
               "the published extract is not valid: " + verdict.sentence, 0};
}

void add_extract_fetch_command(Cli& cli, CLI::App& extract) {
  auto options = std::make_shared<FetchOptions>();
  CLI::App* fetch =
      add_command(extract, "fetch", "Fetch a published extract with its signatures and proof",
                  "cpl extract fetch --out newest --server https://cpl.example");
  fetch->add_option("version", options->version, "Which; the newest if left out");
  fetch->add_option("-o,--out", options->folder, "The folder for the files")->required();
  fetch->add_option("--policy", options->policy, "The trust policy file")->envname("CPL_POLICY");
  fetch->callback([&cli, options] { cli.run([&] { return fetch_folder(cli, *options); }); });
}

}  // namespace cpl
