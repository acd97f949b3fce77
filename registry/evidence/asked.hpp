// What was asked, so that an answer can be held to it: what is true of another notice, model, size
// or time answers nothing.
#pragma once

#include "registry/evidence/verdict.hpp"

namespace cpl {

struct Asked {
  std::vector<std::string> what;  // Any of these: a question's word, "entry" or "extract".
  std::string subject;
  std::optional<TreeSize> size;    // As it was when the log had that size,
  std::optional<UnixMillis> time;  // or at that time; else as it is under the checkpoint.
  TreeSize shown{};                // The log was seen with so many entries before.
};

// "notice:1503", "decision:1498", "removal:MODEL", "model:MODEL", "model:MODEL@120",
// "model:MODEL@2026-07-09T10:15:30Z", "entry:1507", "extract:12", "extract:12@120".
Result<Asked> parse_asked(std::string_view text);

// `evidence-mismatch` where it is about something else.
Result<void> check_about(const Asked& asked, std::string_view what, std::string_view subject);

// Adds to the verdict whether it is one on what was asked; where it is not, it is invalid.
void bind(Verdict& verdict, const Asked& asked);

}  // namespace cpl
