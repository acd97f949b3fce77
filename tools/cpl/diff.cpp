// cpl diff: what changed on the list from one day to another.
#include "crypto/encoding.hpp"
#include "registry/statement/statement.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/entry_range.hpp"

namespace cpl {
namespace {

struct DiffOptions {
  std::string since;
  std::string until;
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kinds = {
    {{"addition", "added"},
     {"removal", "removed"},
     {"reinstatement", "reinstated"},
     {"correction", "corrected"},
     {"certificate", "certificates changed"}}};

Result<void> show_difference(const Cli& cli, const DiffOptions& options) {
  const HttpClient client = cli.client();
  const EntryRange range =
      TRY(range_between(client, options.since, options.until, cli.clock.now()));
  std::map<std::string, std::size_t> counts;
  Json changes = Json::array();
  std::string text;
  TRY_VOID(for_each_entry(client, range, [&](const Json& entry) {
    const std::string type = text_of(entry, "type");
    for (const auto& [kind, what] : kinds) {
      if (kind != type) continue;
      ++counts[type];
      changes.push_back({{"entry", entry.value("index", std::uint64_t{0})},
                         {"time", text_of(entry, "time")},
                         {"type", type},
                         {"summary", text_of(entry, "summary")}});
      text += column(text_of(entry, "index"), 8) + column(told_time(text_of(entry, "time")), 26) +
              in_uk_time(text_of(entry, "summary")) + "\n";
    }
  }));
  std::string sum;
  for (const auto& [kind, what] : kinds) {
    const auto count = counts.find(std::string(kind));
    if (count == counts.end()) continue;
    sum += (sum.empty() ? "" : ", ") + std::to_string(count->second) + " " + std::string(what);
  }
  text += (sum.empty() ? "nothing changed on the list" : sum) + "; " +
          counted(range.end - range.first, "entry") + " of the log, as the registry says";
  cli.print({{"first", range.first}, {"end", range.end}, {"changes", changes}}, text);
  return {};
}

}  // namespace

void add_diff_command(Cli& cli) {
  auto options = std::make_shared<DiffOptions>();
  CLI::App* diff = add_command(cli.app, "diff", "Show what changed on the list between two days",
                               "cpl diff 2026-11-01 2026-11-30");
  diff->add_option("since", options->since, "From the beginning of this day, or this time")
      ->required();
  diff->add_option("until", options->until,
                   "To the end of this day, or this time; now if left out");
  diff->callback([&cli, options] { cli.run([&] { return show_difference(cli, *options); }); });
}

}  // namespace cpl
