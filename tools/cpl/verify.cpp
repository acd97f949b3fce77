// cpl verify: files judged without a server, and held to what was expected of them.
#include "crypto/encoding.hpp"
#include "notifier/event/event_check.hpp"
#include "registry/extract/verdict.hpp"
#include "registry/statement/statement.hpp"
#include "registry/tlog/inclusion.hpp"
#include "tools/cpl/asked_evidence.hpp"
#include "tools/cpl/time_options.hpp"
#include "tools/shared/uk_time.hpp"

namespace cpl {
namespace {

constexpr std::size_t event_size_max = 256U << 10U;
constexpr std::string_view statement_begin = "cpl/statement/v1\n";
constexpr std::string_view tlog_proof_begin = "c2sp.org/tlog-proof@";

struct VerifyOptions {
  std::string subject;
  std::string policy;
  std::uint64_t age_seconds_max = 86'400;
  std::string held;
  std::string entry;
  std::string expect;
};

// A file, or what is made of one, held to what was expected of it; "" where nothing was.
Result<void> check_expected(const VerifyOptions& options, std::string_view what,
                            const std::string& subject) {
  if (options.expect.empty()) return {};
  return check_about(TRY(parse_asked(options.expect)), what, subject);
}

Result<void> judge_bytes(Cli& cli, BytesView file, const VerifyOptions& options) {
  const TrustPolicy policy = TRY(read_policy_file(options.policy));
  Verdict verdict = judge_file(file, policy, cli.judge_options(options.age_seconds_max));
  if (!options.expect.empty()) bind(verdict, TRY(parse_asked(options.expect)));
  tell_verdict(cli, verdict);
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

Result<std::optional<HeldExtract>> read_held(const std::string& file) {
  if (file.empty() || !std::filesystem::exists(file)) return std::optional<HeldExtract>();
  auto held = parse_held_extract(TRY(read_file(file, 1U << 16U)));
  if (!held) return within(file, held.error());
  return std::optional(*std::move(held));
}

Result<void> expect_extract(const VerifyOptions& options, const ExtractHeader& header) {
  TRY_VOID(check_expected(options, "extract", std::to_string(header.version)));
  if (options.expect.empty()) return {};
  const Asked asked = TRY(parse_asked(options.expect));
  if (!asked.size || *asked.size == header.log_size) return {};
  return Error{Errc::unauthorized, "evidence-mismatch",
               "it is of log size " + std::to_string(header.log_size.value) +
                   ", and another was asked about"};
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
      judge_extract(files, policy, cli.judge_options(options.age_seconds_max), held);
  if (verdict.header) {
    const auto fits = expect_extract(options, *verdict.header);
    if (!fits) return refuse_file(cli, fits.error());
  }
  if (verdict.held && !options.held.empty()) {
    TRY_VOID(write_file(options.held, format_held_extract(*verdict.held), Secrecy::open));
  }
  const TreeSize size = verdict.header ? verdict.header->log_size : TreeSize{};
  cli.print(to_json(verdict), verdict_text(verdict.checks, verdict.outcome, verdict.sentence) +
                                  as_of_text(verdict.as_of, size));
  cli.exit_code = exit_code(verdict.outcome);
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
  const std::string number = told->sequence ? std::to_string(told->sequence->value) : "none";
  if (const auto fits = check_expected(options, "entry", number); !fits) {
    return refuse_file(cli, fits.error());
  }
  const std::string what = told->sequence
                               ? "entry " + std::to_string(told->sequence->value) + " is in the log"
                               : "the checkpoint is the log's";
  cli.print(
      {{"verdict", to_string(Outcome::valid)},
       {"sentence", what + ": " + told->summary},
       {"cursor", told->cursor.value}},
      green(to_string(Outcome::valid)) + ": " + what + "\n" + printable(in_uk_time(told->summary)));
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
  if (const auto fits = check_expected(options, "entry", std::to_string(proof->index.value));
      !fits) {
    return refuse_file(cli, fits.error());
  }
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
            green(to_string(outcome)) + ": " + in_uk_time(sentence));
  cli.exit_code = exit_code(outcome);
  return {};
}

Result<void> verify_file(Cli& cli, const VerifyOptions& options) {
  if (!options.expect.empty()) TRY(parse_asked(options.expect));
  Bytes content = TRY(read_file(options.subject, extract_size_max));
  if (!extract_form_of(content)) {
    const auto line_ends = content.starts_with('{') ? LineEnds::any : LineEnds::lf_only;
    if (const auto damage = damage_of(content, line_ends)) {
      return file_damaged(options.subject, *damage);
    }
  }
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
  take_duration(command->add_option("--max-age", options->age_seconds_max,
                                    "How old the newest witness time may be"),
                options->age_seconds_max);
}

}  // namespace

void add_verify_command(Cli& cli) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* verify = add_command(
      cli.app, "verify", "Check evidence, an extract, an event or a proof; needs no server",
      "cpl verify removal.json --policy policy.txt\n  cpl verify extract.csv --held newest.json\n"
      "  cpl verify entry-1503.tlog-proof");
  verify
      ->add_option("file", options->subject,
                   "The evidence, an extract in any form, an event, or a tlog-proof")
      ->required();
  verify->add_option("--entry", options->entry,
                     "The entry that a tlog-proof is about, where that does not hold it");
  verify->add_option("--expect", options->expect,
                     "What was asked: notice:1503, decision:1498, removal:MODEL, model:MODEL, "
                     "model:MODEL@120 (log size), model:MODEL@2026-07-09T10:15:30Z, entry:1507, "
                     "extract:12; what answers anything else is INVALID");
  verify->add_option("--held", options->held,
                     "Keeps the newest version of the extract seen: no older one passes after it");
  add_policy(verify, options);
  add_age(verify, options);
  verify->callback([&cli, options] { cli.run_check([&] { return verify_file(cli, *options); }); });
}

}  // namespace cpl
