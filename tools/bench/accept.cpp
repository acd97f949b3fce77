// Additions with two signatures, over HTTP, durable and published before they are answered.
#include <nlohmann/json.hpp>

#include "tools/bench/bench.hpp"
#include "tools/bench/load.hpp"
#include "tools/shared/sample.hpp"

namespace cpl::bench {
namespace {

constexpr std::size_t per_round = 8000;   // So many that the first and the last count for little.
constexpr std::size_t connections = 256;  // With 64 the cores wait for the client now and then.
constexpr std::size_t batched_per_round = 5000;
constexpr std::size_t per_batch = 100;
constexpr std::size_t batched_connections = 8;
constexpr std::size_t at_half_rate_max = 6000;
constexpr double at_half_rate_seconds = 4;
constexpr std::chrono::milliseconds accept_calibration{500};
constexpr double ratio_target = 0.60;
constexpr double processor_target = 1 / ratio_target;
constexpr double p99_ms_target = 50;
constexpr double signatures_per_addition = 2;

Result<void> expect_answers(const LoadResult& result, unsigned status, std::size_t count) {
  const auto expected = result.statuses.find(status);
  if (expected != result.statuses.end() && expected->second == count) return {};
  std::string statuses;
  for (const auto& [answered, times] : result.statuses) {
    statuses += " " + std::to_string(answered) + " (" + std::to_string(times) + " times)";
  }
  return Error{Errc::unavailable, "not-accepted",
               "additions were not all accepted; the answers were" + statuses};
}

std::vector<Bytes> addition_notes(const Bench& bench, std::size_t count) {
  constexpr std::uint64_t seed = 7;
  const auto models = sample_models(count, seed, Date::of(SystemClock().now()));
  return sign_additions(models, bench.people, bench.options.threads);
}

std::vector<Bytes> one_by_one(std::span<const Bytes> notes) {
  std::vector<Bytes> requests;
  for (const Bytes& note : notes) requests.push_back(post_request("/v1/statements", note));
  return requests;
}

std::vector<Bytes> in_batches(std::span<const Bytes> notes) {
  std::vector<Bytes> requests;
  for (; !notes.empty(); notes = notes.subspan(std::min(per_batch, notes.size()))) {
    Json batch = Json::array();
    for (const Bytes& note : notes.first(std::min(per_batch, notes.size()))) batch.push_back(note);
    requests.push_back(post_request("/v1/statements/batch", Json{{"statements", batch}}.dump(),
                                    "application/json"));
  }
  return requests;
}

struct Figures {
  Figure rate;
  Figure processor;

  // `how` ends the name and the sentence of each.
  Figures(const std::string& name, const std::string& how)
      : rate{name + ".rate",
             "Additions with two Ed25519 signatures over HTTP, durable and published before the "
             "answer, " +
                 how + "; the client shares the machine.",
             "/s",
             {},
             "half the signature checks of all cores",
             {},
             Target{Bound::at_least, ratio_target}},
        processor{name + ".processor",
                  "Processor time for one addition, its client's included.",
                  "us",
                  {},
                  "its two signature checks",
                  {},
                  Target{Bound::at_most, processor_target}} {}
};

// One round, with the limit measured before and after it.
Result<void> measure_round(const Bench& bench, const Load& load, unsigned status, double additions,
                           Figures& figures) {
  const VerificationRate before = measure_verifications(bench.options.threads, accept_calibration);
  const double processor_start = processor_seconds();
  const LoadResult result = TRY(run_load(load));
  const double used = processor_seconds() - processor_start;
  TRY_VOID(expect_answers(result, status, load.requests.size()));
  const VerificationRate after = measure_verifications(bench.options.threads, accept_calibration);
  figures.rate.values.push_back(additions / result.seconds);
  figures.rate.limits.push_back((before.per_second + after.per_second) / 2 /
                                signatures_per_addition);
  figures.processor.values.push_back(used / additions * 1e6);
  figures.processor.limits.push_back(signatures_per_addition * 2e6 /
                                     (before.per_processor_second + after.per_processor_second));
  return {};
}

// Latency at half the rate that was reached.
Result<void> measure_half_rate(Bench& bench, Load load, double half, std::span<const Bytes> notes) {
  const auto requests = one_by_one(notes);
  load.requests = requests;
  load.rate = half;
  const LoadResult open = TRY(run_load(load));
  TRY_VOID(expect_answers(open, 201, notes.size()));
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
  return {};
}

}  // namespace

Result<void> measure_accept(Bench& bench) {
  const std::filesystem::path folder = bench.folder / "accept";
  std::filesystem::create_directories(folder);
  const std::size_t closed = bench.options.rounds * (per_round + batched_per_round);
  const auto notes = addition_notes(bench, closed + at_half_rate_max);
  std::span<const Bytes> left(notes);
  const auto take = [&](std::size_t count) {
    const auto taken = left.first(count);
    left = left.subspan(count);
    return taken;
  };
  const auto registry = TRY(RunningRegistry::start(folder, bench.people, bench.options.threads));
  Load load{registry->port(), {}, connections, bench.options.threads, {}};
  Load batched{registry->port(), {}, batched_connections, bench.options.threads, {}};

  Figures single("accept", std::to_string(connections) + " connections");
  Figures many("accept.batched", std::to_string(per_batch) + " to a request, " +
                                     std::to_string(batched_connections) + " connections");
  Figure syncs{"accept.fdatasync",
               "Appends of 4 KiB made durable one by one, beside the above.",
               "/s",
               {},
               {},
               {},
               {}};
  for (std::size_t round = 0; round < bench.options.rounds; ++round) {
    const auto requests = one_by_one(take(per_round));
    load.requests = requests;
    TRY_VOID(measure_round(bench, load, 201, per_round, single));
    const auto batches = in_batches(take(batched_per_round));
    batched.requests = batches;
    TRY_VOID(measure_round(bench, batched, 200, batched_per_round, many));
    syncs.values.push_back(syncs_per_second(bench.folder, accept_calibration));
  }
  const double half = median(single.rate.values) / 2;
  for (Figures* figures : {&single, &many}) {
    bench.report.add(std::move(figures->rate));
    bench.report.add(std::move(figures->processor));
  }
  bench.report.add(std::move(syncs));

  const auto count =
      std::min(at_half_rate_max, static_cast<std::size_t>(half * at_half_rate_seconds));
  TRY_VOID(measure_half_rate(bench, load, half, take(count)));
  check(registry->view()->size().value == 1 + closed + count);
  return {};
}

}  // namespace cpl::bench
