// cpld, the registry's service. Read from top to bottom, `serve` is the architecture: what is
// constructed first knows nothing of what comes after it, and is destroyed last.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <CLI/CLI.hpp>
#include <iostream>

#include "api/server/server.hpp"
#include "crypto/encoding.hpp"
#include "notifier/cosign/cosigner.hpp"
#include "notifier/send/http_transport.hpp"
#include "registry/upkeep/backup.hpp"
#include "registry/upkeep/log_data.hpp"
#include "registry/upkeep/scrub.hpp"
#include "tools/cpld/clock.hpp"
#include "tools/cpld/config.hpp"
#include "tools/cpld/ending.hpp"
#include "tools/cpld/files.hpp"
#include "tools/cpld/keys.hpp"
#include "tools/cpld/sending.hpp"
#include "tools/cpld/server.hpp"
#include "tools/cpld/start.hpp"
#include "tools/cpld/target.hpp"
#include "tools/shared/files.hpp"
#include "tools/shared/process_shield.hpp"
#include "tools/shared/stop_signals.hpp"
#include "tools/shared/version.hpp"
#include "tools/shared/webhook_secret.hpp"

namespace cpl {
namespace {

// What asks the witnesses, where there are any.
struct Cosigning {
  std::unique_ptr<HttpTransport> transport;
  std::unique_ptr<Cosigner> cosigner;

  void start() const {
    if (cosigner) cosigner->start();
  }
  void stop() const {
    if (transport) transport->stop();
    if (cosigner) cosigner->stop();
  }
};

// Where witnesses cosign: what is shown, and how they fare.
void set_published(ApiOptions& options, const Publication* publication,
                   const Cosigning& cosigning) {
  if (publication == nullptr) return;
  options.published = [publication] { return publication->view(); };
  options.cosigning = [&cosigning] { return cosigning.cosigner->stats(); };
}

HttpTransportOptions witness_transport_options(const WitnessConfig& config) {
  HttpTransportOptions options;
  options.rules.lab_mode = true;  // The operator named the witnesses: they may be anywhere.
  options.attempt = std::chrono::milliseconds(config.time_limit_milliseconds);
  options.idle = std::chrono::seconds(config.interval_seconds) * 2;  // Kept for the next round.
  options.stop_grace = std::chrono::milliseconds(0);
  return options;
}

Result<std::unique_ptr<Publication>> open_publication(const Config& config, Log& log, Store& store,
                                                      const NoteVerifier& log_key) {
  if (!config.witnesses) {
    if (!store.damage().empty()) return std::unique_ptr<Publication>();
    if (const auto alarm = TRY(Publication::stored_alarm(store))) log.halt("witness-alarm", *alarm);
    return std::unique_ptr<Publication>();
  }
  return Publication::open(log, store, log_key);
}

Result<Cosigning> open_cosigning(const Config& config, const Log& log, Publication* publication,
                                 const Clock& clock, const NoteVerifier& log_key,
                                 std::function<void()> on_change) {
  if (publication == nullptr) return Cosigning{};
  const WitnessConfig& witnesses = *config.witnesses;
  TrustPolicy policy = TRY(read_cosigning_policy(witnesses.policy_file, log_key));
  Cosigning cosigning;
  cosigning.transport = TRY(HttpTransport::create(witness_transport_options(witnesses)));
  CosignerOptions options;
  options.interval = std::chrono::seconds(witnesses.interval_seconds);
  options.renew = std::chrono::seconds(witnesses.renew_seconds);
  options.without_quorum = witnesses.without_quorum;
  options.tell_failure = [](const std::string& sentence) { spdlog::error("{}", sentence); };
  cosigning.cosigner = std::make_unique<Cosigner>(log, *publication, *cosigning.transport, clock,
                                                  std::move(policy), options, std::move(on_change));
  return cosigning;
}

std::string host_of(const std::string& url) {
  const auto start = url.find("://");
  const std::string rest = start == url.npos ? url : url.substr(start + 3);
  return rest.substr(0, rest.find_first_of(":/"));
}

EventOptions event_options(const Config& config) {
  return {config.public_url + "/log", config.event_type_prefix,
          std::chrono::minutes(config.checkpoint_interval_minutes),
          config.public_url + "/v1/entries/", config.months_ahead};
}

void tell_halt(const std::string& reason) {
  spdlog::critical("no statements are taken: {}", reason);
}
void tell_fault(const std::string& sentence) { spdlog::error("{}", sentence); }

ApiOptions api_options(const Config& config, const NoteVerifier& log_key, const Sending& sending,
                       std::shared_ptr<OpeningShelf> openings) {
  ApiOptions options{config.public_url,
                     config.problem_base,
                     event_options(config),
                     log_key,
                     {},
                     [rules = sending.rules, mails = config.mail.has_value()](
                         const std::string& url) { return check_target(url, rules, mails); },
                     config.cache_megabytes << 20U,
                     {}};
  options.statement_rate.per_second = config.statements_per_second;
  options.statement_rate.burst = 10 * config.statements_per_second;
  options.mail = sending.mail.channel.get();
  options.openings = std::move(openings);
  options.tell_fault = tell_fault;
  options.read_threads = std::max(2U, config.threads);
  options.stream_limits = {config.streams_max, config.streams_per_address_max};
  return options;
}

// A folder named by the time, with all that a restored service needs.
Result<BackupMade> back_up(const Config& config, const Store& store, const Log& log,
                           UnixMillis now) {
  std::string name = format_time_millis(now);
  std::replace(name.begin(), name.end(), ':', '-');
  const auto folder = config.backup_dir / name;
  const Backup backup = TRY(make_backup(store, *log.view(), config.data_dir, folder, now));
  spdlog::info("backup of {} entries in {}", backup.size.value, folder.string());
  return BackupMade{folder.string(), backup.size};
}

Result<NotifierOptions> notifier_options(const Config& config,
                                         std::shared_ptr<const OpeningShelf> openings) {
  NotifierOptions options;
  options.openings = std::move(openings);
  options.events = event_options(config);
  options.tell_fault = tell_fault;
  options.lab_mode = config.lab_mode;
  options.request_origin = host_of(config.public_url);
  options.consent_address = config.public_url + "/v1/validate/";
  options.escalation.limits = config.desk.limits;
  options.escalation.calendar = TRY(desk_calendar(config.desk));
  options.escalation.levels = config.desk.escalation;
  return options;
}

Result<std::shared_ptr<ExtractShelf>> open_extracts(const Config& config) {
  std::shared_ptr<ExtractShelf> shelf(TRY(ExtractShelf::open(config.data_dir / "extracts")));
  for (const auto& extract : *shelf->published()) {
    if (!extract) spdlog::error("no extract is published: {}", extract.error().detail);
  }
  return shelf;
}

// What is kept besides the log: accounts of Parties and their reports, answers to repeated
// requests, statements that wait for signatures, backups, published extracts, and the clocks on
// removals.
Result<void> set_keeping(ApiOptions& options, const Config& config, Store& store, const Log& log,
                         const Clock& clock, const Bytes& notice_key, const StartOptions& start) {
  TRY_VOID(check_placeholders(config));
  options.answers = TRY(AnswerBook::open(store, clock, notice_key, {}));
  options.parties = TRY(PartyBook::open(store, clock, {}));
  options.reports = TRY(ReportBook::open(store, clock, {}));
  options.tray = TRY(TrayBook::open(
      store, clock, {.kept = std::chrono::hours{24} * static_cast<int>(config.tray.kept_days)}));
  options.tray_holders = config.tray.holders;
  options.operator_token_sha256 = config.operator_token_sha256;
  options.metrics_token_sha256 = config.metrics_token_sha256;
  if (!config.backup_dir.empty()) {
    options.make_backup = [&] { return back_up(config, store, log, clock.now()); };
  }
  options.journal =
      std::make_shared<Journal>(config.data_dir / "journal.ndjson", clock,
                                [](const std::string& line) { spdlog::info("journal: {}", line); });
  record_start(*options.journal, start);
  options.extracts = TRY(open_extracts(config));
  options.deployed = TRY(DeployedShelf::open(config.data_dir / "deployed"));
  options.desk.limits = config.desk.limits;
  options.desk.calendar = TRY(desk_calendar(config.desk));
  options.desk.contact = config.desk.contact;
  options.pages = {config.pages.enabled, config.pages.name, config.pages.help_contact};
  return {};
}

Result<void> write_port_file(const std::filesystem::path& file, std::uint16_t port) {
  if (file.empty()) return {};
  return write_file(file, std::to_string(port) + "\n", Secrecy::open);
}

Result<void> make_data_dir(const Config& config) {
  std::error_code made;
  std::filesystem::create_directories(config.data_dir, made);
  if (!made) return {};
  return malformed("configuration-invalid", config.data_dir.string() + ": " + made.message());
}

Result<LogData> open_data(const Config& config, KeptClock& clock, const LogKeys& keys,
                          const StartOptions& start) {
  if (start.begin == Begin::new_log) TRY_VOID(make_data_dir(config));
  LogData data = TRY(open_log_data(config.data_dir, start.begin, clock.clock(), keys.newest,
                                   config.origin, keys.old_key()));
  TRY_VOID(pin_charter(config, *data.log));
  clock.settle(*data.log, start.clock_is_right);
  if (start.clear_alarm) TRY_VOID(Publication::clear_alarm(*data.store));
  return data;
}

Result<std::shared_ptr<OpeningShelf>> open_openings(const Config& config) {
  std::shared_ptr<OpeningShelf> shelf(TRY(OpeningShelf::open(config.data_dir / "openings")));
  for (const std::string& fault : shelf->faults()) spdlog::error("nobody can read {}", fault);
  return shelf;
}

// Every block of the database is read once a day.
constexpr std::chrono::hours scrub_interval{24};

Scrub::Found halt_of(Log& log, const std::filesystem::path& data_dir) {
  return [&](const auto& faults) { log.halt("store-damaged", damage_of(data_dir, faults)); };
}

Result<void> announce(const Config& config, const Log& log, const LogKeys& keys, std::uint16_t port,
                      const std::filesystem::path& port_file) {
  TRY_VOID(write_port_file(port_file, port));
  if (config.lab_mode) spdlog::warn("LAB MODE: deliveries may go anywhere. Never in service.");
  if (const auto trouble = log.trouble()) {
    spdlog::error("no statements are taken: {}", trouble->detail);
  }
  warn_of_log_key(log, keys);
  for (const std::string& open : open_secrets(config)) spdlog::warn("{}", open);
  spdlog::info("log {} of {} entries; listening on {}:{}", config.origin, log.view()->size().value,
               config.address, port);
  return {};
}

std::string extra_metrics(const Server* server, const Cosigning& cosigning) {
  return (server != nullptr ? server_metrics(server->stats()) : "") +
         (cosigning.cosigner ? cosigner_metrics(cosigning.cosigner->stats()) : "");
}

void tell_operator(Log& log) {
  log.on_halt(tell_halt);
  log.on_recovery(
      [] { spdlog::info("the write that failed now works: statements are accepted again"); });
}

Result<Ending> serve(const Config& config, const StartOptions& start) {
  const sigset_t signals = block_stop_signals();
  KeptClock kept_clock(config.data_dir);
  const ServiceClock& clock = kept_clock.clock();
  const LogKeys keys = TRY(read_log_keys(config));
  const NoteSigner& log_key = keys.newest;
  const Bytes notice_key = TRY(read_notice_key(config.notice_key_file));
  const LogData data = TRY(open_data(config, kept_clock, keys, start));
  const auto& store = data.store;
  const auto& log = data.log;
  const auto publication = TRY(open_publication(config, *log, *store, log_key.verifier()));
  const auto published = [&] { return publication ? publication->view() : log->view(); };
  tell_operator(*log);

  Sending sending = TRY(open_sending(config, clock, notice_key));
  const auto openings = TRY(open_openings(config));
  const auto notifier = TRY(Notifier::open(*store, published, *sending.channels, clock, notice_key,
                                           TRY(notifier_options(config, openings))));
  std::atomic<Server*> streaming = nullptr;  // Once there is one.
  const auto wake = [&] {
    notifier->wake();
    if (Server* const server = streaming) server->wake_streams();
  };
  const auto cosigning =
      TRY(open_cosigning(config, *log, publication.get(), clock, log_key.verifier(), wake));
  Sequencer sequencer(*log, {}, wake);

  ApiOptions options = api_options(config, log_key.verifier(), sending, openings);
  TRY_VOID(set_keeping(options, config, *store, *log, clock, notice_key, start));
  set_published(options, publication.get(), cosigning);
  Api api(*log, sequencer, *notifier, clock, std::move(options));
  Scrub scrub(*store, scrub_interval, halt_of(*log, config.data_dir));
  api.set_extra_metrics([&] { return extra_metrics(streaming, cosigning); });
  sequencer.start();
  const auto server =
      TRY(Server::start(server_options(config), [&](HttpRequest request, HttpReply reply) {
        api.handle(std::move(request), std::move(reply));
      }));
  streaming = server.get();
  sending.mail.start();  // From here on nothing returns but by the stops below.
  if (store->is_writable()) {
    kept_clock.start();
    notifier->start();
    cosigning.start();
    scrub.start();
  }
  const auto announced = announce(config, *log, keys, server->port(), start.port_file);
  const Ending ending = announced ? wait_for_end(signals, data, config) : Ending::stopped;
  spdlog::info("stopping: requests in hand are finished first");
  server->stop();
  scrub.stop();
  api.finish();
  sequencer.stop();
  cosigning.stop();
  sending.stop();
  notifier->stop();
  kept_clock.stop();
  TRY_VOID(announced);
  return ending;
}

// All that can be read without the service's data.
Result<void> check_configuration(const Config& config, const std::string& config_file) {
  TRY_VOID(check_files(config));
  TRY_VOID(check_sending(config));
  TRY_VOID(check_mailing(config));
  const auto records = TRY(dkim_records(config));
  for (const std::string& open : open_secrets(config)) std::cerr << "warning: " << open << "\n";
  std::cout << config_file << ": good\n";
  for (const std::string& record : records) std::cout << record << "\n";
  return {};
}

// 2 is not for a restart to try again: a token counts wrong PINs, and locks.
int exit_status(const Error& error) {
  return error.errc == Errc::unauthorized || error.errc == Errc::conflict ? 2 : 1;
}

int run(int argc, char** argv) {
  const auto unshielded = shield_process(NewFiles::owner_only);
  CLI::App app("The Certified Products List registry's service");
  app.footer("Example:\n  cpld --config /etc/cpl/cpld.toml");
  std::string config_file = "/etc/cpl/cpld.toml";
  StartOptions start;
  std::optional<std::uint16_t> port;
  app.add_option("-c,--config", config_file, "The configuration file")->capture_default_str();
  app.add_option("--port", port, "Listen on this port instead of the configured one; 0: any free");
  app.add_option("--port-file", start.port_file, "Write the port there once listening");
  bool check_only = false;
  app.add_flag("--check", check_only,
               "Only check the configuration, and print what DNS must say of its mail keys");
  bool new_log = false;
  app.add_flag("--new-log", new_log, "Begin a log where there is none: at its first start, once");
  app.add_flag("--clear-witness-alarm", start.clear_alarm,
               "Forget that a witness contradicted the log, once the cause is mended");
  app.add_flag("--clock-is-right", start.clock_is_right,
               "This machine's clock was compared with another one: go on, though it is far from "
               "the last time on record, or behind the last entry");
  app.set_version_flag("--version", "cpld " + std::string(version));
  CLI11_PARSE(app, argc, argv);
  spdlog::set_default_logger(spdlog::stderr_logger_mt("cpld"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  auto config = read_config(config_file);
  if (config && port) config->port = *port;
  if (!config) {
    std::cerr << "cpld: " << config.error().detail << "\n";
    return 2;
  }
  if (check_only) {
    if (const auto checked = check_configuration(*config, config_file); !checked) {
      std::cerr << "cpld: " << checked.error().detail << "\n";
      return 2;
    }
    return 0;
  }
  if (new_log) start.begin = Begin::new_log;
  for (const std::string& undone : unshielded) spdlog::warn("{}", undone);
  raise_descriptors(*config);
  auto served = serve(*config, start);
  while (served && *served == Ending::to_be_opened_again) {
    spdlog::info("the data can be written to: the registry is opened again");
    StartOptions again;
    again.port_file = start.port_file;
    served = serve(*config, again);
  }
  if (!served) {
    spdlog::error("{}", served.error().detail);
    return exit_status(served.error());
  }
  return 0;
}

}  // namespace
}  // namespace cpl

int main(int argc, char** argv) {
  try {
    return cpl::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "cpld: " << error.what() << "\n";
    return 1;
  }
}
