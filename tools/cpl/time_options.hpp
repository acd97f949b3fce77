// Times and durations as people type them.
#pragma once

#include <CLI/CLI.hpp>

#include "tools/cpl/cli.hpp"

namespace cpl {

inline constexpr std::uint64_t seconds_per_day = 86'400;

// The option takes 90s, 5m, 24h or 7d, and is given to the program in seconds.
CLI::Option* take_duration(CLI::Option* option, std::uint64_t seconds_by_default);
inline CLI::Option* take_duration(CLI::Option* option) { return take_duration(option, 0); }
// "24h"
std::string duration_words(std::uint64_t seconds);

// "2026-07-09T10:15:30Z", or a day, which means its end in the UK, and now if that is to come.
Result<UnixMillis> read_at_time(const std::string& text, UnixMillis now);
// How long the log was at that time, as the registry's entries say.
Result<std::uint64_t> size_at_time(const HttpClient& client, UnixMillis time);

// Options that say what the list or the log was like, and not is: at most one of them is given.
struct AtOptions {
  std::optional<std::uint64_t> size;
  std::string time;
};
void add_at_options(CLI::App& command, AtOptions& options);
// The log size that was asked for; nullopt if none was.
Result<std::optional<std::uint64_t>> size_asked(const Cli& cli, const HttpClient& client,
                                                const AtOptions& options);

}  // namespace cpl
