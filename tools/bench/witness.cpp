// How long after its tick a checkpoint is published with the quorum of three real witnesses, each
// an HTTP server of this process with its memory on disk.
#include "api/routes/witness_api.hpp"
#include "crypto/mutex.hpp"
#include "notifier/cosign/cosigner.hpp"
#include "notifier/send/http_transport.hpp"
#include "registry/witness/witness_store.hpp"
#include "tools/bench/bench.hpp"
#include "tools/shared/sample.hpp"

namespace cpl::bench {
namespace {

constexpr std::size_t ticks = 100;  // Of a round.
constexpr double cosigned_ms_target = 100;
constexpr std::uint64_t witness_seed = 11;

// On disk, behind HTTP.
class ServedWitness {
 public:
  static Result<std::unique_ptr<ServedWitness>> start(const std::filesystem::path& folder,
                                                      const std::string& name,
                                                      const NoteVerifier& log_key) {
    std::unique_ptr<ServedWitness> served(new ServedWitness);
    served->name_ = name;
    served->store_ = TRY(open_witness_folder(folder));
    NoteSigner key = TRY(NoteSigner::create_cosigner(name + ".example",
                                                     PrivateKey::generate(KeyAlgorithm::ed25519)));
    served->witness_ =
        TRY(Witness::open(std::move(key), {log_key}, *served->store_, served->clock_));
    ServerOptions options;
    options.threads = 1;
    served->server_ =
        TRY(Server::start(options, [witness = served->witness_.get()](const HttpRequest& request,
                                                                      const HttpReply& reply) {
          reply(answer_as_witness(*witness, request));
        }));
    return served;
  }
  std::string policy_line() const {
    return "witness " + name_ + " " + witness_->verifier().to_string() +
           " http://127.0.0.1:" + std::to_string(server_->port()) + "\n";
  }

 private:
  ServedWitness() = default;

  std::string name_;
  SystemClock clock_;
  std::unique_ptr<WitnessStore> store_;
  std::unique_ptr<Witness> witness_;
  std::unique_ptr<Server> server_;
};

// Tells when an answer has come, so that the measurement can make the cosigner's next pass.
class ToldTransport final : public Transport {
 public:
  explicit ToldTransport(Transport& transport) : transport_(transport) {}
  void send(OutgoingMessage message, Done done) override {
    transport_.send(std::move(message), [this, done](Result<Delivered> result) {
      done(std::move(result));
      const Lock lock(mutex_);
      ++answers_;
      told_.notify_all();
    });
  }
  void wait() {
    Lock lock(mutex_);
    told_.wait(lock, [&] { return answers_ > 0; });
    answers_ = 0;
  }

 private:
  Transport& transport_;
  Mutex mutex_;
  Condition told_;
  std::size_t answers_ = 0;  // Guarded by mutex_.
};

// From the tick to the publication, and on until the round has ended.
Result<double> measure_tick(Cosigner& cosigner, const Publication& publication,
                            ToldTransport& transport, TreeSize size) {
  std::optional<double> milliseconds;
  const auto start = Clock::now();
  const auto ended = [&] {
    const auto witnesses = cosigner.stats().witnesses;
    return std::all_of(witnesses.begin(), witnesses.end(),
                       [&](const WitnessStatus& one) { return one.last_size == size; });
  };
  for (cosigner.run_once(); !milliseconds || !ended(); cosigner.run_once()) {
    transport.wait();
    cosigner.run_once();
    for (const WitnessStatus& one : cosigner.stats().witnesses) {
      if (one.failures > 0) return refuse("witness-failed", one.last_failure);
    }
    if (!milliseconds && publication.view()->size() == size) {
      milliseconds = seconds_since(start) * 1000;
    }
  }
  return *milliseconds;
}

}  // namespace

Result<void> measure_witness(Bench& bench) {
  const auto folder = bench.folder / "witness";
  std::filesystem::create_directories(folder);
  const auto open = TRY(open_log(folder, bench.people));
  const NoteVerifier& log_key = bench.people.log.verifier();
  std::vector<std::unique_ptr<ServedWitness>> witnesses;
  std::string text = "log " + log_key.to_string() + "\n";
  for (const std::string name : {"a", "b", "c"}) {
    witnesses.push_back(TRY(ServedWitness::start(folder / name, name, log_key)));
    text += witnesses.back()->policy_line();
  }
  TrustPolicy policy = TRY(TrustPolicy::parse(text + "group all all a b c\nquorum all\n"));
  HttpTransportOptions transport_options;
  transport_options.rules.lab_mode = true;
  const auto http = TRY(HttpTransport::create(transport_options));
  ToldTransport transport(*http);
  const auto publication = TRY(Publication::open(*open->log, *open->store, log_key));
  CosignerOptions options;
  options.interval = std::chrono::milliseconds(0);  // The measurement is the clock.
  Cosigner cosigner(*open->log, *publication, transport, open->clock, std::move(policy), options,
                    [] {});
  TRY_VOID(append(*open->log, {sign(bench.people.charter(), bench.people.panel)}, 1));
  Figure cosigned{"witness.cosigned",
                  "From the tick until a checkpoint with the quorum of three witnesses, over HTTP "
                  "on the loopback, each with its memory on disk, is published; 99th percentile.",
                  "ms",
                  {},
                  {},
                  {},
                  Target{Bound::at_most, cosigned_ms_target}};
  SampleList list(ticks * bench.options.rounds, witness_seed, Date::of(open->clock.now()));
  for (std::size_t round = 0; round < bench.options.rounds; ++round) {
    std::vector<double> times;
    for (std::size_t tick = 0; tick < ticks; ++tick) {
      TRY_VOID(append(*open->log, sign_additions({*list.next()}, bench.people, 1), 1));
      times.push_back(
          TRY(measure_tick(cosigner, *publication, transport, open->log->view()->size())));
    }
    cosigned.values.push_back(quantile(std::move(times), 0.99));
  }
  http->stop();
  bench.report.add(std::move(cosigned));
  return {};
}

}  // namespace cpl::bench
