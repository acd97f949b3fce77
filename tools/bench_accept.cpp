// Additions with two signatures, over HTTP, durable and published before they are answered.
#include "tools/bench.hpp"
#include "tools/bench_load.hpp"
#include "tools/sample.hpp"

namespace cpl::bench {
namespace {

constexpr std::size_t per_round = 2500;
constexpr std::size_t connections = 64;
constexpr std::size_t at_half_rate_max = 6000;
constexpr double at_half_rate_seconds = 4;
constexpr std::chrono::milliseconds calibration{500};
constexpr double ratio_target = 0.60;
constexpr double processor_target = 1 / ratio_target;
constexpr double p99_ms_target = 50;
constexpr double signatures_per_addition = 2;

Result<void> expect_created(const LoadResult& result, std::size_t count) {
  const auto created = result.statuses.find(201);
  if (created != result.statuses.end() && created->second == count) return {};
  std::string statuses;
  for (const auto& [status, times] : result.statuses) {
    statuses += " " + std::to_string(status) + " (" + std::to_string(times) + " times)";
  }
  return Error{Errc::unavailable, "not-accepted",
               "additions were not all accepted; the answers were" + statuses};
}

std::vector<Bytes> addition_requests(const Bench& bench, std::size_t count) {
  constexpr std::uint64_t seed = 7;
  const auto models = sample_models(count, seed, Date::of(SystemClock().now()));
  std::vector<Bytes> requests;
  for (const Bytes& note : sign_additions(models, bench.people, bench.options.threads)) {
    requests.push_back(post_request("/v1/statements", note));
  }
  return requests;
}

struct Figures {
  Figure rate{"accept.rate",
              "Additions with two Ed25519 signatures over HTTP, durable and published before the "
              "answer, 64 connections; the client shares the machine.",
              "/s",
              {},
              "half the signature checks of all cores",
              {},
              Target{Bound::at_least, ratio_target}};
  Figure processor{"accept.processor",
                   "Processor time for one addition, its client's included.",
                   "us",
                   {},
                   "its two signature checks",
                   {},
                   Target{Bound::at_most, processor_target}};
  Figure syncs{"accept.fdatasync",
               "Appends of 4 KiB made durable one by one, beside the above.",
               "/s",
               {},
               {},
               {},
               {}};
};

// One round, with the limit measured before and after it.
Result<void> measure_round(const Bench& bench, const Load& load, Figures& figures) {
  const auto count = static_cast<double>(load.requests.size());
  const VerificationRate before = measure_verifications(bench.options.threads, calibration);
  const double processor_start = processor_seconds();
  const LoadResult result = TRY(run_load(load));
  const double used = processor_seconds() - processor_start;
  TRY_VOID(expect_created(result, load.requests.size()));
  const VerificationRate after = measure_verifications(bench.options.threads, calibration);
  figures.rate.values.push_back(count / result.seconds);
  figures.rate.limits.push_back((before.per_second + after.per_second) / 2 /
                                signatures_per_addition);
  figures.processor.values.push_back(used / count * 1e6);
  figures.processor.limits.push_back(signatures_per_addition * 2e6 /
                                     (before.per_processor_second + after.per_processor_second));
  figures.syncs.values.push_back(syncs_per_second(bench.folder, calibration));
  return {};
}

}  // namespace

Result<void> measure_accept(Bench& bench) {
  const std::filesystem::path folder = bench.folder / "accept";
  std::filesystem::create_directories(folder);
  const std::size_t closed = bench.options.rounds * per_round;
  const auto requests = addition_requests(bench, closed + at_half_rate_max);
  const std::span<const Bytes> all(requests);
  const auto registry = TRY(RunningRegistry::start(folder, bench.people, bench.options.threads));
  Load load{registry->port(), {}, connections, bench.options.threads, {}};

  Figures figures;
  for (std::size_t round = 0; round < bench.options.rounds; ++round) {
    load.requests = all.subspan(round * per_round, per_round);
    TRY_VOID(measure_round(bench, load, figures));
  }
  const double half = median(figures.rate.values) / 2;
  bench.report.add(std::move(figures.rate));
  bench.report.add(std::move(figures.processor));
  bench.report.add(std::move(figures.syncs));

  const auto count =
      std::min(at_half_rate_max, static_cast<std::size_t>(half * at_half_rate_seconds));
  load.requests = all.subspan(closed, count);
  load.rate = half;
  const LoadResult open = TRY(run_load(load));
  TRY_VOID(expect_created(open, count));
  bench.report.add({"accept.p50",
                    "Latency at half that rate, from when each request was due.",
                    "ms",
                    {quantile(open.latencies_ms, 0.50)},
                    {},
                    {},
                    {}});
  bench.report.add({"accept.p99",
                    "The same; 99 of 100 are faster.",
                    "ms",
                    {quantile(open.latencies_ms, 0.99)},
                    {},
                    {},
                    Target{Bound::at_most, p99_ms_target}});
  check(registry->view()->size().value == 1 + closed + count);
  return {};
}

}  // namespace cpl::bench
