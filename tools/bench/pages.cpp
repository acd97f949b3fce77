// Pages that people look at: kept ones beside the JSON of the same facts under wrk, and what it
// takes to make one that is not kept.
#include "tools/bench/bench.hpp"
#include "tools/bench/load.hpp"
#include "tools/bench/peers.hpp"

namespace cpl::bench {
namespace {

constexpr int page_seconds = 2;
constexpr double kept_target = 0.9;
constexpr double made_millis_max = 0.5;
constexpr double list_millis_max = 2.0;
constexpr std::size_t pages_per_round = 200;

struct Pair {
  std::string name;
  std::string what;
  std::string page;
  std::string json;
  std::vector<double> pages;
  std::vector<double> jsons;
};

// Milliseconds for each of so many pages, none of which was asked for before.
Result<double> millis_each(std::uint16_t port, const std::vector<std::string>& targets) {
  const auto start = Clock::now();
  for (const std::string& target : targets) TRY(fetch(port, target));
  return seconds_since(start) * 1000 / static_cast<double>(targets.size());
}

std::vector<std::string> model_pages(const Prepared& prepared, std::size_t round) {
  std::vector<std::string> targets;
  for (std::size_t i = 0; i < pages_per_round; ++i) {
    const std::size_t at = (round * pages_per_round + i + 1) % prepared.ids.size();
    targets.push_back("/models/" + prepared.ids[at]);
  }
  return targets;
}

std::vector<std::string> list_pages(const Prepared& prepared, std::size_t round) {
  std::vector<std::string> targets;
  for (std::size_t i = 0; i < pages_per_round / 4; ++i) {
    const std::size_t at = (round * pages_per_round + i) % (prepared.ids.size() / 2);
    targets.push_back("/models?after=" + prepared.ids[at]);
  }
  return targets;
}

}  // namespace

Result<void> measure_pages(Bench& bench) {
  if (!find_program("wrk")) {
    bench.report.skip("pages", "wrk is not installed");
    return {};
  }
  const Prepared* prepared = TRY(bench.prepare());
  const auto registry =
      TRY(RunningRegistry::start(prepared->folder, bench.people, bench.options.threads));
  const std::string& id = prepared->ids.front();
  std::vector<Pair> pairs = {
      {"model", "A model's page, kept.", "/models/" + id, "/v1/models/" + id, {}, {}},
      {"list", "The list's first page, kept.", "/models", "/v1/models?limit=100", {}, {}}};
  std::vector<double> model_millis;
  std::vector<double> list_millis;
  for (std::size_t round = 0; round < bench.options.rounds; ++round) {
    for (Pair& pair : pairs) {
      pair.pages.push_back(TRY(run_wrk(registry->port(), pair.page, page_seconds)));
      pair.jsons.push_back(TRY(run_wrk(registry->port(), pair.json, page_seconds)));
    }
    model_millis.push_back(TRY(millis_each(registry->port(), model_pages(*prepared, round))));
    list_millis.push_back(TRY(millis_each(registry->port(), list_pages(*prepared, round))));
  }
  for (const Pair& pair : pairs) {
    bench.report.add({"pages." + pair.name, pair.what, "/s", pair.pages, "its JSON's", pair.jsons,
                      Target{Bound::at_least, kept_target}});
  }
  bench.report.add({"pages.model_made",
                    "A model's page that is not kept, with its request.",
                    "ms",
                    model_millis,
                    {},
                    {},
                    Target{Bound::at_most, made_millis_max}});
  bench.report.add({"pages.list_made",
                    "A hundred rows that are not kept, with their request.",
                    "ms",
                    list_millis,
                    {},
                    {},
                    Target{Bound::at_most, list_millis_max}});
  return {};
}

}  // namespace cpl::bench
