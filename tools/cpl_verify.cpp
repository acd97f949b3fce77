// cpl prove, verdict, verify, audit: evidence fetched, judged, and everything replayed.
#include <iostream>
#include <thread>

#include "crypto/encoding.hpp"
#include "registry/audit.hpp"
#include "registry/verdict.hpp"
#include "tools/cli.hpp"
#include "tools/fetch.hpp"

namespace cpl {
namespace {

struct VerifyOptions {
  std::string subject;
  std::optional<std::uint64_t> at;  // A log size.
  std::string time;
  std::string policy;
  std::string out = "-";
  std::uint64_t age_seconds_max = 86'400;
  std::string earlier;
  std::string save;
  unsigned threads = 0;
};

// A notice or a decision by its entry's number, a model by its id.
std::string evidence_path(const VerifyOptions& options) {
  if (from_decimal(options.subject)) return "/v1/entries/" + options.subject + "/evidence";
  std::string path = "/v1/models/" + options.subject + "/evidence";
  if (options.at) path += "?at=" + std::to_string(*options.at);
  if (!options.time.empty()) path += "?time=" + options.time;
  return path;
}

std::string verdict_text(const Verdict& verdict) {
  std::string text;
  for (const Check& check : verdict.checks) {
    text += (check.passed ? green("  ok    ") : red("  FAIL  ")) + printable(check.name) + ": " +
            printable(check.detail) + "\n";
  }
  const std::string outcome = to_string(verdict.outcome);
  text += "\n" + bold(verdict.outcome == Outcome::invalid ? red(outcome) : green(outcome)) + ": " +
          printable(verdict.sentence);
  if (verdict.as_of)
    text += "\nas of " + format_time(*verdict.as_of) + ", log size " +
            std::to_string(verdict.size.value);
  return text;
}

Result<void> judge_bytes(Cli& cli, BytesView file, const VerifyOptions& options) {
  const TrustPolicy policy = TRY(read_policy_file(options.policy));
  const Verdict verdict = judge_file(file, policy, {cli.clock.now(), options.age_seconds_max});
  cli.print(to_json(verdict), verdict_text(verdict));
  cli.exit_code = exit_code(verdict.outcome);
  return {};
}

Result<void> prove(const Cli& cli, const VerifyOptions& options) {
  const HttpClient client(cli.server, cli.token);
  const Bytes evidence = TRY(client.get(evidence_path(options))).body;
  TRY_VOID(write_file(options.out, evidence, Secrecy::open));
  if (options.out != "-") {
    cli.print({{"file", options.out}, {"size", evidence.size()}},
              "evidence in " + options.out + ", " + std::to_string(evidence.size()) +
                  " octets; cpl verify " + options.out + " judges it without a server");
  }
  return {};
}

Result<void> give_verdict(Cli& cli, const VerifyOptions& options) {
  if (!from_decimal(options.subject)) {
    return malformed("index-malformed", "the notice is named by its entry's number");
  }
  const HttpClient client(cli.server, cli.token);
  return judge_bytes(cli, TRY(client.get("/v1/notices/" + options.subject + "/evidence")).body,
                     options);
}

Result<void> verify_file(Cli& cli, const VerifyOptions& options) {
  return judge_bytes(cli, TRY(read_file(options.subject, evidence_size_max)), options);
}

std::string report_text(const AuditReport& report) {
  std::string text = bold("log " + printable(report.origin)) + ", " +
                     std::to_string(report.size.value) + " entries, root " +
                     to_base64(report.root) + "\n";
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
         " of witnesses, the quorum at " + format_time(*report.witness_time));
  }
  line(report.entries, "entry", " replayed under the rules");
  for (const auto& [type, count] : report.entries_by_type) row(std::to_string(count), "  " + type);
  line(report.signatures, "signature", " verified");
  line(report.state_roots, "state root", " computed again and equal");
  line(report.tiles, "hash tile", " compared octet by octet");
  line(report.models_listed, "model", " listed");
  line(report.models_removed, "model", " removed");
  line(report.decisions_confirmed, "decision", " confirmed by final minutes");
  line(report.decisions_provisional, "decision", " awaiting final minutes");
  line(report.decisions_contradicted, "decision", " contradicted by final minutes");
  line(report.notices_open, "notice", " published, not yet applied by the DCC");
  for (const AuditFinding& finding : report.findings) {
    text += red("  FOUND ") +
            (finding.entry ? "entry " + std::to_string(finding.entry->value) + ": " : "") +
            printable(finding.detail) + " (" + printable(finding.code) + ")\n";
  }
  if (!report.findings.empty()) return text + red("the log is NOT sound");
  if (report.stale) {
    return text + red("stale") +
           ": nothing is wrong, but the witnesses saw this log longer ago "
           "than allowed; newer entries may be withheld from you";
  }
  return text + green("nothing is wrong");
}

Result<void> run_audit(Cli& cli, const VerifyOptions& options) {
  const TrustPolicy policy = TRY(read_policy_file(options.policy));
  AuditOptions audit_options;
  audit_options.now = cli.clock.now();
  audit_options.witness_age_seconds_max = options.age_seconds_max;
  audit_options.threads =
      options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  if (!options.earlier.empty()) {
    audit_options.earlier_checkpoint = TRY(read_file(options.earlier, 1U << 20U));
  }
  Result<AuditReport> report = [&] {
    Progress progress("replaying");
    audit_options.on_progress = [&](std::uint64_t done, std::uint64_t of) {
      progress.show(done, of);
    };
    return audit(fetch_from(options.subject), policy, audit_options);
  }();
  if (!report) return report.error();
  cli.print(to_json(*report), report_text(*report));
  if (!report->findings.empty()) {
    cli.exit_code = exit_refused;
    return {};
  }
  if (report->stale) cli.exit_code = exit_code(Outcome::valid_stale);
  if (!options.save.empty()) {
    TRY_VOID(write_file(options.save, report->checkpoint_note, Secrecy::open));
  }
  return {};
}

void add_policy(CLI::App* command, const std::shared_ptr<VerifyOptions>& options) {
  command->add_option("--policy", options->policy, "The trust policy file")->envname("CPL_POLICY");
}
void add_age(CLI::App* command, const std::shared_ptr<VerifyOptions>& options) {
  command
      ->add_option("--max-age", options->age_seconds_max,
                   "How many seconds old the newest witness time may be")
      ->capture_default_str();
}

}  // namespace

void add_verify_commands(Cli& cli) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* prove_command = add_command(
      cli.app, "prove", "Fetch the evidence on a model, a notice or a decision into one file",
      "cpl prove ESME-1063-00050203-38040404 --time 2026-07-09T10:15:30Z "
      "--out listed.json");
  prove_command
      ->add_option("subject", options->subject, "A model, or the entry of a notice or a decision")
      ->required();
  CLI::Option* at =
      prove_command->add_option("--at", options->at, "The model as it was at this log size");
  prove_command->add_option("--time", options->time, "The model as it was at this time (UTC)")
      ->excludes(at);
  prove_command->add_option("--out", options->out, "Where it goes")->capture_default_str();
  prove_command->callback([&cli, options] { cli.run([&] { return prove(cli, *options); }); });

  CLI::App* verdict =
      add_command(cli.app, "verdict", "Is this notice genuine? Fetches its evidence and judges it",
                  "cpl verdict 1503 --policy policy.txt");
  verdict->add_option("notice", options->subject, "The notice's entry")->required();
  add_policy(verdict, options);
  add_age(verdict, options);
  verdict->callback(
      [&cli, options] { cli.run_check([&] { return give_verdict(cli, *options); }); });

  CLI::App* verify = add_command(cli.app, "verify", "Judge an evidence file; needs no server",
                                 "cpl verify removal.json --policy policy.txt");
  verify->add_option("file", options->subject, "The evidence file")->required();
  add_policy(verify, options);
  add_age(verify, options);
  verify->callback([&cli, options] { cli.run_check([&] { return verify_file(cli, *options); }); });

  CLI::App* audit_command =
      add_command(cli.app, "audit", "Replay a whole log and check everything in it",
                  "cpl audit https://cpl.example --policy policy.txt --save checkpoint.txt");
  audit_command->add_option("source", options->subject, "The log's URL, or a folder with a copy")
      ->required();
  add_policy(audit_command, options);
  add_age(audit_command, options);
  audit_command->add_option("--earlier", options->earlier,
                            "A checkpoint saved before: the log must extend it");
  audit_command->add_option("--save", options->save, "Save the checkpoint for the next time");
  audit_command->add_option("--threads", options->threads, "0: one for each core")
      ->capture_default_str();
  audit_command->callback(
      [&cli, options] { cli.run_check([&] { return run_audit(cli, *options); }); });
}

}  // namespace cpl
