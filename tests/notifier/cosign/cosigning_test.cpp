// From end to end with real sockets: a registry's cosigner on its own thread and clock, and three
// witnesses that are served over HTTP.
#include "api/routes/witness_api.hpp"
#include "api/server/server.hpp"
#include "notifier/cosign/cosigner.hpp"
#include "notifier/send/http_transport.hpp"
#include "registry/witness/witness_store.hpp"
#include "tests/api/routes/api_fixture.hpp"
#include "tests/registry/log/witness_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::cosigning_test {
namespace {

constexpr std::chrono::seconds patience{20};  // Never reached unless something is wrong.

// A witness in its folder, on a port that stays its own across restarts.
class ServedWitness {
 public:
  ServedWitness(std::string name, const std::filesystem::path& folder)
      : name_(std::move(name)), folder_(folder / name_) {
    start();
  }
  void start() {
    auto store = open_witness_folder(folder_);
    REQUIRE(store);
    store_ = *std::move(store);
    witness_ = open_witness(cosigner_of(name_), {log_keys().log.verifier()}, *store_, clock_);
    ServerOptions options;
    options.port = port_;
    options.threads = 1;
    auto server = Server::start(options, [this](HttpRequest request, HttpReply reply) {
      reply(answer_as_witness(*witness_, request));
    });
    if (!server) FAIL(server.error().detail);
    server_ = *std::move(server);
    port_ = server_->port();
  }
  void stop() {
    server_.reset();
    witness_.reset();
    store_.reset();
  }
  std::string policy_line() const {
    return "witness " + name_ + " " + cosigner_of(name_).verifier().to_string() +
           " http://127.0.0.1:" + std::to_string(port_) + "\n";
  }

 private:
  const std::string name_;
  const std::filesystem::path folder_;
  const SystemClock clock_;
  std::uint16_t port_ = 0;
  std::unique_ptr<WitnessStore> store_;
  std::unique_ptr<Witness> witness_;
  std::unique_ptr<Server> server_;
};

// Wakes whoever waits each time something happened.
class Bell {
 public:
  void ring() {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  }
  bool wait_until(const std::function<bool()>& holds) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, holds);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

// Rings after each answer, and counts them.
class ObservedTransport final : public Transport {
 public:
  ObservedTransport(Transport& transport, Bell& bell) : transport_(transport), bell_(bell) {}
  void send(OutgoingMessage message, Done done) override {
    transport_.send(std::move(message), [this, done](Result<Delivered> result) {
      (result ? answered : failed) += 1;
      done(std::move(result));
      bell_.ring();
    });
  }
  std::atomic<int> answered = 0;
  std::atomic<int> failed = 0;

 private:
  Transport& transport_;
  Bell& bell_;
};

std::unique_ptr<HttpTransport> lab_transport() {
  HttpTransportOptions options;
  options.rules.lab_mode = true;
  options.attempt = std::chrono::seconds(5);
  options.stop_grace = std::chrono::milliseconds(0);
  auto transport = HttpTransport::create(options);
  REQUIRE(transport);
  return *std::move(transport);
}

// A registry whose cosigner runs.
struct Registry : TestApi {
  explicit Registry(const std::string& witness_lines)
      : policy(*TrustPolicy::parse("log " + log_keys().log.verifier().to_string() + "\n" +
                                   witness_lines + "group two 2 a b c\nquorum two\n")) {
    auto opened = Publication::open(*log, publications, log_keys().log.verifier());
    REQUIRE(opened);
    publication = *std::move(opened);
    ApiOptions options = api_options();
    options.published = [this] { return publication->view(); };
    api = std::make_unique<Api>(*log, *sequencer, *notifier, log.clock, std::move(options));
    CosignerOptions asking;
    asking.interval = std::chrono::milliseconds(20);
    cosigner = std::make_unique<Cosigner>(*log, *publication, transport, clock, policy, asking,
                                          [this] { bell.ring(); });
  }
  ~Registry() {
    http->stop();
    cosigner->stop();
  }

  bool publishes(std::uint64_t size) {
    return bell.wait_until([&] { return publication->view()->size().value == size; });
  }
  std::size_t cosignatures() {
    const auto trusted = trust_checkpoint(*get("/checkpoint").body, policy);
    return trusted ? trusted->cosigned.size() : 0;
  }

  const SystemClock clock;
  TrustPolicy policy;
  MemoryStore publications;
  Bell bell;
  std::unique_ptr<HttpTransport> http = lab_transport();
  ObservedTransport transport{*http, bell};
  std::unique_ptr<Publication> publication;
  std::unique_ptr<Cosigner> cosigner;
};

}  // namespace

TEST_CASE("cosigning: one witness of three dies and publication goes on; two, and it waits") {
  const TemporaryFolder folder;
  ServedWitness a("a", folder.path());
  ServedWitness b("b", folder.path());
  ServedWitness c("c", folder.path());
  Registry registry(a.policy_line() + b.policy_line() + c.policy_line());
  for (const Bytes& note : story_notes()) REQUIRE(registry.post(note).status == 201);
  registry.cosigner->start();
  REQUIRE(registry.publishes(10));
  CHECK(registry.bell.wait_until([&] { return registry.cosignatures() == 3; }));

  b.stop();
  REQUIRE(registry.post(addition_note(4)).status == 201);
  REQUIRE(registry.publishes(11));
  CHECK(registry.cosignatures() == 2);

  c.stop();
  const Bytes before = *registry.get("/checkpoint").body;
  const int failed = registry.transport.failed;
  REQUIRE(registry.post(addition_note(5)).status == 201);
  // The one that lives has cosigned the newest, and the dead were asked in vain.
  REQUIRE(registry.bell.wait_until([&] {
    return registry.cosigner->stats().witnesses[0].last_size == TreeSize{12} &&
           registry.transport.failed >= failed + 2;
  }));
  CHECK(*registry.get("/checkpoint").body == before);
  CHECK(registry.get("/readyz").status == 200);
  CHECK(registry.get("/tile/0/000.p/12").status == 200);

  c.start();
  REQUIRE(registry.publishes(12));
  CHECK(registry.cosignatures() == 2);
  CHECK(registry.publication->alarm().empty());
}

TEST_CASE("cosigning: a forked log is found out by the witnesses, named, and takes nothing more") {
  const TemporaryFolder folder;
  ServedWitness a("a", folder.path());
  ServedWitness b("b", folder.path());
  ServedWitness c("c", folder.path());
  const std::string lines = a.policy_line() + b.policy_line() + c.policy_line();
  Registry registry(lines);
  for (const Bytes& note : story_notes()) REQUIRE(registry.post(note).status == 201);
  registry.cosigner->start();
  REQUIRE(registry.publishes(10));
  REQUIRE(registry.bell.wait_until([&] { return registry.cosignatures() == 3; }));

  // The same key, another history: of the same size, shorter, or longer.
  const std::size_t entries = GENERATE(as<std::size_t>(), 10, 4, 12);
  Registry fork(lines);
  REQUIRE(fork.post(charter_note()).status == 201);
  for (std::uint64_t i = 1; i < entries; ++i) {
    REQUIRE(fork.post(addition_note(100 + i)).status == 201);
  }
  fork.cosigner->start();
  REQUIRE(fork.bell.wait_until([&] { return !fork.publication->alarm().empty(); }));
  const Json ready = problem(fork.readiness(), 503);
  CHECK(ready["code"] == "witness-alarm");
  CHECK_THAT(fork.publication->alarm(), Catch::Contains(" proves a fork: http://"));
  CHECK(problem(fork.post(addition_note(99)), 503)["code"] == "witness-alarm");
  CHECK(fork.publication->view()->size() == TreeSize{0});
  CHECK(registry.publication->alarm().empty());
}

}  // namespace cpl::testing::cosigning_test
