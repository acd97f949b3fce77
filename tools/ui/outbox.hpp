// Statements that are on this machine and not in the log yet: each a file, or many in a folder, as
// `cpl sign` and `cpl submit` take them. It is its owner's alone.
#pragma once

#include "tools/cpl/cli.hpp"
#include "tools/cpl/sealer.hpp"

namespace cpl {

class Outbox {
 public:
  // Makes the folder where there is none.
  static Result<Outbox> open(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return folder_; }

  // The statement as it came, signed or not: signature lines that are new go under the one that is
  // here already. The name it has here.
  Result<std::string> take(const Note& note) const;
  // One that was prepared here, and what opens its seals.
  Result<std::string> keep(BytesView text, const Sealer& sealer) const;
  // Many that belong together: by name, their texts.
  Result<std::string> keep_many(const std::string& kind,
                                const std::vector<std::pair<std::string, Bytes>>& texts) const;

  // By name: files, and folders of files.
  Result<std::vector<std::string>> names() const;
  // Error `statement-not-here`.
  Result<std::filesystem::path> find(const std::string& name) const;
  // It is in the log: kept apart, with its seals.
  Result<void> put_away(const std::string& name) const;
  // Nobody signs it: deleted, with its seals.
  Result<void> discard(const std::string& name) const;

 private:
  explicit Outbox(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Result<std::optional<std::string>> find_statement(BytesView text) const;

  std::filesystem::path folder_;
};

// ~/.local/state/cpl/outbox, or where XDG_STATE_HOME says.
std::filesystem::path default_outbox();

}  // namespace cpl
