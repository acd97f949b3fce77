// How fast notices go out: signed deliveries beside a bare client that posts the same octets, and
// how soon all others are told of a removal while some receivers hang.
#include "tools/bench/load.hpp"
#include "tools/bench/parties.hpp"
#include "tools/bench/poster.hpp"

namespace cpl::bench {
namespace {

constexpr std::size_t parties_of_rate = 50;
constexpr std::size_t events_of_rate = 200;  // To each, in each round.
constexpr double rate_target = 2'000;
constexpr std::size_t parties_of_removal = 500;
constexpr std::size_t hanging = parties_of_removal / 10;
constexpr double removal_ms_target = 2'000;

// That the last Party could check what it was sent, by both signatures.
Result<void> check_signatures(const std::vector<Received>& deliveries, const WebhookKeys& keys) {
  const auto verifier = TRY(WebhookVerifier::parse(keys.secret_text(), keys.public_key_text()));
  const std::uint64_t now = SystemClock().now().value / 1000;
  for (const Received& one : deliveries) {
    TRY_VOID(verifier.verify(one.id, one.timestamp, one.signature, one.body, now));
  }
  return {};
}

Result<double> measure_signed(Parties& parties) {
  const EntryIndex first{1};
  const auto start = Clock::now();
  parties.receiver().expect(first);
  TRY_VOID(parties.replay(first));
  const std::uint64_t all = parties.count() * events_of_rate;
  TRY_VOID(parties.receiver().await(all, patience));
  return static_cast<double>(all) / seconds_since(start);
}

Result<void> measure_rate(Bench& bench) {
  const auto parties = TRY(Parties::open(bench, "deliveries", parties_of_rate, events_of_rate));
  TRY_VOID(parties->append_additions(events_of_rate));
  TRY_VOID(parties->start());
  TRY_VOID(parties->subscribe());
  std::vector<double> rates;
  std::vector<double> bare;
  for (std::size_t round = 0; round < bench.options.rounds; ++round) {
    rates.push_back(TRY(measure_signed(*parties)));
    const auto deliveries = parties->receiver().kept();
    TRY_VOID(check_signatures(deliveries, parties->last_keys()));
    bare.push_back(
        TRY(post_bare(parties->receiver(), parties->certificate(), parties->count(), deliveries)));
  }
  const std::string to = std::to_string(parties_of_rate) +
                         " Parties' receivers over TLS, on kept connections, one delivery at a "
                         "time to each.";
  bench.report.add({"deliveries.signed",
                    "Webhook deliveries with both signatures (v1 and v1a), their cursors stored, "
                    "to " +
                        to,
                    "/s",
                    rates,
                    {},
                    {},
                    Target{Bound::at_least, rate_target}});
  bench.report.add({"deliveries.beside_beast",
                    "The same beside the same octets unsigned.",
                    "/s",
                    rates,
                    "a bare Beast client's",
                    bare,
                    {}});
  return {};
}

// From sending the removal to the service until the last receiver that answers was told. Nobody has
// a connection yet: nothing was delivered since the service was started.
Result<double> measure_removal(Bench& bench, std::size_t round) {
  const auto parties =
      TRY(Parties::open(bench, "removal-" + std::to_string(round), parties_of_removal, 1));
  TRY_VOID(parties->append_additions(1));
  const EntryIndex decision{2};
  const auto notes = removal_notes(bench.people, parties->models()[0].id(), decision);
  const EntryIndex removal{decision.value + notes_before_removal};
  TRY_VOID(parties->append({notes.begin(), notes.begin() + notes_before_removal}));
  TRY_VOID(parties->start());
  TRY_VOID(parties->subscribe());
  parties->stop();
  TRY_VOID(parties->start());
  parties->receiver().hang(hanging);
  parties->receiver().expect(removal);
  const Bytes request = post_request("/v1/statements", notes[notes_before_removal]);
  TRY_VOID(post(parties->registry().port(), request, 201));
  TRY_VOID(parties->receiver().await(parties_of_removal - hanging, patience));
  return quantile(parties->receiver().latencies_ms(), 1);
}

}  // namespace

Result<void> measure_deliveries(Bench& bench) {
  TRY_VOID(measure_rate(bench));
  Figure told{"deliveries.removal",
              "From sending a removal until the last of " +
                  std::to_string(parties_of_removal - hanging) +
                  " Parties had its first attempt, "
                  "while " +
                  std::to_string(hanging) +
                  " more take the request and never answer; "
                  "no connection is open at the start.",
              "ms",
              {},
              {},
              {},
              Target{Bound::at_most, removal_ms_target}};
  for (std::size_t round = 0; round < bench.options.rounds; ++round) {
    told.values.push_back(TRY(measure_removal(bench, round)));
  }
  bench.report.add(std::move(told));
  return {};
}

}  // namespace cpl::bench
