#include "tools/cpl/time_options.hpp"

#include "crypto/encoding.hpp"
#include "registry/base/london.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/told.hpp"

namespace cpl {
namespace {

constexpr std::array<std::pair<char, std::uint64_t>, 4> units = {
    {{'d', 86'400}, {'h', 3'600}, {'m', 60}, {'s', 1}}};
constexpr std::uint64_t millis_per_day = 86'400'000;

std::optional<std::uint64_t> parse_duration(const std::string& text) {
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  const auto number = from_decimal(std::string_view(text).substr(0, text.size() - 1));
  if (!number || *number > 1'000'000'000) return std::nullopt;
  for (const auto& [unit, seconds] : units) {
    if (text.back() == unit) return *number * seconds;
  }
  return std::nullopt;
}

Result<UnixMillis> time_of_entry(const HttpClient& client, std::uint64_t index) {
  const Json answer =
      TRY(client.get_json("/v1/entries?from=" + std::to_string(index) + "&limit=1"));
  const std::vector<Json> rows = TRY(rows_of(answer, "entries"));
  if (rows.empty() || text_of(rows.front(), "index") != std::to_string(index)) {
    return evidence_mismatch("the registry does not show entry " + std::to_string(index));
  }
  const auto time = parse_time_millis(text_of(rows.front(), "time"));
  if (!time) return answer_malformed("the registry's entry has no time");
  return *time;
}

}  // namespace

std::string duration_words(std::uint64_t seconds) {
  for (const auto& [unit, length] : units) {
    if (seconds >= length && seconds % length == 0) return std::to_string(seconds / length) + unit;
  }
  return "0";
}

CLI::Option* take_duration(CLI::Option* option, std::uint64_t seconds_by_default) {
  const CLI::Validator duration(
      [](std::string& given) -> std::string {
        const auto seconds = parse_duration(given);
        if (!seconds)
          return "\"" + printable(given) + "\" is not a duration such as 60s, 5m, 24h or 7d";
        given = std::to_string(*seconds);
        return {};
      },
      "", "duration");
  if (seconds_by_default > 0) option->default_str(duration_words(seconds_by_default));
  return option->type_name("DURATION")->transform(duration);
}

Result<UnixMillis> read_at_time(const std::string& text, UnixMillis now) {
  if (const auto time = parse_time(text)) return *time;
  if (const auto time = parse_time_millis(text)) return *time;
  const auto day = Date::parse(text);
  if (!day) {
    return malformed("time-malformed", "\"" + printable(text) +
                                           "\" is not a time such as 2026-07-09T10:15:30Z, or a "
                                           "day such as 2026-07-09");
  }
  // Noon of the day after is in it whatever the clocks do.
  const UnixMillis after{day->midnight().value + millis_per_day + millis_per_day / 2};
  const UnixMillis end{london_midnight(london_day(after)).value - 1};
  return std::min(end, now);
}

Result<std::uint64_t> size_at_time(const HttpClient& client, UnixMillis time) {
  const Json newest = TRY(client.get_json("/v1/models?limit=1"));
  std::uint64_t low = 0;
  std::uint64_t high = TRY(number_in(newest, "log_size"));
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (TRY(time_of_entry(client, middle)) <= time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

void add_at_options(CLI::App& command, AtOptions& options) {
  CLI::Option* size =
      command.add_option("--at-size", options.size, "As it was when the log had this many entries");
  command
      .add_option(
          "--at-time", options.time,
          "As it was at this time, 2026-07-09T10:15:30Z, or at the end of a day, 2026-07-09")
      ->type_name("TIME")
      ->excludes(size);
}

Result<std::optional<std::uint64_t>> size_asked(const Cli& cli, const HttpClient& client,
                                                const AtOptions& options) {
  if (options.time.empty()) return options.size;
  const UnixMillis time = TRY(read_at_time(options.time, cli.clock.now()));
  return std::optional(TRY(size_at_time(client, time)));
}

}  // namespace cpl
