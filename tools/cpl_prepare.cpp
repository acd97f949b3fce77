// cpl add, notice, receipt, remove: statements about models, prepared for signing.
#include "tools/cli.hpp"

namespace cpl {
namespace {

constexpr std::size_t model_file_max = 1U << 20U;

struct PrepareOptions {
  std::string origin;
  std::string out;
  std::string file;
  std::vector<std::string> models;
  std::uint64_t decision = 0;
  std::uint64_t notice = 0;
  std::string basis = "PANEL_DECISION";
  std::string effective_from;
  std::string status;
  std::string code;
  std::string text;
};

Result<UnixMillis> time_or_now(const Cli& cli, const std::string& text) {
  // Statements carry whole seconds.
  if (text.empty()) return UnixMillis{cli.clock.now().value / 1000 * 1000};
  const auto time = parse_time(text);
  if (!time) {
    return malformed("time-malformed", "\"" + text +
                                           "\" is not a time such as "
                                           "2026-07-09T10:15:30Z");
  }
  return *time;
}

Result<RemovalBasis> basis_of(const std::string& word) {
  const auto found = std::find(removal_basis_words.begin(), removal_basis_words.end(), word);
  if (found == removal_basis_words.end()) {
    return malformed("basis-unknown",
                     "--basis must be CERT_WITHDRAWN, CERT_CANCELLED, "
                     "CPA_EXPIRED, PANEL_DECISION, SUPERSEDED_TS or ENTRY_ERROR");
  }
  return static_cast<RemovalBasis>(found - removal_basis_words.begin());
}

// Writes the statement, having read it back as the registry would.
Result<void> put_statement(const Cli& cli, const PrepareOptions& options, StatementBody body,
                           std::string_view who) {
  const Bytes text = format_statement({options.origin, cli.clock.now(), std::move(body)});
  const Statement statement = TRY(parse_statement(text));
  TRY_VOID(write_file(options.out, text, Secrecy::open));
  cli.print({{"file", options.out}, {"type", statement.type()}},
            std::string(statement.type()) + " in " + options.out + ", to be signed by the " +
                std::string(who));
  return {};
}

Result<void> prepare_addition(const Cli& cli, const PrepareOptions& options) {
  const Json json = TRY(parse_json(TRY(read_file(options.file, model_file_max))));
  FieldErrors errors;
  DeviceModel model = read_device_model(json, "#", errors);
  if (!errors.empty()) {
    return malformed("model-invalid", options.file + ": " + describe(errors));
  }
  const UnixMillis effective_from = TRY(time_or_now(cli, options.effective_from));
  return put_statement(cli, options, Addition{std::move(model), effective_from}, "registrar");
}

Result<void> prepare_notice(const Cli& cli, const PrepareOptions& options) {
  Notice notice;
  for (const std::string& id : options.models) notice.models.push_back(TRY(ModelId::parse(id)));
  notice.decision = EntryIndex{options.decision};
  notice.basis = TRY(basis_of(options.basis));
  notice.effective_from = TRY(time_or_now(cli, options.effective_from));
  return put_statement(cli, options, std::move(notice), "registrar");
}

Result<void> prepare_receipt(const Cli& cli, const PrepareOptions& options) {
  Receipt receipt;
  receipt.notice = EntryIndex{options.notice};
  const auto status =
      std::find(receipt_status_words.begin(), receipt_status_words.end(), options.status);
  if (status == receipt_status_words.end()) {
    return malformed("status-unknown", "--status must be received, validated, rejected or applied");
  }
  receipt.status = static_cast<ReceiptStatus>(status - receipt_status_words.begin());
  if (receipt.status == ReceiptStatus::rejected) {
    receipt.reject_code = options.code;
    receipt.reject_text = options.text;
  }
  if (receipt.status == ReceiptStatus::applied) {
    receipt.applied_at = TRY(time_or_now(cli, options.effective_from));
  }
  return put_statement(cli, options, std::move(receipt), "Service Desk");
}

Result<void> prepare_removal(const Cli& cli, const PrepareOptions& options) {
  Removal removal{TRY(ModelId::parse(options.models.empty() ? "" : options.models.front())),
                  EntryIndex{options.notice}, TRY(basis_of(options.basis)),
                  TRY(time_or_now(cli, options.effective_from)), options.status};
  return put_statement(cli, options, std::move(removal), "registrar");
}

using Prepare = Result<void> (*)(const Cli&, const PrepareOptions&);

CLI::App* add_prepare(Cli& cli, const std::shared_ptr<PrepareOptions>& options,
                      const std::string& name, const std::string& description,
                      const std::string& example, Prepare prepare) {
  CLI::App* command = add_command(cli.app, name, description, example);
  command->add_option("--origin", options->origin, "The registry it is meant for")
      ->envname("CPL_ORIGIN")
      ->required();
  command->add_option("--out", options->out, "Where it goes")->required();
  command->callback([&cli, options, prepare] { cli.run([&] { return prepare(cli, *options); }); });
  return command;
}

}  // namespace

void add_prepare_commands(Cli& cli) {
  auto options = std::make_shared<PrepareOptions>();
  CLI::App* add = add_prepare(cli, options, "add", "Prepare the addition of one model",
                              "cpl add model.json --origin cpl.example/log --out addition.txt",
                              &prepare_addition);
  add->add_option("file", options->file, "The device model as JSON")->required();
  add->add_option("--effective-from", options->effective_from, "From when; now if left out");

  CLI::App* notice = add_prepare(
      cli, options, "notice", "Prepare the formal notice of removals to the Service Desk",
      "cpl notice --decision 1502 --model ESME-1063-00050203-38040404 --out notice.txt",
      &prepare_notice);
  notice->add_option("--decision", options->decision, "The decision's entry")->required();
  notice->add_option("--model", options->models, "The models to be removed")->required();
  notice->add_option("--basis", options->basis, "Why")->capture_default_str();
  notice->add_option("--effective-from", options->effective_from, "From when; now if left out");

  CLI::App* receipt = add_prepare(
      cli, options, "receipt", "Prepare the Service Desk's receipt for a notice",
      "cpl receipt --notice 1503 --status validated --out receipt.txt", &prepare_receipt);
  receipt->add_option("--notice", options->notice, "The notice's entry")->required();
  receipt->add_option("--status", options->status, "received, validated, rejected or applied")
      ->required();
  receipt->add_option("--code", options->code, "With rejected: the reason's code");
  receipt->add_option("--text", options->text, "With rejected: the reason in words");
  receipt->add_option("--applied-at", options->effective_from, "With applied: when");

  CLI::App* remove = add_prepare(
      cli, options, "remove", "Prepare the removal of one model",
      "cpl remove ESME-1063-00050203-38040404 --notice 1503 --status Withdrawn --out removal.txt",
      &prepare_removal);
  remove->add_option("model", options->models, "The model")->required()->expected(1);
  remove->add_option("--notice", options->notice, "The notice's entry")->required();
  remove->add_option("--basis", options->basis, "Why, as the notice has it")->capture_default_str();
  remove->add_option("--effective-from", options->effective_from, "From when; now if left out");
  remove->add_option("--status", options->status, "Withdrawn, Cancelled or Expired")->required();
}

}  // namespace cpl
