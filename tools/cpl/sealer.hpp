// Seals texts of a statement that is being prepared, and writes what opens them into a file of its
// own beside it: "decision.stmt" goes round and becomes public, "decision.stmt.seals" does not.
#pragma once

#include "registry/statement/openings.hpp"
#include "tools/shared/files.hpp"

namespace cpl {

class Sealer {
 public:
  // Salts are taken from `earlier`, a file of seals, for texts that stand in it: then minutes and
  // decision bear the same seal. Empty for none.
  static Result<Sealer> create(const std::string& earlier);

  // The text as it goes into the statement at `field`.
  Text seal(const std::string& field, const std::string& words);
  // A text that nobody could disclose must not be sealed.
  Result<void> check_plain() const;
  bool used() const { return !openings_.empty(); }
  // Beside the statement; nothing where nothing was sealed. The file's name.
  Result<std::string> write_beside(const std::string& statement_file) const;
  // A line for a person on that file; empty where there is none.
  static std::string said(const std::string& seals_file);

 private:
  std::vector<Opening> earlier_;
  std::vector<Opening> openings_;
};

std::string seals_file_of(const std::string& statement_file);

}  // namespace cpl
