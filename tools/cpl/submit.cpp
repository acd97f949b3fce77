// cpl submit: signed statements become entries; many go in batches.
#include <iostream>
#include <map>

#include "api/routes/views.hpp"
#include "crypto/encoding.hpp"
#include "tools/cpl/accepted.hpp"
#include "tools/cpl/cli.hpp"
#include "tools/cpl/rehearsal.hpp"
#include "tools/cpl/submit_many.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {
namespace {

using Policy = std::optional<TrustPolicy>;

// What is next for people, by what was submitted.
std::string next_command(BytesView note, EntryIndex index) {
  const auto parsed = parse_note(note);
  if (!parsed) return "";
  const auto statement = parse_statement(parsed->text);
  if (!statement) return "";
  const std::string number = std::to_string(index.value);
  std::string text = "\n" + printable(in_uk_time(summary_of(*statement)));
  if (const auto* decision = std::get_if<Decision>(&statement->body)) {
    if (!decision->authorises.empty() && decision->authorises.front().act == Act::remove) {
      text += "\nnext: cpl notice MODEL... --decision " + number + " --out notice.stmt";
    }
  }
  if (std::holds_alternative<Notice>(statement->body)) {
    text += "\nnext, for the Service Desk: cpl desk check " + number +
            "; then, for the clerk: cpl remove --notice " + number + " --out FOLDER";
  }
  return text;
}

Result<void> submit_one(const Cli& cli, const std::filesystem::path& file, const Policy& policy) {
  const Bytes note = TRY(read_exact_file(file, statement_size_max));
  const auto accepted = submit_note(cli.client(), note, policy);
  if (!accepted) return within(file.string(), accepted.error());
  cli.print(accepted->answer, "entry " + std::to_string(accepted->index.value) +
                                  (accepted->repeated ? " (it was there before)" : "") + ", " +
                                  proof_text(accepted->proven) +
                                  next_command(note, accepted->index));
  return {};
}

// A line for each reason, however many statements were refused for it.
std::string refusals_text(const std::vector<Submission>& submissions) {
  std::map<std::string, std::vector<std::string>> files;  // By reason.
  for (const Submission& submission : submissions) {
    if (*submission.answer) continue;
    files[submission.answer->error().detail].push_back(submission.file.string());
  }
  std::string text;
  for (const auto& [detail, refused] : files) {
    text += "cpl: " + printable(refused.front()) +
            (refused.size() > 1 ? " and " + std::to_string(refused.size() - 1) + " more" : "") +
            ": " + printable(detail) + "\n";
  }
  return text;
}

Result<void> report(const Cli& cli, const std::vector<Submission>& submissions,
                    const std::optional<TreeSize>& proven) {
  std::size_t accepted = 0;
  std::optional<Error> first_error;
  Json refused = Json::array();
  for (const Submission& submission : submissions) {
    if (*submission.answer) {
      ++accepted;
      continue;
    }
    const Error error = within(submission.file.string(), submission.answer->error());
    if (!first_error) first_error = error;
    refused.push_back(
        {{"file", submission.file.string()}, {"code", error.code}, {"detail", error.detail}});
  }
  if (!cli.json) std::cerr << refusals_text(submissions);
  cli.print({{"accepted", accepted}, {"refused", refused}, {"proven", proven.has_value()}},
            std::to_string(accepted) + " of " + std::to_string(submissions.size()) +
                " statements are in the log" + (accepted > 0 ? ", " + proof_text(proven) : ""));
  if (first_error) return *first_error;
  return {};
}

struct SubmitOptions {
  std::vector<std::string> files;
  std::string policy;
};

Result<void> submit_files(const Cli& cli, const SubmitOptions& options) {
  const auto files = TRY(statement_files(options.files));
  Policy policy;
  if (!options.policy.empty()) policy = TRY(read_policy_file(options.policy));
  if (files.size() == 1) return submit_one(cli, files.front(), policy);
  const auto submitted = [&] {
    Progress progress("submitting");
    return submit_many(cli.client(), files, policy,
                       [&](std::size_t at, std::size_t of) { progress.show(at, of); });
  }();
  if (!submitted) return submitted.error();
  return report(cli, submitted->submissions, submitted->proven);
}

}  // namespace

void add_submit_command(Cli& cli) {
  auto options = std::make_shared<SubmitOptions>();
  CLI::App* submit = add_command(cli.app, "submit", "Submit signed statements to the registry",
                                 "cpl submit decision.txt --server https://cpl.example");
  submit->add_option("files", options->files, "Signed statements, or folders of them")->required();
  submit
      ->add_option("--policy", options->policy,
                   "The trust policy file: what the registry answers is proven under it")
      ->envname("CPL_POLICY");
  submit->add_flag("--dry-run", cli.dry_run,
                   "Ask what the registry would answer; submit nothing. What nobody has signed yet "
                   "is judged by what it says");
  submit->callback([&cli, options] {
    cli.run(
        [&] { return cli.dry_run ? rehearse(cli, options->files) : submit_files(cli, *options); });
  });
}

}  // namespace cpl
