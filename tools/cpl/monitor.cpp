// cpl monitor: an eye on the log that never closes.
#include <iostream>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/audit/state.hpp"
#include "registry/base/durable_file.hpp"
#include "registry/monitor/look.hpp"
#include "registry/monitor/notebook.hpp"
#include "tools/cpl/cli.hpp"
#include "tools/cpl/time_options.hpp"
#include "tools/shared/command_run.hpp"
#include "tools/shared/cores.hpp"
#include "tools/shared/fetch.hpp"
#include "tools/shared/stop_signals.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {
namespace {

constexpr std::chrono::seconds command_time_max{30};
constexpr std::chrono::seconds webhook_time_max{10};
constexpr std::size_t notebook_size_max = 256U << 20U;
constexpr std::ptrdiff_t proofs_max = 1'000;

struct MonitorCommand {
  std::string source;
  std::string policy;
  std::string state;
  std::uint64_t interval = 60;
  std::vector<std::string> witnesses;
  std::string on_alarm;
  std::string webhook;
  bool once = false;
  unsigned threads = 0;
  std::uint64_t extract_age_max = 0;  // 0: not asked for.
  MonitorLimits limits;
};

// The policy's witnesses with an address, and those that are named besides.
std::vector<WitnessSource> witness_sources(const Cli& cli, const TrustPolicy& policy,
                                           const std::vector<std::string>& urls) {
  std::vector<WitnessSource> sources;
  const auto add = [&](const std::string& url, const std::optional<NoteVerifier>& key) {
    for (const WitnessSource& source : sources) {
      if (source.name == url) return;
    }
    sources.push_back({url, fetch_from(url, cli.time_max()), key});
  };
  for (const TrustPolicy::Witness& witness : policy.witnesses()) {
    if (!witness.url.empty()) add(witness.url, witness.key);
  }
  for (const std::string& url : urls) add(url, {});
  return sources;
}

class Monitor {
 public:
  Monitor(Cli& cli, const MonitorCommand& command, TrustPolicy policy,
          std::vector<std::string> alarm_command, sigset_t signals)
      : cli_(cli),
        command_(command),
        policy_(std::move(policy)),
        alarm_command_(std::move(alarm_command)),
        signals_(signals) {
    if (!alarm_command_.empty()) listeners_.emplace_back("command");
    if (!command_.webhook.empty()) listeners_.emplace_back("webhook");
    sources_.log = stoppable(fetch_from(command_.source, cli_.time_max()));
    sources_.has_extracts = is_url(command_.source);
    sources_.witnesses = witness_sources(cli_, policy_, command_.witnesses);
    for (WitnessSource& witness : sources_.witnesses) witness.fetch = stoppable(witness.fetch);
  }

  Result<void> open() {
    TRY_VOID(read_ledger());
    const auto notebook = TRY(read_if_there(notebook_path(), notebook_size_max));
    if (!notebook) return {};
    auto parsed = MonitorNotebook::parse(*notebook);
    if (!parsed) return within(notebook_path(), parsed.error());
    notebook_ = *std::move(parsed);
    return {};
  }

  // One round. Errors are of this machine: a state that cannot be kept.
  Result<void> round() {
    const TreeSize before = ledger_.frontier.size();
    const ExtractChain extracts_before = ledger_.extracts;
    MonitorSight sight = look(sources_, policy_, audit_options(), ledger_, notebook_.patience);
    if (is_stop_pending(signals_) && sight.no_audit) return read_ledger();
    const auto judgement = judge_sight(sight, ledger_, command_.limits, notebook_.patience);
    const auto events = notebook_.update(judgement, sight.now, listeners_);
    const bool sound = !sight.no_audit && sight.report.findings.empty();
    answered_ = !sight.no_audit || !is_silence(*sight.no_audit);
    const bool grown =
        sound && (ledger_.frontier.size() != before ||
                  ledger_.extracts.compared.size() != extracts_before.compared.size() ||
                  !std::filesystem::exists(command_.state));
    if (grown) TRY_VOID(replace_durably(command_.state, format_audit_state(ledger_)));
    TRY_VOID(keep_proofs(events));
    // Before it is told: a crash may tell an alarm twice, and loses none.
    TRY_VOID(replace_durably(notebook_path(), notebook_.format()));
    tell(sight, events, before);
    if (!sound) TRY_VOID(read_ledger());
    return replace_durably(notebook_path(), notebook_.format());
  }

  bool has_alarm() const { return !notebook_.standing().empty(); }
  bool answered() const { return answered_; }

 private:
  std::string notebook_path() const { return command_.state + ".monitor"; }

  // What was audited soundly last; nothing of a round that was not.
  Result<void> read_ledger() {
    ledger_ = AuditLedger{};
    const auto file = TRY(read_if_there(command_.state, audit_state_size_max));
    if (!file) return {};
    auto ledger = parse_audit_state(*file, policy_);
    if (!ledger) return within(command_.state, ledger.error());
    ledger_ = *std::move(ledger);
    return {};
  }

  // Two checkpoints that contradict each other prove it for ever, even if the alarm clears.
  Result<void> keep_proofs(const std::vector<AlarmEvent>& events) const {
    for (const AlarmEvent& event : events) {
      const std::vector<Bytes>& notes = event.standing.alarm.checkpoints;
      if (event.cleared || notes.size() < 2) continue;
      const std::filesystem::path folder = command_.state + ".proofs";
      TRY_VOID(make_folder_durably(folder));
      const auto count = std::distance(std::filesystem::directory_iterator(folder), {});
      if (count >= proofs_max) return {};
      const std::string name = to_hex(sha256(notes[0] + notes[1])).substr(0, 16) + ".json";
      TRY_VOID(replace_durably(folder / name, event_json(event, command_.source) + "\n"));
    }
    return {};
  }

  // A round that has long to go ends when the monitor is to stop.
  FetchResource stoppable(FetchResource fetch) const {
    return [fetch = std::move(fetch), this](const std::string& path) -> Result<Bytes> {
      if (is_stop_pending(signals_)) {
        return Error{Errc::unavailable, "stopping", "the monitor is to stop", 0};
      }
      return fetch(path);
    };
  }

  AuditOptions audit_options() const {
    AuditOptions options;
    options.now = cli_.clock.now();
    options.charter = cli_.charter_id();
    options.witness_age_seconds_max = command_.limits.checkpoint_age_max;
    options.threads = threads_for(command_.threads);
    return options;
  }

  void tell(const MonitorSight& sight, const std::vector<AlarmEvent>& events, TreeSize before) {
    for (const AlarmEvent& event : events) {
      const Alarm& alarm = event.standing.alarm;
      std::cerr << uk_time(event.at) << (event.cleared ? " cleared " : " ALARM ")
                << printable(alarm.key) << ": " << printable(alarm.detail) << "\n";
    }
    tell_round(sight, events, before);
    for (const std::string& listener : listeners_) {
      const auto told = notebook_.tell(listener, [&](const AlarmEvent& event) {
        const std::string json = event_json(event, command_.source);
        return listener == "command" ? run_command(alarm_command_, json + "\n", command_time_max)
                                     : post(json);
      });
      if (told) continue;
      std::cerr << uk_time(sight.now) << " NOT TOLD to the " << listener << ": "
                << printable(told.error().detail) << "; "
                << counted(notebook_.untold(listener), "event")
                << " will be told again in the next round\n";
    }
  }

  Result<void> post(const std::string& json) const {
    const HttpClient client(command_.webhook, {}, webhook_time_max);
    const auto answer = client.post("", json, "application/json");
    if (answer) return {};
    return Error{answer.error().errc, answer.error().code,
                 "it did not accept the alarm (" + answer.error().code + ")", 0};
  }

  // A line where there is something to say.
  void tell_round(const MonitorSight& sight, const std::vector<AlarmEvent>& events,
                  TreeSize before) {
    if (cli_.json) {
      std::cout << shown_json(round_json(sight, events).dump()) << "\n" << std::flush;
      return;
    }
    const bool news = sight.no_audit || sight.report.size != before || first_round_;
    first_round_ = false;
    if (!news) return;
    std::cout << uk_time(sight.now) << " ";
    if (sight.no_audit) {
      std::cout << "not audited: " << printable(sight.no_audit->detail);
    } else {
      std::cout << printable(sight.report.origin) << " has "
                << counted(sight.report.size.value, "entry")
                << (sight.report.findings.empty()
                        ? ", sound; " + counted(sight.report.size.value - before.value, "entry") +
                              " new"
                        : std::string(", NOT sound"))
                << "; " << counted(sight.witnesses.size(), "witness") << " asked; "
                << counted(notebook_.standing().size(), "alarm") << " standing";
    }
    std::cout << "\n" << std::flush;
  }

  Json round_json(const MonitorSight& sight, const std::vector<AlarmEvent>& events) const {
    constexpr std::array<std::string_view, 4> relations = {"same", "other", "ahead", "unknown"};
    Json json = {{"at", format_time(sight.now)},
                 {"audited", !sight.no_audit},
                 {"events", Json::array()},
                 {"standing", Json::array()},
                 {"witnesses", Json::array()}};
    if (sight.no_audit) json["why_not"] = printable(sight.no_audit->detail);
    if (!sight.no_audit) {
      json["origin"] = sight.report.origin;
      json["log_size"] = sight.report.size.value;
      json["root"] = to_base64(sight.report.root);
      json["replayed_from"] = sight.report.replayed_from.value;
      for (const WitnessSight& witness : sight.witnesses) {
        Json item = {{"witness", witness.name}};
        if (witness.unreachable) {
          item["relation"] = "silent";
        } else {
          item["relation"] = relations[static_cast<std::size_t>(witness.held.relation)];
          item["size"] = witness.held.size.value;
        }
        json["witnesses"].push_back(std::move(item));
      }
    }
    for (const AlarmEvent& event : events) {
      json["events"].push_back(Json::parse(event_json(event, command_.source)));
    }
    for (const auto& [key, standing] : notebook_.standing()) {
      json["standing"].push_back({{"key", key},
                                  {"since", format_time(standing.since)},
                                  {"detail", standing.alarm.detail}});
    }
    return json;
  }

  Cli& cli_;
  const MonitorCommand& command_;
  const TrustPolicy policy_;
  const std::vector<std::string> alarm_command_;
  const sigset_t signals_;
  std::vector<std::string> listeners_;
  MonitorSources sources_;
  AuditLedger ledger_;
  MonitorNotebook notebook_;
  bool first_round_ = true;
  bool answered_ = false;
};

Result<void> run_monitor(Cli& cli, MonitorCommand& command) {
  command.source = TRY(cli.log_named(command.source));
  TrustPolicy policy = TRY(read_policy_file(command.policy));
  std::vector<std::string> alarm_command;
  if (!command.on_alarm.empty()) alarm_command = TRY(split_command(command.on_alarm));
  if (command.extract_age_max > 0) command.limits.extract_age_max = command.extract_age_max;
  const sigset_t signals = block_stop_signals();
  Monitor monitor(cli, command, std::move(policy), std::move(alarm_command), signals);
  TRY_VOID(monitor.open());
  do {
    TRY_VOID(monitor.round());
  } while (!command.once && !wait_for_stop(signals, std::chrono::seconds(command.interval)));
  if (command.once && !monitor.answered()) cli.exit_code = exit_not_done;
  if (command.once && monitor.has_alarm()) cli.exit_code = exit_refused;
  return {};
}

void add_limits(CLI::App* monitor, MonitorCommand& command) {
  const auto limit = [&](const std::string& name, std::uint64_t& value, const std::string& what) {
    return take_duration(monitor->add_option(name, value, what), value);
  };
  MonitorLimits& limits = command.limits;
  limit("--interval", command.interval, "Between two rounds")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{30 * 86'400}));
  limit("--max-age", limits.checkpoint_age_max,
        "How old the cosignatures of the witnesses' quorum may be");
  limit("--received-within", limits.received_max, "From a notice to the desk's receipt");
  limit("--validated-within", limits.validated_max, "From there to its validation or rejection");
  limit("--loaded-within", limits.loaded_max, "From an extract's signing to the desk's \"loaded\"");
  limit("--applied-within", limits.applied_max, "From there, or from the effect, to its applying");
  limit("--ahead-within", limits.ahead_max, "How long a witness may know more than the log shows");
  limit("--extract-within", command.extract_age_max,
        "From a change to an extract that shows it; 0: not watched");
}

}  // namespace

void add_monitor_command(Cli& cli) {
  auto command = std::make_shared<MonitorCommand>();
  CLI::App* monitor = add_command(
      cli.app, "monitor", "Watch a log all the time: audit, witnesses, deadlines",
      "cpl monitor https://cpl.example --policy policy.txt --state monitor.state "
      "--interval 5m --on-alarm 'logger -t cpl -f /dev/stdin' --webhook "
      "https://alarms.example/cpl\n"
      "  cpl monitor https://cpl.example --policy policy.txt --state monitor.state --once");
  monitor->add_option("source", command->source,
                      "The log's URL, or a folder with a copy; else --server or CPL_SERVER");
  monitor->add_option("--policy", command->policy, "The trust policy file")->envname("CPL_POLICY");
  monitor
      ->add_option(
          "--state", command->state,
          "Where the audit has got to, as cpl audit --state keeps it; the alarms beside it")
      ->required();
  monitor->add_option("--witness", command->witnesses,
                      "A witness's URL, beside those of the policy; repeatable");
  monitor->add_option("--on-alarm", command->on_alarm,
                      "A command and its words, run without a shell for each alarm that begins or "
                      "ends, with it as JSON on standard input");
  monitor->add_option("--webhook", command->webhook, "A URL that the same JSON is posted to");
  monitor
      ->add_option("--failures", command->limits.failures_max,
                   "Rounds in a row without an answer until that is an alarm")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  monitor->add_option("--threads", command->threads, "0: one for each core")->capture_default_str();
  monitor->add_flag("--once", command->once,
                    "One round; status 1 if an alarm stands, 2 if the log gave no answer");
  add_limits(monitor, *command);
  monitor->callback([&cli, command] { cli.run_check([&] { return run_monitor(cli, *command); }); });
}

}  // namespace cpl
