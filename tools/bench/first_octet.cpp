// How long a subscriber waits: from sending a statement to the service, which checks it, makes it
// durable and signs, until its event is there, read whole.
#include <poll.h>

#include "tools/bench/load.hpp"
#include "tools/bench/parties.hpp"
#include "tools/bench/subscribers.hpp"

namespace cpl::bench {
namespace {

constexpr std::size_t subscribers = 10;  // By stream, and as many by webhook.
constexpr std::size_t statements = 500;  // Of a round.
constexpr std::chrono::milliseconds pause{20};
constexpr double latency_ms_target = 50;
const std::string mark = "\"summary\":\"Added";

struct Latencies {
  std::vector<double> streams;
  std::vector<double> webhooks;
};

void add(std::vector<double>& all, const std::vector<double>& some) {
  all.insert(all.end(), some.begin(), some.end());
}

Result<void> tell(Parties& parties, Subscribers& streams, Latencies& latencies) {
  const Bytes request = post_request("/v1/statements", parties.next_addition());
  const EntryIndex entry{parties.registry().view()->size().value};
  streams.expect();
  parties.receiver().expect(entry);
  TRY_VOID(post(parties.registry().port(), request, 201));
  TRY_VOID(streams.await(1, patience));
  TRY_VOID(parties.receiver().await(parties.count(), patience));
  add(latencies.streams, streams.latencies_ms());
  add(latencies.webhooks, parties.receiver().latencies_ms());
  return {};
}

}  // namespace

Result<void> measure_first_octet(Bench& bench) {
  const auto parties =
      TRY(Parties::open(bench, "first-octet", subscribers, statements * bench.options.rounds));
  TRY_VOID(parties->start());
  TRY_VOID(parties->subscribe());
  const auto streams = TRY(
      Subscribers::connect(parties->registry().port(), "/v1/changes/stream", mark, subscribers));
  const Target target{Bound::at_most, latency_ms_target};
  const std::string of = " of " + std::to_string(statements) + " statements, 99th percentile.";
  Figure by_stream{"first_octet.stream",
                   "From sending a statement to its event at each of " +
                       std::to_string(subscribers) + " streams," + of,
                   "ms",
                   {},
                   {},
                   {},
                   target};
  Figure by_webhook{"first_octet.webhook",
                    "The same at each of " + std::to_string(subscribers) + " webhooks.",
                    "ms",
                    {},
                    {},
                    {},
                    target};
  for (std::size_t round = 0; round < bench.options.rounds; ++round) {
    Latencies latencies;
    for (std::size_t i = 0; i < statements; ++i) {
      TRY_VOID(tell(*parties, *streams, latencies));
      ::poll(nullptr, 0, static_cast<int>(pause.count()));
    }
    by_stream.values.push_back(quantile(std::move(latencies.streams), 0.99));
    by_webhook.values.push_back(quantile(std::move(latencies.webhooks), 0.99));
  }
  bench.report.add(std::move(by_stream));
  bench.report.add(std::move(by_webhook));
  return {};
}

}  // namespace cpl::bench
