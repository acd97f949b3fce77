// cpl sign, cpl submit: from prepared texts to entries. Several people sign one file in turn, on
// different machines, by passing it on.
#include <atomic>
#include <iostream>
#include <thread>

#include "crypto/encoding.hpp"
#include "tools/cli.hpp"
#include "tools/person_key.hpp"

namespace cpl {
namespace {

constexpr std::size_t submitters = 32;

// The files themselves; of a folder, the files in it by name.
Result<std::vector<std::filesystem::path>> expand(const std::vector<std::string>& given) {
  std::vector<std::filesystem::path> files;
  for (const std::string& path : given) {
    if (!std::filesystem::is_directory(path)) {
      files.emplace_back(path);
      continue;
    }
    std::vector<std::filesystem::path> inside;
    for (const auto& file : std::filesystem::directory_iterator(path)) {
      if (file.is_regular_file()) inside.push_back(file.path());
    }
    std::sort(inside.begin(), inside.end());
    files.insert(files.end(), inside.begin(), inside.end());
  }
  if (files.empty()) return Error{Errc::not_found, "no-files", "there is no file to work on", 0};
  return files;
}

Result<void> sign_files(const Cli& cli, const std::vector<std::string>& given,
                        const std::string& key_file, const std::string& out) {
  const PersonSigner key = TRY(read_person_key(key_file));
  const auto files = TRY(expand(given));
  if (!out.empty() && files.size() != 1) {
    return malformed("out-with-many", "--out goes with one file; many are signed in place");
  }
  Progress progress("signing");
  for (std::size_t i = 0; i < files.size(); ++i) {
    Note note = TRY(read_statement_file(files[i]));
    // What cannot be read must not be signed: nobody could say what was meant.
    if (const auto statement = parse_statement(note.text); !statement) {
      return within(files[i].string(), statement.error());
    }
    TRY_VOID(sign_note(note, key));
    const auto target = out.empty() ? files[i] : std::filesystem::path(out);
    TRY_VOID(write_file(target, format_note(note), Secrecy::open));
    progress.show(i + 1, files.size());
  }
  cli.print({{"signed", files.size()}, {"by", key.verifier().name()}},
            counted(files.size(), "statement") + " signed by " + key.verifier().name());
  return {};
}

struct Submission {
  std::filesystem::path file;
  std::optional<Result<HttpAnswer>> answer;

  bool waits_for_another() const {
    return answer && !*answer && answer->error().code == "predecessor-not-found";
  }
  bool is_busy() const { return answer && !*answer && answer->error().errc == Errc::overloaded; }
};

// Submits what has no answer yet, several at a time; how many became entries.
std::size_t submit_round(const HttpClient& client, std::vector<Submission>& submissions,
                         Progress& progress) {
  std::vector<Submission*> open;
  for (Submission& submission : submissions) {
    if (!submission.answer || submission.waits_for_another() || submission.is_busy()) {
      open.push_back(&submission);
    }
  }
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> accepted{0};
  const auto work = [&] {
    for (std::size_t at = next++; at < open.size(); at = next++) {
      const auto content = read_file(open[at]->file, statement_size_max);
      open[at]->answer = content ? client.post("/v1/statements", *content, "text/plain")
                                 : Result<HttpAnswer>(content.error());
      if (*open[at]->answer) ++accepted;
      progress.show(submissions.size() - open.size() + at + 1, submissions.size());
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < std::min(submitters, open.size()); ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  return accepted;
}

Result<Json> describe_one(const Submission& submission) {
  if (!*submission.answer) return within(submission.file.string(), submission.answer->error());
  return parse_json((*submission.answer)->body);
}

Result<void> submit_files(const Cli& cli, const std::vector<std::string>& given) {
  std::vector<Submission> submissions;
  for (auto& file : TRY(expand(given))) submissions.push_back({std::move(file), {}});
  {
    Progress progress("submitting");
    const HttpClient client = HttpClient(cli.server, cli.token);
    // A successor may come before its predecessor: it is sent again as long as others get in.
    while (submit_round(client, submissions, progress) > 0) {
    }
  }
  if (submissions.size() == 1) {
    const Json answer = TRY(describe_one(submissions.front()));
    const auto index = answer.value("index", std::uint64_t{0});
    cli.print(answer, "entry " + std::to_string(index) +
                          (answer.value("repeated", false) ? " (it was there before)" : ""));
    return {};
  }
  std::size_t accepted = 0;
  std::optional<Error> first_error;
  Json refused = Json::array();
  for (const Submission& submission : submissions) {
    const auto answer = describe_one(submission);
    if (answer) {
      ++accepted;
      continue;
    }
    if (!first_error) first_error = answer.error();
    refused.push_back({{"file", submission.file.string()},
                       {"code", answer.error().code},
                       {"detail", answer.error().detail}});
    if (!cli.json) std::cerr << "cpl: " << printable(answer.error().detail) << "\n";
  }
  cli.print({{"accepted", accepted}, {"refused", refused}}, std::to_string(accepted) + " of " +
                                                                std::to_string(submissions.size()) +
                                                                " statements are in the log");
  if (first_error) return *first_error;
  return {};
}

}  // namespace

void add_sign_commands(Cli& cli) {
  auto files = std::make_shared<std::vector<std::string>>();
  auto key = std::make_shared<std::string>();
  auto out = std::make_shared<std::string>();
  CLI::App* sign = add_command(cli.app, "sign", "Sign statements with a key; needs no server",
                               "cpl sign decision.txt --key panel-2.key");
  sign->add_option("files", *files, "Statements, or folders of them")->required();
  sign->add_option("--key", *key, "The key file")->required();
  sign->add_option("--out", *out, "Where the signed statement goes; in place if left out");
  sign->callback(
      [&cli, files, key, out] { cli.run([&] { return sign_files(cli, *files, *key, *out); }); });

  CLI::App* submit = add_command(cli.app, "submit", "Submit signed statements to the registry",
                                 "cpl submit decision.txt --server https://cpl.example");
  submit->add_option("files", *files, "Signed statements, or folders of them")->required();
  submit->callback([&cli, files] { cli.run([&] { return submit_files(cli, *files); }); });
}

}  // namespace cpl
