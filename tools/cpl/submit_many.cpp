#include "tools/cpl/submit_many.hpp"

#include <poll.h>

#include <atomic>
#include <thread>

#include "tools/cpl/cli.hpp"

namespace cpl {
namespace {

constexpr std::size_t submitters = 4;
constexpr std::size_t batch_count_max = 100;
constexpr std::size_t batch_octets_max = 200'000;  // A service reads 256 KiB unless told else.

constexpr int waits_max = 120;
constexpr int wait_millis = 1000;

// What may get in once others of these are in, or later.
bool is_open(const Submission& submission) {
  if (!submission.answer) return true;
  if (*submission.answer) return false;
  const Error& error = submission.answer->error();
  return error.code == "predecessor-not-found" || error.code == "charter-missing" ||
         error.errc == Errc::overloaded;
}

using Batch = std::vector<Submission*>;

std::vector<Batch> batches_of(std::vector<Submission>& submissions) {
  std::vector<Batch> batches;
  std::uintmax_t octets = 0;
  for (Submission& submission : submissions) {
    if (!is_open(submission)) continue;
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
                         const SubmitProgress& progress) {
  const std::vector<Batch> batches = batches_of(submissions);
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> accepted{0};
  const auto work = [&] {
    for (std::size_t at = next++; at < batches.size(); at = next++) {
      submit_batch(client, batches[at]);
      for (const Submission* submission : batches[at]) {
        if (*submission->answer) ++accepted;
      }
      progress(at + 1, batches.size());
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < std::min(submitters, batches.size()); ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  return accepted;
}

// What all of them come to, where a policy says whom to believe.
Result<std::optional<TreeSize>> prove_all(const HttpClient& client,
                                          const std::vector<Submission>& submissions,
                                          const std::optional<TrustPolicy>& policy) {
  if (!policy) return std::optional<TreeSize>();
  std::vector<ClaimedEntry> claimed;
  for (const Submission& submission : submissions) {
    if (*submission.answer) claimed.push_back(**submission.answer);
  }
  return std::optional(TRY(prove_entries(client, *policy, std::move(claimed))));
}

}  // namespace

Result<ManySubmitted> submit_many(const HttpClient& client,
                                  const std::vector<std::filesystem::path>& files,
                                  const std::optional<TrustPolicy>& policy,
                                  const SubmitProgress& progress) {
  ManySubmitted done;
  for (const auto& file : files) {
    std::error_code unknown;  // Reading it tells what is wrong with it.
    const std::uintmax_t octets = std::filesystem::file_size(file, unknown);
    done.submissions.push_back({file, unknown ? 0 : octets, {}});
  }
  while (submit_round(client, done.submissions, progress) > 0) {
  }
  done.proven = TRY(prove_all(client, done.submissions, policy));
  return done;
}

}  // namespace cpl
