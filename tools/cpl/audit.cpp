// cpl audit: everything replayed, from the start or from where the last audit ended.

#include "registry/extract/audit.hpp"
#include "crypto/encoding.hpp"
#include "registry/audit/state.hpp"
#include "registry/base/durable_file.hpp"
#include "tools/cpl/cli.hpp"
#include "tools/cpl/time_options.hpp"
#include "tools/shared/audit_html.hpp"
#include "tools/shared/cores.hpp"
#include "tools/shared/fetch.hpp"
#include "tools/shared/uk_time.hpp"
#include "tools/shared/version.hpp"

namespace cpl {
namespace {

struct AuditCommand {
  std::string source;
  std::string policy;
  std::uint64_t age_seconds_max = 86'400;
  std::string checkpoint;
  std::string state;
  std::string html;
  unsigned threads = 0;
};

std::string counts_text(const AuditReport& report) {
  std::string text;
  const auto row = [&](const std::string& number, std::string_view what) {
    text += std::string(11 - std::min<std::size_t>(9, number.size()), ' ') + number + "  ";
    text += std::string(what) + "\n";
  };
  const auto line = [&](std::uint64_t number, std::string_view noun, std::string_view rest) {
    const std::string words = counted(number, noun);
    const std::size_t space = words.find(' ');
    row(words.substr(0, space), words.substr(space + 1) + std::string(rest));
  };
  if (report.witness_time) {
    line(report.cosignatures, "cosignature",
         " of witnesses, the quorum at " + uk_time(*report.witness_time));
  }
  line(report.entries, "entry", " replayed under the rules");
  for (const auto& [type, count] : report.entries_by_type) row(std::to_string(count), "  " + type);
  line(report.signatures, "signature", " verified");
  for (const auto& [role, count] : report.signatures_by_role) {
    row(std::to_string(count), "  of the " + role);
  }
  line(report.state_roots, "state root", " computed again and equal");
  line(report.tiles, "hash tile", " compared byte by byte");
  line(report.models_listed, "model", " listed");
  line(report.models_removed, "model", " removed");
  line(report.decisions_confirmed, "decision", " confirmed by final minutes");
  line(report.decisions_provisional, "decision", " awaiting final minutes");
  line(report.decisions_contradicted, "decision", " contradicted by final minutes");
  line(report.notices_open, "notice", " published, not yet applied by the DCC");
  line(report.extracts, "published extract", " compared with the list at its size");
  return text;
}

std::string report_text(const AuditReport& report, const AuditLedger& before) {
  std::string text = bold("log " + printable(report.origin)) + ", " +
                     std::to_string(report.size.value) + " entries, root " +
                     to_base64(report.root) + "\n";
  if (before.checkpoint && !report.contradicted_note) {
    text += "extends the checkpoint of size " +
            std::to_string(before.checkpoint->checkpoint.size.value) +
            " that was audited before; " +
            (report.replayed_from.value > 0
                 ? counted(report.size.value - report.replayed_from.value, "entry") + " new"
                 : "replayed from the first entry, for an extract is new") +
            "\n";
  }
  if (!report.contradicted_note) text += counts_text(report);
  for (const AuditFinding& finding : report.findings) {
    text += red("  FOUND ") +
            (finding.entry ? "entry " + std::to_string(finding.entry->value) + ": " : "") +
            printable(finding.detail) + " (" + printable(finding.code) + ")\n";
  }
  switch (outcome_of(report)) {
    case AuditOutcome::unsound:
      return text + red("the log is NOT sound");
    case AuditOutcome::stale:
      return text + red("stale") + sentence_of(report).substr(std::string_view("stale").size());
    case AuditOutcome::sound:
      break;
  }
  return text + green(sentence_of(report));
}

Result<AuditLedger> read_ledger(const AuditCommand& command, const TrustPolicy& policy) {
  if (command.state.empty()) return AuditLedger{};
  const auto file = TRY(read_if_there(command.state, audit_state_size_max));
  if (!file) return AuditLedger{};
  auto ledger = parse_audit_state(*file, policy);
  if (!ledger) return within(command.state, ledger.error());
  return ledger;
}

// A folder with a copy of the log holds no extracts.
Result<AuditReport> run(const Cli& cli, const AuditCommand& command, const TrustPolicy& policy,
                        const AuditOptions& options, AuditLedger& ledger) {
  const FetchResource fetch = fetch_from(command.source, cli.time_max());
  return is_url(command.source) ? audit_with_extracts(fetch, policy, options, ledger)
                                : audit(fetch, policy, options, ledger);
}

Result<AuditOptions> audit_options(const Cli& cli, const AuditCommand& command) {
  AuditOptions options;
  options.now = cli.clock.now();
  options.charter = cli.charter_id();
  options.witness_age_seconds_max = command.age_seconds_max;
  options.threads = threads_for(command.threads);
  if (!command.checkpoint.empty()) {
    options.earlier_checkpoint = TRY(read_checkpoint_file(command.checkpoint));
  }
  return options;
}

Result<void> keep(const AuditCommand& command, const AuditLedger& ledger) {
  if (!command.state.empty()) {
    TRY_VOID(write_file(command.state, format_audit_state(ledger), Secrecy::open));
  }
  return {};
}

Result<void> run_audit(Cli& cli, AuditCommand& command) {
  command.source = TRY(cli.log_named(command.source));
  if (!command.html.empty()) TRY_VOID(cli.check_save(command.html));
  const TrustPolicy policy = TRY(read_policy_file(command.policy));
  AuditLedger ledger = TRY(read_ledger(command, policy));
  const AuditLedger before = AuditLedger::from_start(ledger.checkpoint);
  AuditOptions options = TRY(audit_options(cli, command));
  const auto begun = std::chrono::steady_clock::now();
  const auto report = [&] {
    Progress progress("replaying");
    options.on_progress = [&](std::uint64_t done, std::uint64_t of) { progress.show(done, of); };
    return run(cli, command, policy, options, ledger);
  }();
  if (!report) return report.error();
  const auto duration =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                     std::chrono::steady_clock::now() - begun)
                                     .count());
  if (!command.html.empty()) {
    const AuditPage page{*report, options.now, duration, command.source,
                         "cpl " + std::string(version)};
    TRY_VOID(cli.save(command.html, audit_html(page)));
  }
  cli.print(to_json(*report, duration), report_text(*report, before));
  switch (outcome_of(*report)) {
    case AuditOutcome::unsound:
      cli.exit_code = exit_refused;
      return {};
    case AuditOutcome::stale:
      cli.exit_code = exit_code(Outcome::valid_stale);
      break;
    case AuditOutcome::sound:
      break;
  }
  return keep(command, ledger);
}

}  // namespace

void add_audit_command(Cli& cli) {
  auto command = std::make_shared<AuditCommand>();
  CLI::App* audit =
      add_command(cli.app, "audit", "Replay a whole log and check everything in it",
                  "cpl audit https://cpl.example --policy policy.txt --state audit.state\n"
                  "  cpl audit https://cpl.example --policy policy.txt --html audit.html");
  audit->add_option("source", command->source,
                    "The log's URL, or a folder with a copy; else --server or CPL_SERVER");
  audit->add_option("--policy", command->policy, "The trust policy file")->envname("CPL_POLICY");
  take_duration(audit->add_option("--max-age", command->age_seconds_max,
                                  "How old the newest witness time may be"),
                command->age_seconds_max);
  audit->add_option("--state", command->state,
                    "Keeps where the audit ended: the next one proves that the log extends it, "
                    "and replays what is new");
  audit->add_option("--html", command->html, "Write the report as a page for people, too");
  audit->add_option("--checkpoint", command->checkpoint,
                    "A checkpoint that somebody has, as cpl checkpoint prints it: the log must "
                    "extend it");
  audit->add_option("--threads", command->threads, "0: one for each core")->capture_default_str();
  audit->callback([&cli, command] { cli.run_check([&] { return run_audit(cli, *command); }); });
}

}  // namespace cpl
