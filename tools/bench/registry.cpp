#include "tools/bench/registry.hpp"

#include <atomic>

#include "api/routes/api.hpp"
#include "crypto/hash.hpp"
#include "registry/store/rocks_store.hpp"
#include "tools/shared/sample.hpp"

namespace cpl::bench {
namespace {

constexpr std::uint64_t registry_seed = 1;
constexpr std::size_t batch_size = 512;
constexpr std::size_t chunk_size = 4096;
constexpr std::size_t ids_max = 5000;
constexpr std::uint64_t without_rate_limit = 1'000'000'000;

NoteSigner make_signer(const std::string& name) {
  auto signer = NoteSigner::create(name, PrivateKey::generate(KeyAlgorithm::ed25519));
  check(signer.has_value());
  return *std::move(signer);
}

std::vector<NoteSigner> make_signers(const std::string& name, int count) {
  std::vector<NoteSigner> signers;
  for (int i = 1; i <= count; ++i) signers.push_back(make_signer(name + "-" + std::to_string(i)));
  return signers;
}

RoleKeys role_of(std::uint64_t threshold, const std::vector<NoteSigner>& signers) {
  RoleKeys role{threshold, {}};
  for (const NoteSigner& signer : signers) role.keys.push_back(signer.verifier());
  return role;
}

ApiOptions api_options(const People& people) {
  ApiOptions options{"http://127.0.0.1",
                     "http://127.0.0.1/problems/",
                     {"http://127.0.0.1/log", "example.bench"},
                     people.log.verifier(),
                     {},
                     [](const std::string&) -> Result<void> { return {}; },
                     32U << 20U,
                     {}};
  options.stream_limits = {20'000, 20'000};
  options.statement_rate.per_second = without_rate_limit;
  options.statement_rate.burst = without_rate_limit;
  return options;
}

}  // namespace

People People::make() {
  return {make_signer(origin), make_signers("panel", 3), make_signers("registrar", 2),
          make_signers("service-desk", 1)};
}

Charter People::charter() const {
  return {"Bench",
          {{Role::panel, role_of(2, panel)},
           {Role::registrar, role_of(2, registrar)},
           {Role::service_desk, role_of(1, desk)}},
          default_policy(),
          {}};
}

Bytes sign(const StatementBody& body, std::span<const NoteSigner> signers) {
  const UnixMillis whole_second{SystemClock().now().value / 1000 * 1000};
  Note note{format_statement({origin, whole_second, body}), {}};
  for (const NoteSigner& signer : signers) sign_note(note, signer);
  return format_note(note);
}

void in_parallel(std::size_t count, unsigned threads,
                 const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> workers;
  for (unsigned t = 0; t < threads; ++t) {
    workers.emplace_back([&] {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    });
  }
  for (std::thread& worker : workers) worker.join();
}

std::vector<Bytes> sign_additions(const std::vector<DeviceModel>& models, const People& people,
                                  unsigned threads) {
  std::vector<Bytes> notes(models.size());
  in_parallel(models.size(), threads, [&](std::size_t i) {
    DeviceModel model = models[i];
    model.predecessors.clear();
    notes[i] = sign(Addition{model, model.received_at}, people.registrar);
  });
  return notes;
}

Result<std::unique_ptr<OpenLog>> open_log(const std::filesystem::path& folder,
                                          const People& people) {
  auto open = std::make_unique<OpenLog>();
  open->store = TRY(RocksStore::open({.path = folder / "store"}));
  open->signed_size = TRY(open_signed_size_file(folder / "signed-size", origin));
  open->log = TRY(Log::open(*open->store, *open->signed_size, open->clock, people.log, origin));
  return open;
}

Result<void> append(Log& log, const std::vector<Bytes>& notes, unsigned threads) {
  const auto charter = log.view()->charter();
  std::vector<std::optional<Result<SignedStatement>>> opened(notes.size());
  in_parallel(notes.size(), threads,
              [&](std::size_t i) { opened[i] = open_statement(notes[i], charter); });
  for (std::size_t begin = 0; begin < notes.size(); begin += batch_size) {
    std::vector<SignedStatement> batch;
    for (std::size_t i = begin; i < std::min(notes.size(), begin + batch_size); ++i) {
      batch.push_back(TRY(std::move(*opened[i])));
    }
    for (const auto& answer : log.append(std::move(batch))) {
      if (!answer) return answer.error();
    }
  }
  return {};
}

std::vector<Bytes> removal_notes(const People& people, const ModelId& model, EntryIndex next) {
  const std::string text = "The Panel AGREED to remove the model named in the paper.";
  const MeetingRef meeting{"SECP", "SECP_BENCH"};
  const Date day = Date::of(SystemClock().now());
  const UnixMillis effective = day.midnight();
  const EntryIndex decision = next;
  const EntryIndex notice{decision.value + 1};
  const std::span<const NoteSigner> registrar(people.registrar);
  const auto receipt = [&](ReceiptStatus status) {
    return sign(Receipt{notice, status, {}, {}, {}}, people.desk);
  };
  return {
      sign(
          Decision{
              meeting.body, day, meeting, {1, 1}, {}, Verb::agreed, text, {{Act::remove, {model}}}},
          people.panel),
      sign(Notice{{model}, decision, RemovalBasis::panel_decision, effective}, registrar),
      receipt(ReceiptStatus::received),
      receipt(ReceiptStatus::validated),
      sign(Removal{model, notice, RemovalBasis::panel_decision, effective, "Withdrawn"}, registrar),
      sign(Minutes{meeting,
                   day,
                   "Minutes",
                   true,
                   sha256("the document"),
                   12,
                   "application/pdf",
                   "WHITE",
                   {{{1, 1}, "AGREED", text}},
                   {}},
           registrar)};
}

Result<Prepared> prepare_log(const std::filesystem::path& folder, const People& people,
                             std::size_t models, unsigned threads) {
  std::filesystem::create_directories(folder);
  const auto open = TRY(open_log(folder, people));
  TRY_VOID(append(*open->log, {sign(people.charter(), people.panel)}, 1));
  SampleList list(models, registry_seed, Date::of(open->clock.now()));
  std::optional<ModelId> removed;
  std::vector<std::string> ids;
  for (std::size_t made = 0; made < models;) {
    std::vector<DeviceModel> chunk;
    while (chunk.size() < std::min(chunk_size, models - made)) chunk.push_back(*list.next());
    made += chunk.size();
    removed = chunk.front().id();
    for (const DeviceModel& model : chunk) {
      if (ids.size() < ids_max) ids.push_back(model.id().text());
    }
    TRY_VOID(append(*open->log, sign_additions(chunk, people, threads), threads));
  }
  const EntryIndex next{open->log->view()->size().value};
  TRY_VOID(append(*open->log, removal_notes(people, *removed, next), 1));
  return Prepared{folder, *removed, std::move(ids)};
}

struct RunningRegistry::Parts {
  std::unique_ptr<OpenLog> open;
  std::unique_ptr<HttpTransport> transport;
  std::unique_ptr<Notifier> notifier;
  std::unique_ptr<Sequencer> sequencer;
  std::unique_ptr<Api> api;
  std::unique_ptr<Server> server;
  std::atomic<Server*> streaming = nullptr;
};

RunningRegistry::RunningRegistry(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<RunningRegistry>> RunningRegistry::start(const std::filesystem::path& folder,
                                                                const People& people,
                                                                unsigned threads,
                                                                HttpTransportOptions sending) {
  auto parts = std::make_unique<Parts>();
  parts->open = TRY(open_log(folder, people));
  Log& log = *parts->open->log;
  if (log.view()->size().value == 0) {
    TRY_VOID(append(log, {sign(people.charter(), people.panel)}, 1));
  }
  const ApiOptions options = api_options(people);
  parts->transport = TRY(HttpTransport::create(std::move(sending)));
  parts->notifier =
      TRY(Notifier::open(*parts->open->store, [&log] { return log.view(); }, *parts->transport,
                         parts->open->clock, random_bytes(32), {options.events, "127.0.0.1"}));
  parts->sequencer = std::make_unique<Sequencer>(log, Sequencer::Options{}, [&all = *parts] {
    all.notifier->wake();
    if (Server* const server = all.streaming) server->wake_streams();
  });
  parts->api =
      std::make_unique<Api>(log, *parts->sequencer, *parts->notifier, parts->open->clock, options);
  parts->sequencer->start();
  parts->notifier->start();
  ServerOptions server_options;
  server_options.threads = threads;
  server_options.limits.connections_per_address_max = server_options.limits.connections_max;
  parts->server = TRY(
      Server::start(server_options, [api = parts->api.get()](HttpRequest request, HttpReply reply) {
        api->handle(std::move(request), std::move(reply));
      }));
  parts->streaming = parts->server.get();
  return std::unique_ptr<RunningRegistry>(new RunningRegistry(std::move(parts)));
}

RunningRegistry::~RunningRegistry() {
  parts_->server->stop();
  parts_->sequencer->stop();
  parts_->transport->stop();
  parts_->notifier->stop();
}

std::uint16_t RunningRegistry::port() const { return parts_->server->port(); }
std::shared_ptr<const LogView> RunningRegistry::view() const { return parts_->open->log->view(); }
Notifier& RunningRegistry::notifier() const { return *parts_->notifier; }

}  // namespace cpl::bench
