// cpl verify: files judged without a server, and held to what was expected of them.
#include "registry/given/given.hpp"
#include "tools/cpl/asked_evidence.hpp"
#include "tools/cpl/extract_files.hpp"
#include "tools/cpl/time_options.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {
namespace {

constexpr std::size_t entry_file_max = 256U << 10U;

struct VerifyOptions {
  std::string subject;
  std::string policy;
  std::uint64_t age_seconds_max = 86'400;
  std::string held;
  std::string entry;
  std::string expect;
};

Result<std::optional<HeldExtract>> read_held(const std::string& file) {
  if (file.empty() || !std::filesystem::exists(file)) return std::optional<HeldExtract>();
  auto held = parse_held_extract(TRY(read_file(file, 1U << 16U)));
  if (!held) return within(file, held.error());
  return std::optional(*std::move(held));
}

void tell(Cli& cli, const PlainOpinion& opinion) {
  const std::string outcome = to_string(opinion.outcome);
  const bool valid = opinion.outcome != Outcome::invalid;
  cli.print(to_json(opinion),
            (valid ? green(outcome) : red(outcome)) + ": " +
                printable(valid ? in_uk_time(opinion.sentence) : opinion.sentence));
  cli.exit_code = exit_code(opinion.outcome);
}

void tell(Cli& cli, const Verdict& verdict) { tell_verdict(cli, verdict); }

void tell(Cli& cli, const ExtractVerdict& verdict) {
  const TreeSize size = verdict.header ? verdict.header->log_size : TreeSize{};
  cli.print(to_json(verdict), verdict_text(verdict.checks, verdict.outcome, verdict.sentence) +
                                  as_of_text(verdict.as_of, size));
  cli.exit_code = exit_code(verdict.outcome);
}

Result<void> verify_file(Cli& cli, const VerifyOptions& options) {
  if (!options.expect.empty()) TRY(parse_asked(options.expect));
  Given given;
  given.name = options.subject;
  given.content = TRY(read_file(options.subject, extract_size_max));
  given.expect = options.expect;
  const GivenKind kind = TRY(kind_of_given(given.name, given.content));
  if (!options.held.empty() && kind != GivenKind::extract) {
    return malformed("extract-malformed", options.subject + " is no extract: --held is for those");
  }
  const TrustPolicy policy = TRY(read_policy_file(options.policy));
  if (kind == GivenKind::extract) {
    ExtractFiles files = TRY(with_files_beside(options.subject, std::move(given.content)));
    given.content = std::move(files.content);
    given.signature = std::move(files.signature);
    given.extract_proof = std::move(files.proof);
    given.held = TRY(read_held(options.held));
  }
  if (!options.entry.empty()) given.entry = TRY(read_file(options.entry, entry_file_max));
  const Opinion opinion =
      TRY(judge_given(kind, std::move(given), policy, cli.judge_options(options.age_seconds_max)));
  const auto* const extract = std::get_if<ExtractVerdict>(&opinion);
  if (extract != nullptr && extract->held && !options.held.empty()) {
    TRY_VOID(write_file(options.held, format_held_extract(*extract->held), Secrecy::open));
  }
  std::visit([&cli](const auto& is) { tell(cli, is); }, opinion);
  return {};
}

void add_policy(CLI::App* command, const std::shared_ptr<VerifyOptions>& options) {
  command->add_option("--policy", options->policy, "The trust policy file")->envname("CPL_POLICY");
}
void add_age(CLI::App* command, const std::shared_ptr<VerifyOptions>& options) {
  take_duration(command->add_option("--max-age", options->age_seconds_max,
                                    "How old the newest witness time may be"),
                options->age_seconds_max);
}

}  // namespace

void add_verify_command(Cli& cli) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* verify = add_command(
      cli.app, "verify", "Check evidence, an extract, an event or a proof; needs no server",
      "cpl verify removal.json --policy policy.txt\n  cpl verify extract.csv --held newest.json\n"
      "  cpl verify entry-1503.tlog-proof");
  verify
      ->add_option("file", options->subject,
                   "The evidence, an extract in any form, an event, or a tlog-proof")
      ->required();
  verify->add_option("--entry", options->entry,
                     "The entry that a tlog-proof is about, where that does not hold it");
  verify->add_option("--expect", options->expect,
                     "What was asked: notice:1503, decision:1498, removal:MODEL, model:MODEL, "
                     "model:MODEL@120 (log size), model:MODEL@2026-07-09T10:15:30Z, entry:1507, "
                     "extract:12; what answers anything else is INVALID");
  verify->add_option("--held", options->held,
                     "Keeps the newest version of the extract seen: no older one passes after it");
  add_policy(verify, options);
  add_age(verify, options);
  verify->callback([&cli, options] { cli.run_check([&] { return verify_file(cli, *options); }); });
}

}  // namespace cpl
