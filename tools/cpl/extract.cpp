// cpl extract: the complete list for the DCC, made from the log by a clerk, made again by a second
// person, signed, published, fetched, compared with an older one. What needs a private key is in
// cpl_extract_key.cpp.
#include <iostream>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/extract/difference.hpp"
#include "registry/extract/replay.hpp"
#include "registry/extract/rows.hpp"
#include "registry/shelf/extract_shelf.hpp"
#include "tools/cpl/cli.hpp"
#include "tools/cpl/proven_entry.hpp"
#include "tools/cpl/published_extract.hpp"
#include "tools/cpl/time_options.hpp"
#include "tools/shared/cores.hpp"
#include "tools/shared/fetch.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {
namespace {

struct ExtractOptions {
  std::filesystem::path folder;
  std::string source;
  std::string policy;
  std::string previous;
  std::filesystem::path older;
  std::filesystem::path newer;
  AtOptions at;
  std::optional<std::uint64_t> size;  // That `at` comes to.
  unsigned threads = 0;
};

std::filesystem::path file_of(const std::filesystem::path& folder, const std::string& end) {
  return folder / ("extract." + end);
}

// An extract in a file, or the one in a folder.
Result<Extract> read_extract(const std::filesystem::path& path) {
  const auto file = std::filesystem::is_directory(path) ? file_of(path, "json") : path;
  auto extract = parse_extract(TRY(read_file(file, extract_size_max)));
  if (!extract) return within(file.string(), extract.error());
  return extract;
}

Json describe(const Extract& extract, const Hash& hash) {
  const ExtractHeader& header = extract.header;
  return {{"version", header.version},
          {"sha256", to_hex(hash)},
          {"previous", header.previous ? Json(to_hex(*header.previous)) : Json()},
          {"log_size", header.log_size.value},
          {"state_root", to_base64(header.state_root)},
          {"as_of", format_time_millis(header.as_of)},
          {"models", extract.models.size()}};
}

std::string headline(const Extract& extract) {
  return "version " + std::to_string(extract.header.version) + ", " +
         counted(extract.models.size(), "model") + " at log size " +
         std::to_string(extract.header.log_size.value) + ", " + uk_time(extract.header.as_of);
}

// A published version, believed only when it is valid.
Result<HeldExtract> published_version(const Cli& cli, const FetchResource& fetch,
                                      const TrustPolicy& policy, std::uint64_t version) {
  const ExtractFiles files = TRY(fetch_extract(fetch, version, ExtractForm::json));
  auto held = valid_extract(cli, files, policy);
  if (!held) return within("version " + std::to_string(version), held.error());
  return held;
}

// The version that comes after `--previous`: a file, a folder or a number; left out, the newest
// that the registry has published.
Result<ExtractWish> wish_of(const Cli& cli, const ExtractOptions& options,
                            const TrustPolicy& policy) {
  ExtractWish wish;
  if (options.size) wish.size = TreeSize{*options.size};
  const FetchResource fetch = fetch_from(options.source, cli.time_max());
  auto number = from_decimal(options.previous);
  if (!options.previous.empty() && !number) {
    const Extract previous = TRY(read_extract(options.previous));
    wish.version = previous.header.version + 1;
    wish.previous = extract_hash(previous);
    return wish;
  }
  if (!number && is_url(options.source)) number = TRY(newest_version(fetch));
  if (number.value_or(0) == 0) return wish;
  wish.version = *number + 1;
  wish.previous = TRY(published_version(cli, fetch, policy, *number)).hash;
  return wish;
}

// What was left out, and the size that a time comes to.
Result<void> complete(const Cli& cli, ExtractOptions& options) {
  options.source = TRY(cli.log_named(options.source));
  options.size = options.at.size;
  if (options.at.time.empty()) return {};
  if (!is_url(options.source)) {
    return malformed("time-not-known",
                     "only a registry says how long its log was at a time: give --at-size");
  }
  options.size =
      TRY(size_asked(cli, HttpClient(options.source, cli.identity, cli.time_max()), options.at));
  return {};
}

FetchResource source_of(const Cli& cli, const ExtractOptions& options) {
  return fetch_from(options.source, cli.time_max());
}

Result<ReplayedExtract> replay(const Cli& cli, const ExtractOptions& options,
                               const TrustPolicy& policy, const ExtractWish& wish) {
  AuditOptions audit_options;
  audit_options.charter = cli.charter_id();
  audit_options.threads = threads_for(options.threads);
  Progress progress("replaying");
  audit_options.on_progress = [&](std::uint64_t done, std::uint64_t of) {
    progress.show(done, of);
  };
  return replay_extract(source_of(cli, options), policy, audit_options, wish);
}

// Which versions are published is the registry's word.
std::string previous_text(const ExtractOptions& options, const ExtractWish& wish) {
  if (!options.previous.empty() || !is_url(options.source)) return "";
  return wish.version == 1 ? "; the registry says that no version is published yet"
                           : "; the registry says that version " +
                                 std::to_string(wish.version - 1) + " is its newest";
}

Result<void> make(const Cli& cli, const ExtractOptions& options) {
  for (const ExtractForm form : extract_forms) {
    TRY_VOID(cli.check_save(file_of(options.folder, to_string(form))));
  }
  TRY_VOID(cli.check_save(file_of(options.folder, "proof")));
  const TrustPolicy policy = TRY(read_policy_file(options.policy));
  const ExtractWish wish = TRY(wish_of(cli, options, policy));
  const ReplayedExtract made = TRY(replay(cli, options, policy, wish));
  std::error_code failed;
  std::filesystem::create_directories(options.folder, failed);
  for (const ExtractForm form : extract_forms) {
    TRY_VOID(cli.save(file_of(options.folder, to_string(form)),
                      TRY(format_extract(made.extract, form))));
    // A signature of what was there before would only mislead.
    std::filesystem::remove(file_of(options.folder, to_string(form) + ".p7s"), failed);
  }
  TRY_VOID(cli.save(file_of(options.folder, "proof"), format_extract_proof(made.proof)));
  const Hash hash = extract_hash(made.extract);
  Json json = describe(made.extract, hash);
  json["folder"] = options.folder.string();
  cli.print(json, headline(made.extract) + "\nsha256 " + to_hex(hash) + "\nin " +
                      options.folder.string() + " as JSON, CSV and XLSX" +
                      previous_text(options, wish) +
                      ", to be signed (cpl extract sign) and checked by "
                      "another person (cpl extract check)");
  return {};
}

// The signature beside a form, where there is one.
Result<std::optional<Bytes>> read_signature(const std::filesystem::path& folder, ExtractForm form) {
  const auto file = file_of(folder, to_string(form) + ".p7s");
  if (!std::filesystem::exists(file)) return std::optional<Bytes>();
  return std::optional(TRY(read_file(file, cms_size_max)));
}

Result<std::string> check_form(const Cli& cli, const ExtractOptions& options,
                               const TrustPolicy& policy, const ReplayedExtract& expected,
                               ExtractForm form) {
  ExtractFiles files;
  files.content = TRY(read_file(file_of(options.folder, to_string(form)), extract_size_max));
  files.signature = TRY(read_signature(options.folder, form));
  files.proof = format_extract_proof(expected.proof);
  TRY_VOID(check_extract_file(files.content, expected.extract, form));
  if (!files.signature) return std::string("what the log gives; not signed yet");
  const ExtractVerdict verdict = judge_extract(files, policy, {cli.clock.now()});
  if (verdict.outcome == Outcome::invalid) {
    return Error{Errc::unauthorized, verdict.code, verdict.sentence, 0};
  }
  return "what the log gives; signed " + verdict.checks.back().detail;
}

// As the extract's own head has it; the version before it is the published one, or as is named.
Result<ExtractWish> wish_to_check(const Cli& cli, const ExtractOptions& options,
                                  const TrustPolicy& policy, const ExtractHeader& header) {
  ExtractOptions named = options;
  if (named.previous.empty()) named.previous = std::to_string(header.version - 1);
  ExtractWish wish = TRY(wish_of(cli, named, policy));
  wish.size = header.log_size;
  return wish;
}

Result<void> check_folder(Cli& cli, const ExtractOptions& options) {
  const TrustPolicy policy = TRY(read_policy_file(options.policy));
  const ExtractHeader header = TRY(read_extract(options.folder)).header;
  const ExtractWish wish = TRY(wish_to_check(cli, options, policy, header));
  const ReplayedExtract expected = TRY(replay(cli, options, policy, wish));
  std::vector<Check> checks;
  Outcome outcome = Outcome::valid;
  std::string sentence =
      headline(expected.extract) + ", sha256 " + to_hex(extract_hash(expected.extract));
  checks.push_back({"log", true, "replayed to the extract's size, and sound"});
  Json codes = Json::array();
  for (const ExtractForm form : extract_forms) {
    const auto checked = check_form(cli, options, policy, expected, form);
    checks.push_back(
        {to_string(form), checked.has_value(), checked ? *checked : checked.error().detail});
    if (checked) continue;
    if (outcome == Outcome::valid) sentence = to_string(form) + ": " + checked.error().detail;
    outcome = Outcome::invalid;
    codes.push_back(checked.error().code);
  }
  Json json = describe(expected.extract, extract_hash(expected.extract));
  json["verdict"] = to_string(outcome);
  json["codes"] = codes;
  cli.print(json, verdict_text(checks, outcome, sentence));
  cli.exit_code = exit_code(outcome);
  return {};
}

// What the registry says that it published is what was sent.
Result<void> check_published(const Json& answer, const Extract& extract) {
  const Json own = describe(extract, extract_hash(extract));
  for (const char* member : {"version", "sha256", "previous", "log_size", "state_root"}) {
    if (answer.contains(member) && answer[member] == own[member]) continue;
    return evidence_mismatch("the registry's answer is about another extract than was sent: its " +
                             std::string(member) + " differs");
  }
  return {};
}

Result<void> publish(const Cli& cli, const ExtractOptions& options) {
  const Extract extract = TRY(read_extract(options.folder));
  const ExtractHeader& header = extract.header;
  ExtractPublication publication{header.version, header.previous, header.log_size, {}};
  for (const ExtractForm form : extract_forms) {
    auto signature = TRY(read_signature(options.folder, form));
    if (!signature) {
      return refuse("signature-missing",
                    "the " + to_string(form) + " form is not signed yet: cpl extract sign");
    }
    publication.signatures[static_cast<std::size_t>(form)] = *std::move(signature);
  }
  const Json answer = TRY(json_of(TRY(cli.client().post(
      "/v1/extracts", format_extract_publication(publication), "application/json"))));
  TRY_VOID(check_published(answer, extract));
  cli.print(answer, "version " + std::to_string(header.version) +
                        " is published, says the registry: " + cli.server +
                        "/v1/extract.csv, .json and .xlsx, each with its .p7s");
  return {};
}

Result<void> compare(Cli& cli, const ExtractOptions& options) {
  const Extract older = TRY(read_extract(options.older));
  const Extract newer = TRY(read_extract(options.newer));
  if (older.header.origin != newer.header.origin) {
    return malformed("origin-mismatch", "the two are extracts of different registries");
  }
  if (newer.header.version < older.header.version) {
    return refuse("extract-older", "the second is the older version: give the older one first");
  }
  Json list = Json::array();
  std::map<std::string_view, std::size_t> counts;
  std::string text;
  for (const Difference& difference : differences(older, newer)) {
    ++counts[difference.what];
    list.push_back({{"what", difference.what}, {"model", difference.model.text()}});
    if (difference.entry) list.back()["entry"] = difference.entry->value;
    if (!difference.fields.empty()) list.back()["fields"] = difference.fields;
    text += std::string(difference.what) + std::string(12 - difference.what.size(), ' ') +
            difference.model.text() + "  " +
            (difference.entry ? "entry " + std::to_string(difference.entry->value)
                              : printable(difference.fields)) +
            "\n";
  }
  text += "from version " + std::to_string(older.header.version) + " to " +
          std::to_string(newer.header.version) + ": " + std::to_string(counts["added"]) +
          " added, " + std::to_string(counts["removed"]) + " removed, " +
          std::to_string(counts["reinstated"]) + " reinstated, " +
          std::to_string(counts["changed"]) + " changed";
  if (counts["missing"] > 0) {
    text += ", " + std::to_string(counts["missing"]) + " MISSING: no model ever leaves the extract";
    cli.exit_code = exit_refused;
  }
  cli.print({{"from", older.header.version},
             {"to", newer.header.version},
             {"log_size_from", older.header.log_size.value},
             {"log_size_to", newer.header.log_size.value},
             {"differences", list}},
            text);
  return {};
}

void add_policy(CLI::App* command, const std::shared_ptr<ExtractOptions>& options) {
  command->add_option("--policy", options->policy, "The trust policy file")->envname("CPL_POLICY");
  command->add_option("--previous", options->previous,
                      "The version before: a file, a folder or a number; the newest published one "
                      "if left out");
  command->add_option("--threads", options->threads, "0: one for each core")->capture_default_str();
}

void add_making_commands(Cli& cli, CLI::App& extract,
                         const std::shared_ptr<ExtractOptions>& options) {
  CLI::App* make_command =
      add_command(extract, "make", "Replay the log and make the next version of the extract",
                  "cpl extract make https://cpl.example --policy policy.txt --out extract");
  make_command->add_option("source", options->source,
                           "The log's URL, or a folder with a copy; else --server or CPL_SERVER");
  make_command->add_option("-o,--out", options->folder, "The folder for the files")->required();
  add_at_options(*make_command, options->at);
  add_policy(make_command, options);
  make_command->callback([&cli, options] {
    cli.run([&]() -> Result<void> {
      TRY_VOID(complete(cli, *options));
      return make(cli, *options);
    });
  });

  CLI::App* check =
      add_command(extract, "check", "Make an extract again, and compare every byte",
                  "cpl extract check extract https://cpl.example --policy policy.txt");
  check->add_option("folder", options->folder, "The folder with the extract")->required();
  check->add_option("source", options->source,
                    "The log's URL, or a folder with a copy; else --server or CPL_SERVER");
  add_policy(check, options);
  check->callback([&cli, options] {
    cli.run_check([&]() -> Result<void> {
      TRY_VOID(complete(cli, *options));
      return check_folder(cli, *options);
    });
  });
}

}  // namespace

void add_extract_commands(Cli& cli) {
  auto options = std::make_shared<ExtractOptions>();
  CLI::App* extract =
      add_command(cli.app, "extract", "Make, sign, publish, fetch and compare the complete list",
                  "cpl extract make https://cpl.example --policy policy.txt --out extract");
  extract->require_subcommand(1);
  add_making_commands(cli, *extract, options);
  add_extract_key_commands(cli, *extract);

  CLI::App* publish_command =
      add_command(*extract, "publish", "Publish a signed extract; the registry checks all of it",
                  "cpl extract publish extract --server https://cpl.example");
  publish_command->add_option("folder", options->folder, "The folder with the extract")->required();
  add_dry_run(cli, *publish_command);
  publish_command->callback([&cli, options] { cli.run([&] { return publish(cli, *options); }); });

  add_extract_fetch_command(cli, *extract);

  CLI::App* compare_command =
      add_command(*extract, "compare", "What changed from one version to another",
                  "cpl extract compare held/extract.csv newest");
  compare_command->add_option("older", options->older, "An extract: a file, or its folder")
      ->required();
  compare_command->add_option("newer", options->newer, "A newer one")->required();
  compare_command->callback([&cli, options] { cli.run([&] { return compare(cli, *options); }); });
}

}  // namespace cpl
