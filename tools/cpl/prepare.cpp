// cpl add, notice, receipt, remove: statements about models, prepared for signing.
#include "tools/cpl/preparation.hpp"

namespace cpl {
namespace {

Result<RemovalBasis> basis_of(const std::string& word) {
  const auto found = std::find(removal_basis_words.begin(), removal_basis_words.end(), word);
  if (found == removal_basis_words.end()) {
    return malformed("basis-unknown",
                     "--basis must be CERT_WITHDRAWN, CERT_CANCELLED, "
                     "CPA_EXPIRED, PANEL_DECISION, SUPERSEDED_TS or ENTRY_ERROR");
  }
  return static_cast<RemovalBasis>(found - removal_basis_words.begin());
}

Result<void> prepare_addition(const Cli& cli, const PrepareOptions& options) {
  DeviceModel model = TRY(read_model_file(options.file));
  const StatedTime effective_from = TRY(stated_time(options.effective_from));
  return put_statement(cli, options, Addition{std::move(model), effective_from}, "registrar");
}

Result<void> prepare_notice(const Cli& cli, const PrepareOptions& options) {
  Notice notice;
  for (const std::string& id : options.models) notice.models.push_back(TRY(ModelId::parse(id)));
  notice.decision = EntryIndex{options.decision.value_or(0)};
  notice.basis = TRY(basis_of(options.basis));
  notice.effective_from = TRY(stated_time(options.effective_from));
  Sealer sealer = TRY(Sealer::create(options.seals));
  notice.reason = reason_of(options, sealer);
  return put_statement(cli, options, std::move(notice), "registrar", sealer);
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
  Sealer sealer = TRY(Sealer::create(options.seals));
  const ModelId model = TRY(one_model(options));
  const RemovalBasis basis = TRY(basis_of(options.basis));
  const StatedTime effective_from = TRY(stated_time(options.effective_from));
  Removal removal{model,          EntryIndex{options.notice}, basis, effective_from,
                  options.status, reason_of(options, sealer)};
  return put_statement(cli, options, std::move(removal), "registrar", sealer);
}

}  // namespace

void add_prepare_commands(Cli& cli) {
  auto options = std::make_shared<PrepareOptions>();
  CLI::App* add = add_prepare(cli, options, "add", "Prepare the addition of one model",
                              "cpl add model.json --origin cpl.example/log --out addition.txt",
                              &prepare_addition);
  add->add_option("file", options->file, "The device model as JSON")->required();
  add->add_option("--effective-from", options->effective_from,
                  "From when; from its entry on if left out");

  CLI::App* notice = add_prepare(
      cli, options, "notice", "Prepare the formal notice of removals to the Service Desk",
      "cpl notice --decision 1502 --model ESME-1063-00050203-38040404 --out notice.txt",
      &prepare_notice);
  notice->add_option("--decision", options->decision, "The decision's entry")->required();
  notice->add_option("--model", options->models, "The models to be removed")->required();
  notice->add_option("--basis", options->basis, "Why")->capture_default_str();
  notice->add_option("--effective-from", options->effective_from,
                     "From when; from its entry on if left out");
  add_reason(notice, options);

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
  remove->add_option("--effective-from", options->effective_from,
                     "From when; from its entry on if left out");
  remove->add_option("--status", options->status, "Withdrawn, Cancelled or Expired")->required();
  add_reason(remove, options);
}

}  // namespace cpl
