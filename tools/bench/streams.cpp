// What one publication costs when many read the stream of changes, beside nginx with nchan: the
// same octets, the same readers, in turn. Ours is published by a statement that is checked, signed
// and made durable first; nchan's is posted into its memory.
#include <unistd.h>

#include "tools/bench/bench.hpp"
#include "tools/bench/load.hpp"
#include "tools/bench/service.hpp"
#include "tools/bench/subscribers.hpp"
#include "tools/shared/sample.hpp"

namespace cpl::bench {
namespace {

constexpr std::size_t models_needed = 2'000;
constexpr std::uint64_t publications = 12;  // Of each server, in each round.
constexpr std::size_t readers_of_memory = 2'000;
constexpr std::uint64_t publications_of_memory = 300;
constexpr std::chrono::milliseconds patience{60'000};
constexpr double rate_target = 1.0;
constexpr double latency_target = 1.0;
constexpr double kibibytes_target = 14;
constexpr double stalled_mebibytes_target = 20;
const std::string added_mark = "\"summary\":\"Added";

// A server that readers are connected to, and how to tell them something.
struct Side {
  std::uint16_t port = 0;
  std::unique_ptr<Subscribers> readers;
  std::function<Result<void>()> publish;

  std::vector<double> rates = {};
  std::vector<double> medians_ms = {};
  std::vector<double> tails_ms = {};
};

// Each publication only when everybody has the one before.
Result<void> measure_round(Side& side, std::size_t readers) {
  std::vector<double> latencies_ms;
  double seconds = 0;
  for (std::uint64_t i = 0; i < publications; ++i) {
    const auto start = Clock::now();
    side.readers->expect();
    TRY_VOID(side.publish());
    TRY_VOID(side.readers->await(1, patience));
    seconds += seconds_since(start);
    const auto of_one = side.readers->latencies_ms();
    latencies_ms.insert(latencies_ms.end(), of_one.begin(), of_one.end());
  }
  side.rates.push_back(static_cast<double>(readers * publications) / seconds);
  side.medians_ms.push_back(median(latencies_ms));
  side.tails_ms.push_back(quantile(latencies_ms, 0.99));
  return {};
}

class StreamBench {
 public:
  explicit StreamBench(Bench& bench) : bench_(bench), folder_(bench.folder / "streams") {}

  Result<void> run() {
    TRY_VOID(prepare());
    const auto nginx = find_program("nginx");
    const std::filesystem::path module = "/usr/lib/nginx/modules/ngx_nchan_module.so";
    if (!nginx || !std::filesystem::exists(module)) {
      bench_.report.skip("streams", "nginx with libnginx-mod-nchan is not installed");
    } else {
      const std::uint16_t port = free_port();
      const auto nchan = TRY(start_nchan(*nginx, module, folder_ / "nchan", port));
      for (const std::size_t readers : {500U, 2'000U, 8'000U}) {
        TRY_VOID(compare(readers, port));
      }
    }
    return measure_stalled();
  }

 private:
  Result<void> prepare() {
    std::filesystem::create_directories(folder_);
    SampleList list(models_needed, 7, Date::of(SystemClock().now()));
    std::vector<DeviceModel> models;
    while (models.size() < models_needed) models.push_back(*list.next());
    notes_ = sign_additions(models, bench_.people, bench_.options.threads);
    {
      const auto open = TRY(open_log(folder_, bench_.people));
      TRY_VOID(append(*open->log, {sign(bench_.people.charter(), bench_.people.panel)}, 1));
    }
    port_ = free_port();
    cpld_ = TRY(start_cpld(bench_, folder_, folder_ / "service", port_));
    TRY_VOID(publish());
    // What nchan is given to say: the octets that we say.
    const Bytes page = TRY(fetch(port_, "/v1/changes"));
    const auto begin = page.find('[') + 1;
    message_ = page.substr(begin, page.find("],\"cursor\"") - begin);
    return {};
  }

  Result<void> publish() {
    check(next_ < notes_.size());
    return post(port_, post_request("/v1/statements", notes_[next_++]), 201);
  }

  Result<void> compare(std::size_t readers, std::uint16_t nchan_port) {
    const double before = resident_mebibytes(cpld_->id());
    auto our_readers = TRY(Subscribers::connect(port_, "/v1/changes/stream", added_mark, readers));
    Side ours{port_, std::move(our_readers), [this] { return publish(); }};
    const double after = resident_mebibytes(cpld_->id());
    const Bytes request = post_request("/pub", message_);
    auto their_readers = TRY(Subscribers::connect(nchan_port, "/sub", added_mark, readers));
    Side theirs{nchan_port, std::move(their_readers), [&]() -> Result<void> {
                  // 201 or 202: with or without a reader at that moment.
                  return post(nchan_port, request, 201);
                }};
    for (std::size_t round = 0; round < bench_.options.rounds; ++round) {
      TRY_VOID(measure_round(ours, readers));
      TRY_VOID(measure_round(theirs, readers));
    }
    const std::string name = "streams." + std::to_string(readers);
    const std::string to = " to " + std::to_string(readers) + " readers";
    const std::string peer = "nginx with nchan's";
    bench_.report.add({name + ".rate", "Deliveries" + to + ".", "/s", ours.rates, peer,
                       theirs.rates, Target{Bound::at_least, rate_target}});
    bench_.report.add({name + ".p50",
                       "From sending the statement to its event, median" + to + ".",
                       "ms",
                       ours.medians_ms,
                       peer,
                       theirs.medians_ms,
                       {}});
    bench_.report.add({name + ".p99", "The same, 99th percentile.", "ms", ours.tails_ms, peer,
                       theirs.tails_ms, Target{Bound::at_most, latency_target}});
    bench_.report.add({name + ".memory",
                       "Resident memory of cpld for each reader.",
                       "KiB",
                       {(after - before) * 1024 / static_cast<double>(readers)},
                       {},
                       {},
                       Target{Bound::at_most, kibibytes_target}});
    return {};
  }

  Result<void> measure_stalled() {
    const std::size_t stalled = readers_of_memory / 20;
    const auto readers = TRY(
        Subscribers::connect(port_, "/v1/changes/stream", added_mark, readers_of_memory, stalled));
    readers->expect();
    TRY_VOID(publish());
    TRY_VOID(readers->await(1, patience));
    const double before = resident_mebibytes(cpld_->id());
    readers->expect();
    for (std::uint64_t i = 0; i < publications_of_memory; ++i) TRY_VOID(publish());
    TRY_VOID(readers->await(publications_of_memory, patience));
    const double after = resident_mebibytes(cpld_->id());
    bench_.report.add({"streams.stalled",
                       "Growth of cpld over " + std::to_string(publications_of_memory) +
                           " publications while 1 of 20 readers takes nothing.",
                       "MiB",
                       {after - before},
                       {},
                       {},
                       Target{Bound::at_most, stalled_mebibytes_target}});
    return {};
  }

  Bench& bench_;
  const std::filesystem::path folder_;
  std::vector<Bytes> notes_;
  std::size_t next_ = 0;
  std::uint16_t port_ = 0;
  std::unique_ptr<Child> cpld_;
  Bytes message_;
};

}  // namespace

Result<void> measure_streams(Bench& bench) {
  if (access(bench.options.cpld.c_str(), X_OK) != 0) {
    bench.report.skip("streams", bench.options.cpld.string() + " cannot be run; see --cpld");
    return {};
  }
  return StreamBench(bench).run();
}

}  // namespace cpl::bench
