// cpl desk: the Service Desk clerk's whole day. What is due, by time left; is it genuine; and the
// receipts, each made, signed and submitted in one step.
#include "api/feed/filter_query.hpp"
#include "crypto/encoding.hpp"
#include "registry/tlog/entry.hpp"
#include "tools/cpl/accepted.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/asked_evidence.hpp"
#include "tools/cpl/notice_step.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/person_key.hpp"
#include "tools/cpl/proven_entry.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t millis_per_minute = 60'000;

struct DeskCommand {
  std::string notice;
  std::string policy;
  std::string key;
  std::string code;
  std::string text;
  std::string applied_at;
  bool all = false;
};

// "21 h 40 min", "3 d 2 h"; minutes are enough for a person.
std::string duration_text(std::uint64_t millis) {
  const std::uint64_t minutes = millis / millis_per_minute;
  const std::uint64_t hours = minutes / 60;
  if (hours >= 48) return std::to_string(hours / 24) + " d " + std::to_string(hours % 24) + " h";
  if (hours == 0) return std::to_string(minutes) + " min";
  return std::to_string(hours) + " h " + std::to_string(minutes % 60) + " min";
}

struct InboxRow {
  Json notice;
  std::string step;  // The next that is due; empty where nothing is.
  UnixMillis due;
};

InboxRow row_of(const Json& notice) {
  if (const auto next = next_step(notice)) return {notice, next->step, next->due};
  return {notice, "", UnixMillis{std::numeric_limits<std::uint64_t>::max()}};
}

std::string time_left(const InboxRow& row, UnixMillis now) {
  if (row.step.empty()) return "nothing is due";
  const std::string step = printable(row.step);
  if (row.due < now) {
    return red(step + " is " + duration_text(now.value - row.due.value) + " late");
  }
  return step + " within " + duration_text(row.due.value - now.value) + ", by " + uk_time(row.due);
}

bool is_said_removed(const Json& notice, const std::string& model) {
  return notice.at("removals").contains(model);
}

std::vector<std::string> models_of(const Json& notice) {
  std::vector<std::string> models;
  for (const Json& model : notice.at("models")) {
    if (model.is_string()) models.push_back(model.get<std::string>());
  }
  return models;
}

std::string row_text(const InboxRow& row, UnixMillis now) {
  const std::string entry = text_of(row.notice, "entry");
  std::string text = bold("notice " + entry) + "  " + text_of(row.notice, "state") + ", " +
                     time_left(row, now) + "\n";
  const Json& authority = row.notice.at("authority");
  text += "  decided by    " + decision_text(authority.at("reference")) + " (" +
          text_of(authority, "standing") + ")\n";
  text += "                \"" + text_of(authority, "text") + "\"\n";
  text += "  takes effect  " + told_time(text_of(row.notice, "effective_from")) + "\n";
  for (const std::string& model : models_of(row.notice)) {
    text += std::string("  ") +
            (is_said_removed(row.notice, model) ? "removed       " : "to remove     ") +
            printable(model) + "\n";
  }
  if (row.notice.contains("rejection")) {
    const Json& rejection = row.notice.at("rejection");
    text += "  rejected      " + red(text_of(rejection, "code")) + ": " +
            text_of(rejection, "text") + "\n";
  }
  return text;
}

// All pages: the oldest notice may be the one that is late.
Result<std::vector<Json>> fetch_notices(const HttpClient& client, bool all, Json& contact) {
  std::vector<Json> notices;
  const std::string path = "/v1/notices?limit=500" + std::string(all ? "" : "&state=open");
  const auto take = [&](const Json& page) -> Result<bool> {
    contact = page.value("contact", Json());
    for (const Json& notice : TRY(rows_of(page, "notices"))) {
      const std::string before = notices.empty() ? "" : text_of(notices.back(), "entry");
      const std::string entry = std::to_string(TRY(number_in(notice, "entry")));
      if (!before.empty() && !goes_on(before, entry, Direction::falling)) {
        return evidence_mismatch("the registry's notices are not in their order: notice " + entry);
      }
      const std::string state = text_of(notice, "state");
      if (!all && (state == "applied" || state == "rejected")) {
        return evidence_mismatch(std::string("notice ").append(entry).append(" is ").append(state) +
                                 ", and was not asked for");
      }
      notices.push_back(notice);
    }
    return true;
  };
  TRY_VOID(for_each_page(client, {path, "notices", "before", Direction::falling}, take));
  return notices;
}

// Why the desk rejected it, as its receipt says.
Result<void> add_rejection(const HttpClient& client, Json& notice) {
  if (text_of(notice, "state") != "rejected") return {};
  const Json receipts = notice.value("receipts", Json::array());
  if (receipts.empty()) return {};
  const auto index = from_decimal(receipts.back().dump());
  if (!index) return answer_malformed("a receipt of the registry's notice is no entry");
  const ProvenRead read = TRY(read_entry(client, EntryIndex{*index}, {}));
  const auto* receipt = std::get_if<Receipt>(&read.statement.body);
  if (receipt == nullptr || std::to_string(receipt->notice.value) != text_of(notice, "entry")) {
    return evidence_mismatch("entry " + std::to_string(*index) + " is no receipt of notice " +
                             text_of(notice, "entry"));
  }
  const Json content = to_json(read.statement.body);
  notice["rejection"] = {{"entry", *index},
                         {"code", content.value("code", "")},
                         {"text", content.value("text", Json(""))}};
  return {};
}

Result<void> show_inbox(const Cli& cli, const DeskCommand& command) {
  const HttpClient client = cli.client();
  Json contact;
  std::vector<Json> notices = TRY(fetch_notices(client, command.all, contact));
  for (Json& notice : notices) TRY_VOID(add_rejection(client, notice));
  std::vector<InboxRow> rows;
  rows.reserve(notices.size());
  for (const Json& notice : notices) rows.push_back(row_of(notice));
  std::stable_sort(rows.begin(), rows.end(),
                   [](const InboxRow& a, const InboxRow& b) { return a.due < b.due; });
  const UnixMillis now = cli.clock.now();
  std::string text;
  Json list = Json::array();
  std::size_t late = 0;
  for (const InboxRow& row : rows) {
    text += row_text(row, now) + "\n";
    late += !row.step.empty() && row.due < now ? 1U : 0U;
    list.push_back(row.notice);
    list.back()["next_step"] = row.step.empty() ? Json() : Json(row.step);
    list.back()["next_due"] = row.step.empty() ? Json() : Json(format_time(row.due));
  }
  text += counted(rows.size(), "notice") + (command.all ? "" : " not yet applied") + ", " +
          std::to_string(late) + " late, as the registry says; cpl desk check N proves one";
  if (contact.is_string() && !contact.get<std::string>().empty()) {
    text += "\nif something does not fit: " + printable(contact.get<std::string>());
  }
  cli.print({{"notices", list}, {"late", late}, {"contact", contact}}, text);
  return {};
}

VerdictWish verdict_wish(const DeskCommand& command) { return {command.notice, command.policy}; }

Result<void> check_notice(Cli& cli, const DeskCommand& command) {
  tell_verdict(cli, TRY(judge_notice(cli, verdict_wish(command))).verdict);
  return {};
}

// The receipt is for the log whose key the policy names: a server cannot choose another.
Result<std::string> origin_of(const DeskCommand& command, const TrustPolicy& policy) {
  if (policy.logs().size() != 1) {
    return malformed("policy-ambiguous",
                     command.policy + " names " + std::to_string(policy.logs().size()) +
                         " logs; a receipt is for one: use cpl receipt --origin");
  }
  return policy.logs().front().name();
}

// About a notice that was proven here, by `verdict`.
Result<void> submit_receipt(const Cli& cli, const DeskCommand& command, const Verdict& verdict,
                            Receipt receipt) {
  receipt.notice = EntryIndex{from_decimal(command.notice).value_or(0)};
  const PersonSigner key = TRY(read_person_key(command.key));
  const TrustPolicy policy = TRY(read_policy_file(command.policy));
  const std::string origin = TRY(origin_of(command, policy));
  const std::string word(receipt_status_words[static_cast<std::size_t>(receipt.status)]);
  Note note{format_statement({origin, cli.clock.now(), std::move(receipt)}), {}};
  TRY(parse_statement(note.text));  // What the registry would refuse is refused before signing.
  TRY_VOID(sign_note(note, key));
  const AcceptedEntry entry = TRY(submit_note(cli.client(), format_note(note), policy));
  cli.print(entry.answer, "entry " + std::to_string(entry.index.value) + ", " +
                              proof_text(entry.proven) + ": notice " + command.notice + " is " +
                              green(word) + ", signed by " + key.verifier().name() + "\n" +
                              printable(verdict.sentence));
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
  return submit_receipt(cli, command, judged->verdict, Receipt{});
}

Result<void> validate(Cli& cli, const DeskCommand& command) {
  const Verdict verdict = TRY(judge_notice(cli, verdict_wish(command))).verdict;
  if (verdict.outcome == Outcome::invalid || verdict.outcome == Outcome::valid_stale) {
    tell_verdict(cli, verdict, "\nnothing was signed");
    return {};
  }
  Receipt receipt;
  receipt.status = ReceiptStatus::validated;
  return submit_receipt(cli, command, verdict, receipt);
}

Result<void> reject(Cli& cli, const DeskCommand& command) {
  const auto judged = TRY(prove_notice(cli, command));
  if (!judged) return {};
  Receipt receipt;
  receipt.status = ReceiptStatus::rejected;
  receipt.reject_code = command.code;
  receipt.reject_text = command.text;
  return submit_receipt(cli, command, judged->verdict, std::move(receipt));
}

// The notice itself, from evidence that holds it.
Result<Notice> notice_in(const Evidence& evidence) {
  for (const ProvenEntry& proven : evidence.entries) {
    const Entry entry = TRY(parse_entry(proven.leaf));
    if (std::to_string(entry.index.value) != evidence.subject) continue;
    const Statement statement = TRY(read_signed(entry.statement));
    if (const auto* notice = std::get_if<Notice>(&statement.body)) return *notice;
  }
  return refuse("evidence-incomplete", "the evidence does not hold the notice in question");
}

bool is_removed(const Evidence& evidence, const ModelId& model, EntryIndex decision) {
  for (const ProvenState& state : evidence.states) {
    if (state.model != model || !state.record) continue;
    const auto record = parse_json(*state.record);
    return record && text_of(*record, "status") == "removed" &&
           text_of(*record, "decision") == std::to_string(decision.value);
  }
  return false;
}

// The DCC loads what is removed: before that there is nothing to apply, and the notice would no
// longer be due to anybody. The states of the models are proven, as the notice is.
Result<void> check_removed(const DeskCommand& command, const JudgedEvidence& judged) {
  const Evidence evidence = TRY(parse_evidence(judged.file));
  const Notice notice = TRY(notice_in(evidence));
  for (const ModelId& model : notice.models) {
    if (is_removed(evidence, model, notice.decision)) continue;
    return refuse("removal-missing",
                  model.text() + " is not removed yet: notice " + command.notice +
                      (notice.effective_from ? " takes effect " + uk_time(*notice.effective_from)
                                             : std::string(" takes effect at once")) +
                      ", and is applied once all of its removals are in the log");
  }
  return {};
}

Result<void> apply(Cli& cli, const DeskCommand& command) {
  Receipt receipt;
  receipt.status = ReceiptStatus::applied;
  receipt.applied_at = UnixMillis{cli.clock.now().value / 1000 * 1000};
  if (!command.applied_at.empty()) {
    receipt.applied_at = parse_time(command.applied_at);
    if (!receipt.applied_at) {
      return malformed("time-malformed", "--at must be a time such as 2026-07-09T10:15:30Z");
    }
  }
  const auto judged = TRY(prove_notice(cli, command));
  if (!judged) return {};
  TRY_VOID(check_removed(command, *judged));
  return submit_receipt(cli, command, judged->verdict, receipt);
}

using Options = std::shared_ptr<DeskCommand>;

CLI::App* add_notice_command(CLI::App& desk, const Options& options, const std::string& name,
                             const std::string& description, const std::string& example) {
  CLI::App* command = add_command(desk, name, description, example);
  command->add_option("notice", options->notice, "The notice's entry")->required();
  command->add_option("--policy", options->policy, "The trust policy file")->envname("CPL_POLICY");
  return command;
}

CLI::App* add_receipt_command(CLI::App& desk, const Options& options, const std::string& name,
                              const std::string& description, const std::string& example) {
  CLI::App* command = add_notice_command(desk, options, name, description, example);
  command->add_option("--key", options->key, "The Service Desk's key file")
      ->envname("CPL_DESK_KEY")
      ->required();
  return command;
}

void add_receipt_commands(Cli& cli, CLI::App& desk, const Options& options) {
  add_receipt_command(desk, options, "receive", "Sign that the notice was received",
                      "cpl desk receive 1503 --key desk.key")
      ->callback([&cli, options] { cli.run([&] { return receive(cli, *options); }); });
  add_receipt_command(desk, options, "validate",
                      "Judge the notice and, only where it is genuine, sign that it was validated",
                      "cpl desk validate 1503 --key desk.key --policy policy.txt")
      ->callback([&cli, options] { cli.run([&] { return validate(cli, *options); }); });

  CLI::App* rejecting = add_receipt_command(
      desk, options, "reject", "Sign that the notice was rejected: it stops the removal",
      "cpl desk reject 1503 --key desk.key --code minute-mismatch --text \"Item 7 is another.\"");
  rejecting->add_option("--code", options->code, "The reason's code")->required();
  rejecting->add_option("--text", options->text, "The reason in words")->required();
  rejecting->callback([&cli, options] { cli.run([&] { return reject(cli, *options); }); });

  CLI::App* applying = add_receipt_command(
      desk, options, "apply", "Sign that the DCC's systems have applied the removal",
      "cpl desk apply 1503 --key desk.key --at 2026-07-10T09:00:00Z");
  applying->add_option("--at", options->applied_at, "When; now if left out");
  applying->callback([&cli, options] { cli.run([&] { return apply(cli, *options); }); });
}

}  // namespace

void add_desk_commands(Cli& cli) {
  auto options = std::make_shared<DeskCommand>();
  CLI::App* desk = add_command(cli.app, "desk", "The Service Desk's day: inbox, check, receipts",
                               "cpl desk inbox");
  desk->require_subcommand(1);

  CLI::App* inbox =
      add_command(*desk, "inbox", "What is published and not yet applied, by the time left",
                  "cpl desk inbox --server https://cpl.example");
  inbox->add_flag("--all", options->all, "Also what is applied or rejected");
  inbox->callback([&cli, options] { cli.run([&] { return show_inbox(cli, *options); }); });

  add_notice_command(*desk, options, "check", "Is this notice genuine? As cpl verdict",
                     "cpl desk check 1503 --policy policy.txt")
      ->callback([&cli, options] { cli.run_check([&] { return check_notice(cli, *options); }); });
  add_receipt_commands(cli, *desk, options);
}

}  // namespace cpl
