// What a restart has before it when everybody is far behind: how fast it drains, and that each
// subscriber gets every event, in order.
#include "tools/bench/parties.hpp"

namespace cpl::bench {
namespace {

constexpr std::size_t subscriptions = 500;
constexpr double rate_min = 100;  // Below that something is broken.

}  // namespace

Result<void> measure_backlog(Bench& bench) {
  const std::size_t behind = bench.options.backlog;
  const auto parties = TRY(Parties::open(bench, "backlog", subscriptions, behind));
  TRY_VOID(parties->start());
  TRY_VOID(parties->subscribe());
  const EntryIndex first{parties->registry().view()->size().value};
  parties->stop();
  TRY_VOID(parties->append_additions(behind));
  const std::uint64_t all = subscriptions * behind;
  const std::chrono::milliseconds time_max(all * 1000 / static_cast<std::uint64_t>(rate_min));
  parties->receiver().expect(first);
  const auto start = Clock::now();
  TRY_VOID(parties->start());
  TRY_VOID(parties->receiver().await(all, time_max + patience));
  const double seconds = seconds_since(start);
  const std::string what = std::to_string(subscriptions) + " subscriptions, " +
                           std::to_string(behind) + " events behind each, after a restart";
  bench.report.add({"backlog.drained",
                    what + ": until each had all of them, none missing, in order.",
                    "s",
                    {seconds},
                    {},
                    {},
                    {}});
  bench.report.add({"backlog.rate",
                    "The deliveries of that.",
                    "/s",
                    {static_cast<double>(all) / seconds},
                    {},
                    {},
                    {}});
  return {};
}

}  // namespace cpl::bench
