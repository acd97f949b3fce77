// cpl prove, verdict, verify: evidence fetched and judged.
#include "api/filter_query.hpp"
#include "crypto/encoding.hpp"
#include "registry/extract_verdict.hpp"
#include "registry/inclusion.hpp"
#include "registry/statement.hpp"
#include "tools/event_check.hpp"
#include "tools/notice_verdict.hpp"

namespace cpl {
namespace {

constexpr std::size_t event_size_max = 256U << 10U;
constexpr std::string_view statement_begin = "cpl/statement/v1\n";
constexpr std::string_view tlog_proof_begin = "c2sp.org/tlog-proof@";

struct VerifyOptions {
  std::string subject;
  std::optional<std::uint64_t> at;  // A log size.
  std::string time;
  std::string policy;
  std::string out = "-";
  std::uint64_t age_seconds_max = 86'400;
  std::string held;
  std::string entry;
  bool tlog_proof = false;
};

// A notice or a decision by its entry's number, a model by its id.
std::string evidence_path(const VerifyOptions& options) {
  if (from_decimal(options.subject)) return "/v1/entries/" + options.subject + "/evidence";
  std::string path = "/v1/models/" + options.subject + "/evidence";
  if (options.at) path += "?at=" + std::to_string(*options.at);
  if (!options.time.empty()) path += "?time=" + percent_encode(options.time);
  return path;
}

Result<void> judge_bytes(Cli& cli, BytesView file, const VerifyOptions& options) {
  const TrustPolicy policy = TRY(read_policy_file(options.policy));
  const Verdict verdict = judge_file(file, policy, {cli.clock.now(), options.age_seconds_max});
  tell_verdict(cli, verdict);
  return {};
}

// That an entry is in the log, with the entry itself where others' readers take so long a line.
Result<Bytes> fetch_tlog_proof(const HttpClient& client, const VerifyOptions& options) {
  if (!from_decimal(options.subject)) {
    return malformed("entry-malformed", "--tlog-proof proves an entry: give its number");
  }
  const std::string path = "/v1/entries/" + options.subject;
  Bytes leaf = TRY(client.get(path + "/leaf")).body;
  TlogProof proof = TRY(parse_tlog_proof(TRY(client.get(path + "/proof")).body));
  if (leaf.size() <= tlog_proof_extra_max) proof.extra = std::move(leaf);
  return format_tlog_proof(proof);
}

Result<void> prove(const Cli& cli, const VerifyOptions& options) {
  const HttpClient client(cli.server, cli.identity);
  const Bytes evidence = options.tlog_proof ? TRY(fetch_tlog_proof(client, options))
                                            : TRY(client.get(evidence_path(options))).body;
  TRY_VOID(cli.save(options.out, evidence));
  if (options.out != "-") {
    cli.print({{"file", options.out}, {"size", evidence.size()}},
              "evidence in " + options.out + ", " + std::to_string(evidence.size()) +
                  " octets; cpl verify " + options.out + " judges it without a server");
  }
  return {};
}

Result<void> give_verdict(Cli& cli, const VerifyOptions& options) {
  const VerdictWish wish{options.subject, options.policy, options.age_seconds_max};
  tell_verdict(cli, TRY(judge_notice(cli, wish)));
  return {};
}

Result<std::optional<HeldExtract>> read_held(const std::string& file) {
  if (file.empty() || !std::filesystem::exists(file)) return std::optional<HeldExtract>();
  auto held = parse_held_extract(TRY(read_file(file, 1U << 16U)));
  if (!held) return within(file, held.error());
  return std::optional(*std::move(held));
}

// The signature and the proof stand beside: list.csv, list.csv.p7s and list.proof.
Result<void> judge_extract_file(Cli& cli, Bytes content, const VerifyOptions& options) {
  const TrustPolicy policy = TRY(read_policy_file(options.policy));
  const std::filesystem::path file(options.subject);
  ExtractFiles files{std::move(content), {}, {}};
  const std::string signature = file.string() + ".p7s";
  if (std::filesystem::exists(signature)) {
    files.signature = TRY(read_file(signature, cms_size_max));
  }
  files.proof = TRY(
      read_file(std::filesystem::path(file).replace_extension(".proof"), extract_proof_size_max));
  const auto held = TRY(read_held(options.held));
  const ExtractVerdict verdict =
      judge_extract(files, policy, {cli.clock.now(), options.age_seconds_max}, held);
  if (verdict.held && !options.held.empty()) {
    TRY_VOID(write_file(options.held, format_held_extract(*verdict.held), Secrecy::open));
  }
  const TreeSize size = verdict.header ? verdict.header->log_size : TreeSize{};
  cli.print(to_json(verdict), verdict_text(verdict.checks, verdict.outcome, verdict.sentence) +
                                  as_of_text(verdict.as_of, size));
  cli.exit_code = exit_code(verdict.outcome);
  return {};
}

// The verdict on what has no list of checks.
Result<void> refuse_file(Cli& cli, const Error& error) {
  cli.print(
      {{"verdict", to_string(Outcome::invalid)}, {"code", error.code}, {"sentence", error.detail}},
      red(to_string(Outcome::invalid)) + ": " + printable(error.detail));
  cli.exit_code = exit_code(Outcome::invalid);
  return {};
}

bool is_event(BytesView content) {
  if (content.size() > event_size_max || !content.starts_with('{')) return false;
  const auto json = parse_json(content);
  return json && json->contains("specversion");
}

// A notice as it was delivered, on whichever channel.
Result<void> judge_event(Cli& cli, BytesView content, const VerifyOptions& options) {
  EventChecker checker(TRY(read_policy_file(options.policy)));
  const auto told = checker.check(TRY(parse_json(content)));
  if (!told) return refuse_file(cli, told.error());
  const std::string what = told->sequence
                               ? "entry " + std::to_string(told->sequence->value) + " is in the log"
                               : "the checkpoint is the log's";
  cli.print({{"verdict", to_string(Outcome::valid)},
             {"sentence", what + ": " + told->summary},
             {"cursor", told->cursor.value}},
            green(to_string(Outcome::valid)) + ": " + what + "\n" + printable(told->summary));
  return {};
}

// The entry itself: from a file of its own, or along with the proof.
Result<Bytes> entry_of(const TlogProof& proof, const VerifyOptions& options) {
  if (!options.entry.empty()) return read_file(options.entry, event_size_max);
  if (proof.extra && !proof.extra->empty()) return *proof.extra;
  const std::string index = std::to_string(proof.index.value);
  return malformed("entry-missing", options.subject + " proves entry " + index +
                                        " and does not hold it: name its file by --entry "
                                        "(it is at /v1/entries/" +
                                        index + "/leaf)");
}

// "entry 1503 (decision, 2026-07-09T10:15:30Z)"
Result<std::string> describe(const TlogProof& proof, const Inclusion& found) {
  if (!found.entry) {
    return "record " + std::to_string(proof.index.value) + " (which is no entry of a registry)";
  }
  const Entry& entry = *found.entry;
  const Note note = TRY(parse_note(entry.statement));
  return "entry " + std::to_string(entry.index.value) + " (" +
         std::string(TRY(parse_statement(note.text)).type()) + ", " + format_time(entry.time) + ")";
}

// A tlog-proof of one entry. That it is in the log is all that is judged.
Result<void> judge_tlog_proof(Cli& cli, BytesView content, const VerifyOptions& options) {
  const TrustPolicy policy = TRY(read_policy_file(options.policy));
  const auto proof = parse_tlog_proof(content);
  if (!proof) return refuse_file(cli, proof.error());
  const auto found = check_inclusion(*proof, TRY(entry_of(*proof, options)), policy);
  if (!found) return refuse_file(cli, found.error());
  const TrustedCheckpoint& trusted = found->trusted;
  std::string sentence = TRY(describe(*proof, *found)) + " is in the log at size " +
                         std::to_string(trusted.checkpoint.size.value) + ", signed by " +
                         trusted.log_key_name;
  Outcome outcome = Outcome::valid;
  if (trusted.witness_time) {
    sentence += ", cosigned by " + counted(trusted.cosigned.size(), "witness") + " at " +
                format_time(witness_time_millis(*trusted.witness_time));
    if (is_stale(*trusted.witness_time, options.age_seconds_max, cli.clock.now())) {
      outcome = Outcome::valid_stale;
    }
  }
  cli.print({{"verdict", to_string(outcome)},
             {"sentence", sentence},
             {"entry", proof->index.value},
             {"size", trusted.checkpoint.size.value}},
            green(to_string(outcome)) + ": " + sentence);
  cli.exit_code = exit_code(outcome);
  return {};
}

Result<void> verify_file(Cli& cli, const VerifyOptions& options) {
  Bytes content = TRY(read_file(options.subject, extract_size_max));
  if (content.starts_with(tlog_proof_begin)) return judge_tlog_proof(cli, content, options);
  if (content.starts_with(statement_begin)) {
    return malformed("evidence-malformed", options.subject +
                                               " is a statement, and proves nothing by itself: cpl "
                                               "show shows it, cpl prove fetches evidence");
  }
  if (is_event(content)) return judge_event(cli, content, options);
  if (extract_form_of(content)) return judge_extract_file(cli, std::move(content), options);
  if (!options.held.empty()) {
    return malformed("extract-malformed", options.subject + " is no extract: --held is for those");
  }
  return judge_bytes(cli, content, options);
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
  CLI::Option* time =
      prove_command->add_option("--time", options->time, "The model as it was at this time (UTC)")
          ->excludes(at);
  prove_command
      ->add_flag("--tlog-proof", options->tlog_proof,
                 "Only that an entry is in the log, for other people's tools, too (C2SP)")
      ->excludes(at)
      ->excludes(time);
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

  CLI::App* verify = add_command(
      cli.app, "verify", "Judge evidence, an extract, an event or a tlog-proof; needs no server",
      "cpl verify removal.json --policy policy.txt\n  cpl verify extract.csv --held newest.json\n"
      "  cpl verify entry-1503.tlog-proof");
  verify
      ->add_option("file", options->subject,
                   "The evidence, an extract in any form, an event, or a tlog-proof")
      ->required();
  verify->add_option("--entry", options->entry,
                     "The entry that a tlog-proof is about, where that does not hold it");
  verify->add_option("--held", options->held,
                     "Keeps the newest version of the extract seen: no older one passes after it");
  add_policy(verify, options);
  add_age(verify, options);
  verify->callback([&cli, options] { cli.run_check([&] { return verify_file(cli, *options); }); });
}

}  // namespace cpl
