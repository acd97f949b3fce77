#include "tools/cpl/rehearsal.hpp"

#include <poll.h>

#include <iostream>

#include "crypto/encoding.hpp"
#include "registry/rules/rules.hpp"

namespace cpl {
namespace {

constexpr int check_waits_max = 120;
constexpr int check_wait_millis = 1000;

std::optional<Statement> statement_in(const Bytes& given) {
  const auto note = parse_note(given);
  auto statement = parse_statement(note ? note->text : given);
  if (!statement) return std::nullopt;
  return *std::move(statement);
}

// Predecessors that come with it are not on the list yet.
class Companions {
 public:
  explicit Companions(const std::vector<Bytes>& statements) {
    for (const Bytes& given : statements) {
      const auto statement = statement_in(given);
      const auto* addition = statement ? std::get_if<Addition>(&statement->body) : nullptr;
      if (addition != nullptr) added_.insert(addition->model.id());
    }
  }

  bool may_bring_what_misses(const Bytes& given, const Error& refused) const {
    if (refused.code != "predecessor-not-found") return false;
    const auto statement = statement_in(given);
    const auto* addition = statement ? std::get_if<Addition>(&statement->body) : nullptr;
    return addition != nullptr &&
           std::any_of(addition->model.predecessors.begin(), addition->model.predecessors.end(),
                       [&](const ModelId& id) { return added_.contains(id); });
  }

 private:
  std::set<ModelId> added_;
};

bool is_judgement(const Error& error) {
  return error.errc != Errc::unavailable && error.errc != Errc::overloaded;
}

// A service that takes no more at present says to come again in a second.
Result<HttpAnswer> ask_patiently(const HttpClient& client, const Bytes& statement) {
  auto answer = client.post("/v1/statements/check", statement, "text/plain");
  for (int wait = 0; wait < check_waits_max && !answer; ++wait) {
    if (answer.error().errc != Errc::overloaded) break;
    ::poll(nullptr, 0, check_wait_millis);
    answer = client.post("/v1/statements/check", statement, "text/plain");
  }
  return answer;
}

}  // namespace

Result<Judgements> ask_registry(const HttpClient& client, const std::vector<Bytes>& statements) {
  const Companions companions(statements);
  Judgements judgements;
  Progress progress("asking the registry");
  for (const Bytes& statement : statements) {
    const auto answer = ask_patiently(client, statement);
    std::optional<Error> refused;
    if (!answer) refused = answer.error();
    if (refused && !is_judgement(*refused)) return *refused;
    if (refused && companions.may_bring_what_misses(statement, *refused)) refused.reset();
    judgements.push_back(std::move(refused));
    progress.show(judgements.size(), statements.size());
  }
  return judgements;
}

Result<void> rehearse(const Cli& cli, const std::vector<std::string>& given) {
  const auto files = TRY(statement_files(given));
  std::vector<Bytes> statements;
  for (const auto& file : files) {
    statements.push_back(TRY(read_exact_file(file, statement_size_max)));
  }
  const Judgements judgements = TRY(ask_registry(cli.client(), statements));
  std::optional<Error> first;
  Json refused = Json::array();
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!judgements[i]) continue;
    const Error error = within(files[i].string(), *judgements[i]);
    if (!first) first = error;
    refused.push_back(
        {{"file", files[i].string()}, {"code", error.code}, {"detail", error.detail}});
    if (!cli.json) std::cerr << "cpl: " << printable(error.detail) << "\n";
  }
  const std::size_t good = files.size() - refused.size();
  cli.print({{"would_be_accepted", good}, {"refused", refused}},
            std::to_string(good) + " of " + counted(files.size(), "statement") +
                " would be accepted; nothing was submitted");
  if (first) return *first;
  return {};
}

Judgements judge_by_charter(const Charter& charter, const std::vector<Bytes>& statements,
                            UnixMillis now) {
  MemoryList list;
  Change first;
  first.charter = std::make_shared<const CharterRecord>(CharterRecord{charter, EntryIndex{0}});
  list.put(first);
  Judgements judgements;
  for (const Bytes& given : statements) {
    const auto statement = statement_in(given);
    check(statement.has_value());
    const auto taken = check_content(list, *statement, {statement->origin, EntryIndex{1}, now});
    // What else is on the list is not known here.
    const bool is_refused = !taken && taken.error().code != "predecessor-not-found";
    judgements.push_back(is_refused ? std::optional(taken.error()) : std::nullopt);
  }
  return judgements;
}

Result<Charter> read_charter_file(const std::filesystem::path& file) {
  const auto statement = parse_statement(TRY(read_statement_file(file)).text);
  if (!statement) return within(file.string(), statement.error());
  const auto* charter = std::get_if<Charter>(&statement->body);
  if (charter == nullptr) {
    return malformed("charter-missing",
                     file.string() + " is a " + std::string(statement->type()) + ", no charter");
  }
  return *charter;
}

}  // namespace cpl
