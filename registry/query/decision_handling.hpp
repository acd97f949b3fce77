// Which decision rules how the sealed texts of an entry are handled, and what it says, as far as
// the log tells.
#pragma once

#include "registry/log/log_view.hpp"
#include "registry/statement/handling.hpp"

namespace cpl {

// Where the text of a decision says so.
inline constexpr std::string_view handling_field = "/handling";

struct DecisionHandling {
  EntryIndex decision;
  Text text;  // Its words are known where they were never sealed, or are disclosed.
};

// That of the decision that the entry is, or that what it records was done on; nothing where there
// is none, or it does not say.
Result<std::optional<DecisionHandling>> find_handling(const LogView& log, EntryIndex entry);

}  // namespace cpl
