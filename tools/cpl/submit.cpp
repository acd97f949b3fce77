// cpl submit: signed statements become entries; many go in batches.
#include <poll.h>

#include <atomic>
#include <iostream>
#include <map>
#include <thread>

#include "api/routes/views.hpp"
#include "crypto/encoding.hpp"
#include "tools/cpl/accepted.hpp"
#include "tools/cpl/cli.hpp"
#include "tools/cpl/rehearsal.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {
namespace {

constexpr std::size_t submitters = 4;
constexpr std::size_t batch_count_max = 100;
constexpr std::size_t batch_octets_max = 200'000;  // A service reads 256 KiB unless told else.

constexpr int waits_max = 120;
constexpr int wait_millis = 1000;

struct Submission {
  std::filesystem::path file;
  std::uintmax_t octets = 0;
  std::optional<Result<ClaimedEntry>> answer;

  // What may get in once others of these are in.
  bool waits_for_another() const {
    return answer && !*answer &&
           (answer->error().code == "predecessor-not-found" ||
            answer->error().code == "charter-missing");
  }
  bool is_busy() const { return answer && !*answer && answer->error().errc == Errc::overloaded; }
  bool is_open() const { return !answer || waits_for_another() || is_busy(); }
};

using Batch = std::vector<Submission*>;

std::vector<Batch> batches_of(std::vector<Submission>& submissions) {
  std::vector<Batch> batches;
  std::uintmax_t octets = 0;
  for (Submission& submission : submissions) {
    if (!submission.is_open()) continue;
    const bool full = !batches.empty() && (batches.back().size() >= batch_count_max ||
                                           octets + submission.octets > batch_octets_max);
    if (batches.empty() || full) {
      batches.emplace_back();
      octets = 0;
    }
    batches.back().push_back(&submission);
    octets += submission.octets;
  }
  return batches;
}

Error batch_malformed() {
  return answer_malformed("the registry's answer does not fit what was submitted: submit again");
}

// The service's word on one statement of a batch: its entry, or a problem.
Result<ClaimedEntry> answer_of(const Json& item, BytesView note) {
  if (!item.is_object()) return batch_malformed();
  if (item.contains("index")) return claimed_entry(item, note);
  if (!item.contains("status") || !item["status"].is_number_unsigned()) return batch_malformed();
  return problem_error(item["status"].get<unsigned>(), item.dump());
}

// The answers to the notes, in their order.
Result<std::vector<Json>> post_batch(const HttpClient& client, const Json& notes) {
  const Bytes body =
      Json{{"statements", notes}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  const Json json =
      TRY(json_of(TRY(client.post("/v1/statements/batch", body, "application/json"))));
  if (!json.contains("statements") || !json["statements"].is_array() ||
      json["statements"].size() != notes.size()) {
    return batch_malformed();
  }
  return json["statements"].get<std::vector<Json>>();
}

// A service that takes no more at present says to come again in a second.
Result<std::vector<Json>> post_patiently(const HttpClient& client, const Json& notes) {
  auto answers = post_batch(client, notes);
  for (int wait = 0; wait < waits_max && !answers; ++wait) {
    if (answers.error().errc != Errc::overloaded) break;
    ::poll(nullptr, 0, wait_millis);
    answers = post_batch(client, notes);
  }
  return answers;
}

void submit_batch(const HttpClient& client, const Batch& batch) {
  Json notes = Json::array();
  Batch sent;
  for (Submission* submission : batch) {
    auto note = read_exact_file(submission->file, statement_size_max);
    if (note) {
      notes.push_back(*std::move(note));
      sent.push_back(submission);
    } else {
      submission->answer = note.error();
    }
  }
  if (sent.empty()) return;
  const auto answers = post_patiently(client, notes);
  if (!answers && answers.error().errc == Errc::too_large && sent.size() > 1) {
    const auto middle = sent.begin() + static_cast<std::ptrdiff_t>(sent.size() / 2);
    submit_batch(client, Batch(sent.begin(), middle));
    return submit_batch(client, Batch(middle, sent.end()));
  }
  for (std::size_t i = 0; i < sent.size(); ++i) {
    sent[i]->answer = answers ? answer_of((*answers)[i], notes[i].get_ref<const std::string&>())
                              : Result<ClaimedEntry>(answers.error());
  }
}

// Submits what is open, some batches at a time; how many became entries.
std::size_t submit_round(const HttpClient& client, std::vector<Submission>& submissions,
                         Progress& progress) {
  const std::vector<Batch> batches = batches_of(submissions);
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> accepted{0};
  const auto work = [&] {
    for (std::size_t at = next++; at < batches.size(); at = next++) {
      submit_batch(client, batches[at]);
      for (const Submission* submission : batches[at]) {
        if (*submission->answer) ++accepted;
      }
      progress.show(at + 1, batches.size());
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < std::min(submitters, batches.size()); ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  return accepted;
}

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

// What all of them come to, where a policy says whom to believe.
Result<std::optional<TreeSize>> prove_all(const HttpClient& client,
                                          const std::vector<Submission>& submissions,
                                          const Policy& policy) {
  if (!policy) return std::optional<TreeSize>();
  std::vector<ClaimedEntry> claimed;
  for (const Submission& submission : submissions) {
    if (*submission.answer) claimed.push_back(**submission.answer);
  }
  return std::optional(TRY(prove_entries(client, *policy, std::move(claimed))));
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
  std::vector<Submission> submissions;
  for (const auto& file : files) {
    std::error_code unknown;  // Reading it tells what is wrong with it.
    const std::uintmax_t octets = std::filesystem::file_size(file, unknown);
    submissions.push_back({file, unknown ? 0 : octets, {}});
  }
  const HttpClient client = cli.client();
  {
    Progress progress("submitting");
    // A successor may come before its predecessor: it is sent again as long as others get in.
    while (submit_round(client, submissions, progress) > 0) {
    }
  }
  return report(cli, submissions, TRY(prove_all(client, submissions, policy)));
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
