// cpl submit: signed statements become entries; many go in batches.
#include <poll.h>

#include <atomic>
#include <iostream>
#include <thread>

#include "crypto/encoding.hpp"
#include "tools/cli.hpp"

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
  std::optional<Result<Json>> answer;

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

Error answer_malformed() {
  return Error{Errc::unavailable, "answer-malformed",
               "the registry's answer does not fit what was submitted: submit again", 0};
}

// The service's word on one statement of a batch: its entry, or a problem.
Result<Json> answer_of(const Json& item) {
  if (!item.is_object()) return answer_malformed();
  if (item.contains("index") && item["index"].is_number_unsigned()) return item;
  if (!item.contains("status") || !item["status"].is_number_unsigned()) return answer_malformed();
  return problem_error(item["status"].get<unsigned>(), item.dump());
}

// The answers to the notes, in their order.
Result<std::vector<Json>> post_batch(const HttpClient& client, const Json& notes) {
  const Bytes body =
      Json{{"statements", notes}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  const HttpAnswer answer = TRY(client.post("/v1/statements/batch", body, "application/json"));
  const Json json = TRY(parse_json(answer.body));
  if (!json.is_object() || !json.contains("statements") || !json["statements"].is_array() ||
      json["statements"].size() != notes.size()) {
    return answer_malformed();
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
    auto note = read_file(submission->file, statement_size_max);
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
    sent[i]->answer = answers ? answer_of((*answers)[i]) : Result<Json>(answers.error());
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

Result<void> submit_one(const Cli& cli, const std::filesystem::path& file) {
  const Bytes note = TRY(read_file(file, statement_size_max));
  auto posted = cli.client().post("/v1/statements", note, "text/plain");
  if (!posted) return within(file.string(), posted.error());
  const Json answer = TRY(parse_json(posted->body));
  const auto index = answer.value("index", std::uint64_t{0});
  cli.print(answer, "entry " + std::to_string(index) +
                        (answer.value("repeated", false) ? " (it was there before)" : ""));
  return {};
}

Result<void> report(const Cli& cli, const std::vector<Submission>& submissions) {
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
    if (!cli.json) std::cerr << "cpl: " << printable(error.detail) << "\n";
  }
  cli.print({{"accepted", accepted}, {"refused", refused}}, std::to_string(accepted) + " of " +
                                                                std::to_string(submissions.size()) +
                                                                " statements are in the log");
  if (first_error) return *first_error;
  return {};
}

Result<void> submit_files(const Cli& cli, const std::vector<std::string>& given) {
  const auto files = TRY(statement_files(given));
  if (files.size() == 1) return submit_one(cli, files.front());
  std::vector<Submission> submissions;
  for (const auto& file : files) {
    std::error_code unknown;  // Reading it tells what is wrong with it.
    const std::uintmax_t octets = std::filesystem::file_size(file, unknown);
    submissions.push_back({file, unknown ? 0 : octets, {}});
  }
  {
    Progress progress("submitting");
    const HttpClient client = cli.client();
    // A successor may come before its predecessor: it is sent again as long as others get in.
    while (submit_round(client, submissions, progress) > 0) {
    }
  }
  return report(cli, submissions);
}

}  // namespace

void add_submit_command(Cli& cli) {
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* submit = add_command(cli.app, "submit", "Submit signed statements to the registry",
                                 "cpl submit decision.txt --server https://cpl.example");
  submit->add_option("files", *files, "Signed statements, or folders of them")->required();
  submit->callback([&cli, files] { cli.run([&] { return submit_files(cli, *files); }); });
}

}  // namespace cpl
