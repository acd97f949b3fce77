// Is this notice genuine? Its evidence fetched, and judged here.
#pragma once

#include "tools/cli.hpp"

namespace cpl {

struct VerdictWish {
  std::string notice;  // Its entry, as it was typed.
  std::string policy;  // The trust policy file.
  std::uint64_t age_seconds_max = 86'400;
};

Result<Verdict> judge_notice(const Cli& cli, const VerdictWish& wish);
// "\nas of 2026-07-09T10:15:30Z, log size 1505"; empty where nothing dates it.
std::string as_of_text(const std::optional<UnixMillis>& as_of, TreeSize size);
// Prints it, with `and_then` under the text, and sets the exit code.
void tell_verdict(Cli& cli, const Verdict& verdict, const std::string& and_then = "");

}  // namespace cpl
