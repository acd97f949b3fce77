// Statements judged before they are signed or submitted: by the registry as its list stands, or by
// a charter alone.
#pragma once

#include "registry/statement/charter.hpp"
#include "tools/cpl/cli.hpp"

namespace cpl {

// What each would be refused for; nothing where it would be accepted, or waits for another of them
// alone.
using Judgements = std::vector<std::optional<Error>>;

// The registry's word, on notes and on texts that nobody has signed yet.
Result<Judgements> ask_registry(const HttpClient& client, const std::vector<Bytes>& statements);

// cpl submit --dry-run: what the registry would answer to the files; nothing is submitted.
Result<void> rehearse(const Cli& cli, const std::vector<std::string>& given);

// By the rules and the charter alone: what else is on the list is not known here.
Judgements judge_by_charter(const Charter& charter, const std::vector<Bytes>& statements,
                            UnixMillis now);
// Of a statement file.
Result<Charter> read_charter_file(const std::filesystem::path& file);

}  // namespace cpl
