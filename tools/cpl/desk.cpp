// cpl desk: is a notice genuine; and the receipts, each made, signed and submitted in one step.
#include "api/feed/filter_query.hpp"
#include "crypto/encoding.hpp"
#include "tools/cpl/accepted.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/cpl/desk_receipt.hpp"
#include "tools/cpl/notice_rows.hpp"
#include "tools/cpl/person_key.hpp"
#include "tools/cpl/reason_option.hpp"
#include "tools/cpl/rehearsal.hpp"
#include "tools/cpl/time_options.hpp"
#include "tools/cpl/work.hpp"

namespace cpl {
namespace {

struct DeskCommand {
  std::string notice;
  std::string policy;
  std::string key;
  std::string code;
  std::string reason;
  std::string reason_file;
  std::string applied_at;
  std::string origin;
  std::string out;
  std::uint64_t age_seconds_max = seconds_per_day;
};

VerdictWish verdict_wish(const DeskCommand& command) {
  return {command.notice, command.policy, command.age_seconds_max};
}

// A rejected notice may be genuine: whoever asks must not take that for leave to apply it.
std::string rejection_text(const Receipt& receipt) {
  return "\n" + red("GENUINE, BUT REJECTED by the Service Desk") + " (" +
         printable(receipt.reject_code.value_or("")) + "): nothing is to be removed on this notice";
}

Result<void> check_notice(Cli& cli, const DeskCommand& command) {
  const JudgedEvidence judged = TRY(judge_notice(cli, verdict_wish(command)));
  std::string and_then;
  if (is_proven(judged.verdict)) {
    const auto receipt = TRY(last_in<Receipt>(TRY(parse_evidence(judged.file))));
    if (receipt && receipt->status == ReceiptStatus::rejected) and_then = rejection_text(*receipt);
  }
  tell_verdict(cli, judged.verdict, and_then);
  return {};
}

Result<PersonSigner> read_desk_key(const DeskCommand& command, const JudgedEvidence& judged) {
  if (command.key.empty()) {
    return malformed("key-missing",
                     "give the Service Desk's key with --key or CPL_DESK_KEY; or --out, to sign "
                     "the receipt elsewhere");
  }
  PersonSigner key = TRY(read_person_key(command.key));
  TRY_VOID(check_desk_key(TRY(parse_evidence(judged.file)), key.verifier()));
  return key;
}

// For those whose key is on another machine.
Result<void> save_receipt(const Cli& cli, const DeskCommand& command, const Bytes& text) {
  TRY_VOID(cli.save(command.out, text));
  cli.print({{"file", command.out}, {"type", "receipt"}},
            "receipt in " + command.out +
                ", to be signed by the Service Desk (cpl sign) and "
                "submitted (cpl submit)");
  return {};
}

// What the registry would answer; nothing is signed or sent.
Result<void> rehearse_receipt(const Cli& cli, const DeskCommand& command, const std::string& word,
                              const Note& note) {
  const Judgements judgements = TRY(ask_registry(cli.client(), {note.text}));
  if (judgements.front()) return *judgements.front();
  cli.print({{"notice", command.notice}, {"would_say", word}},
            "nothing was signed or sent; the registry would accept that notice " + command.notice +
                " is " + word);
  return {};
}

// About a notice that was proven here.
Result<void> submit_receipt(const Cli& cli, const DeskCommand& command,
                            const JudgedEvidence& judged, Receipt receipt) {
  receipt.notice = EntryIndex{from_decimal(command.notice).value_or(0)};
  const TrustPolicy policy = TRY(read_policy_file(command.policy));
  const std::string origin = TRY(receipt_origin(policy, command.policy, command.origin));
  const std::string word(word_of(receipt.status));
  Note note{format_statement({origin, cli.clock.now(), std::move(receipt)}), {}};
  TRY(parse_statement(note.text));  // What the registry would refuse is refused before signing.
  if (!command.out.empty()) return save_receipt(cli, command, note.text);
  const PersonSigner key = TRY(read_desk_key(command, judged));
  if (cli.dry_run) return rehearse_receipt(cli, command, word, note);
  TRY_VOID(sign_note(note, key));
  const AcceptedEntry entry = TRY(submit_note(cli.client(), format_note(note), policy));
  cli.print(entry.answer, "entry " + std::to_string(entry.index.value) + ", " +
                              proof_text(entry.proven) + ": notice " + command.notice + " is " +
                              green(word) + ", signed by " + key.verifier().name() + "\n" +
                              printable(in_uk_time(judged.verdict.sentence)));
  return {};
}

// The desk must not vouch for what it cannot prove: the evidence is judged here, before anything is
// signed. Nothing where it is not proven, which is then told.
Result<std::optional<JudgedEvidence>> prove_notice(Cli& cli, const DeskCommand& command) {
  JudgedEvidence judged = TRY(judge_notice(cli, verdict_wish(command)));
  if (is_proven(judged.verdict)) return std::optional(std::move(judged));
  tell_verdict(cli, judged.verdict, "\nnothing was signed");
  return std::optional<JudgedEvidence>();
}

Result<void> receive(Cli& cli, const DeskCommand& command) {
  const auto judged = TRY(prove_notice(cli, command));
  if (!judged) return {};
  return submit_receipt(cli, command, *judged, Receipt{});
}

// Whoever validates a notice has received it: where that is not said yet, both are signed.
Result<bool> must_receive_first(const DeskCommand& command, const JudgedEvidence& judged) {
  if (!command.out.empty()) return false;
  return !TRY(last_in<Receipt>(TRY(parse_evidence(judged.file)))).has_value();
}

Result<void> validate(Cli& cli, const DeskCommand& command) {
  const JudgedEvidence judged = TRY(judge_notice(cli, verdict_wish(command)));
  const Outcome outcome = judged.verdict.outcome;
  if (outcome == Outcome::invalid || outcome == Outcome::valid_stale) {
    tell_verdict(cli, judged.verdict, "\nnothing was signed");
    return {};
  }
  if (TRY(must_receive_first(command, judged))) {
    TRY_VOID(submit_receipt(cli, command, judged, Receipt{}));
    if (cli.dry_run) return {};  // The rest would follow from what is not there.
  }
  Receipt receipt;
  receipt.status = ReceiptStatus::validated;
  return submit_receipt(cli, command, judged, receipt);
}

Result<void> reject(Cli& cli, const DeskCommand& command) {
  const auto judged = TRY(prove_notice(cli, command));
  if (!judged) return {};
  Receipt receipt;
  receipt.status = ReceiptStatus::rejected;
  receipt.reject_code = command.code;
  receipt.reject_text = TRY(read_required_reason(command.reason, command.reason_file));
  receipt.models = TRY(notice_in(TRY(parse_evidence(judged->file)))).models;
  return submit_receipt(cli, command, *judged, std::move(receipt));
}

Result<void> apply(Cli& cli, const DeskCommand& command) {
  Receipt receipt;
  receipt.status = ReceiptStatus::applied;
  receipt.applied_at = UnixMillis{cli.clock.now().value / 1000 * 1000};
  if (!command.applied_at.empty()) {
    const UnixMillis applied = TRY(read_at_time(command.applied_at, cli.clock.now()));
    receipt.applied_at = UnixMillis{applied.value / 1000 * 1000};
  }
  const auto judged = TRY(prove_notice(cli, command));
  if (!judged) return {};
  TRY_VOID(check_removed(TRY(parse_evidence(judged->file))));
  return submit_receipt(cli, command, *judged, receipt);
}

using Options = std::shared_ptr<DeskCommand>;

CLI::App* add_notice_command(CLI::App& desk, const Options& options, const std::string& name,
                             const std::string& description, const std::string& example) {
  CLI::App* command = add_command(desk, name, description, example);
  command->add_option("notice", options->notice, "The notice's entry")->required();
  command->add_option("--policy", options->policy, "The trust policy file")->envname("CPL_POLICY");
  take_duration(command->add_option("--max-age", options->age_seconds_max,
                                    "How old the newest witness time may be"),
                options->age_seconds_max);
  return command;
}

CLI::App* add_receipt_command(Cli& cli, CLI::App& desk, const Options& options,
                              const std::string& name, const std::string& description,
                              const std::string& example) {
  CLI::App* command = add_notice_command(desk, options, name, description, example);
  command->add_option("-k,--key", options->key, "The Service Desk's key file")
      ->envname("CPL_DESK_KEY");
  command->add_option("-o,--out", options->out,
                      "Write the receipt there, to be signed and submitted later");
  command->add_option("--origin", options->origin,
                      "The registry it is meant for, where the policy names several logs");
  add_dry_run(cli, *command);
  return command;
}

void add_receipt_commands(Cli& cli, CLI::App& desk, const Options& options) {
  add_receipt_command(cli, desk, options, "receive", "Sign that the notice was received",
                      "cpl desk receive 1503 --key desk.key")
      ->callback([&cli, options] { cli.run([&] { return receive(cli, *options); }); });
  add_receipt_command(cli, desk, options, "validate",
                      "Check the notice and, if it is genuine, sign that it was validated",
                      "cpl desk validate 1503 --key desk.key --policy policy.txt")
      ->callback([&cli, options] { cli.run([&] { return validate(cli, *options); }); });

  CLI::App* rejecting = add_receipt_command(
      cli, desk, options, "reject", "Sign that the notice was rejected: it stops the removal",
      "cpl desk reject 1503 --key desk.key --code minute-mismatch --reason \"Item 7 is another.\"");
  choose_from(rejecting->add_option("--code", options->code, "What is wrong"), reject_code_words)
      ->required();
  CLI::Option* reason = rejecting->add_option("--reason", options->reason, "The reason in words");
  rejecting->add_option("--reason-file", options->reason_file, reason_file_help)->excludes(reason);
  rejecting->callback([&cli, options] { cli.run([&] { return reject(cli, *options); }); });

  CLI::App* applying = add_receipt_command(
      cli, desk, options, "apply", "Sign that the DCC's systems have applied the removal",
      "cpl desk apply 1503 --key desk.key --at-time 2026-07-10T09:00:00Z");
  applying->add_option("--at-time", options->applied_at, "When: a time, or a day; now if left out");
  applying->callback([&cli, options] { cli.run([&] { return apply(cli, *options); }); });
}

}  // namespace

void add_desk_commands(Cli& cli) {
  auto options = std::make_shared<DeskCommand>();
  CLI::App* desk = add_command(cli.app, "desk", "The Service Desk's day: inbox, check, receipts",
                               "cpl desk inbox");
  desk->require_subcommand(1);

  add_inbox_command(cli, *desk);

  add_notice_command(*desk, options, "check",
                     "Is this notice genuine? Fetch its evidence and check it",
                     "cpl desk check 1503 --policy policy.txt")
      ->callback([&cli, options] { cli.run_check([&] { return check_notice(cli, *options); }); });
  add_receipt_commands(cli, *desk, options);
  add_desk_list_commands(cli, *desk);
  add_desk_count_commands(cli, *desk);
}

}  // namespace cpl
