// cpl reinstate, correct, certificate: what happens to a model besides its addition and removal.
#include "tools/cpl/choice.hpp"
#include "tools/cpl/reason_option.hpp"
#include "tools/cpl/statement_bodies.hpp"

namespace cpl {
namespace {

constexpr std::size_t renewed_file_max = 1U << 16U;

Result<void> prepare_reinstatement(const Cli& cli, const PrepareOptions& options) {
  Sealer sealer = TRY(Sealer::create(options.seals));
  Reinstatement reinstatement = TRY(reinstatement_of(options, sealer));
  return put_statement(cli, options, std::move(reinstatement), "registrar", sealer);
}

Result<void> prepare_correction(const Cli& cli, const PrepareOptions& options) {
  DeviceModel model = TRY(read_model_file(options.file));
  std::string reason = TRY(read_required_reason(options.reason, options.reason_file));
  Correction correction{std::move(model), std::move(reason), {}};
  if (options.decision) correction.decision = EntryIndex{*options.decision};
  return put_statement(cli, options, std::move(correction), "registrar");
}

Result<void> read_renewed(const std::string& file, CertificateChange& change) {
  const Json json = TRY(parse_json(TRY(read_exact_file(file, renewed_file_max, LineEnds::any))));
  FieldErrors errors;
  if (change.kind == CertificateKind::cpa) {
    change.renewed_cpa = read_cpa(json, "#", errors);
  } else {
    change.renewed = read_certificate(json, "#", errors);
  }
  if (errors.empty()) return {};
  return malformed("certificate-invalid", file + ": " + describe(errors));
}

Result<void> prepare_certificate(const Cli& cli, const PrepareOptions& options) {
  const auto date = Date::parse(options.date);
  if (!date) return malformed("date-malformed", "--date must be a date such as 2026-07-09");
  Sealer sealer = TRY(Sealer::create(options.seals));
  const ModelId model = TRY(one_model(options));
  const auto kind = chosen<CertificateKind>(options.scheme);
  const auto event = chosen<CertificateEvent>(options.event);
  auto reason = TRY(reason_of(options, sealer));
  CertificateChange change{model, kind, event, *date, {}, {}, std::move(reason)};
  const bool renewed = change.event == CertificateEvent::renewed;
  if (renewed == options.file.empty()) {
    return malformed("certificate-missing",
                     "--renewed names the file of the new certificate with --event renewed, and "
                     "with no other");
  }
  if (renewed) TRY_VOID(read_renewed(options.file, change));
  return put_statement(cli, options, std::move(change), "registrar", sealer);
}

}  // namespace

void add_change_commands(Cli& cli) {
  auto options = std::make_shared<PrepareOptions>();
  CLI::App* reinstate =
      add_prepare(cli, options, "reinstate", "Prepare the return of a removed model to the list",
                  "cpl reinstate ESME-1063-00050203-38040404 --decision 1520 --out back.txt",
                  &prepare_reinstatement);
  reinstate->add_option("model", options->models, "The model")->required()->expected(1);
  reinstate->add_option("--decision", options->decision, "The decision's entry")->required();
  reinstate->add_option("--effective-from", options->effective_from,
                        "From when; from its entry on if left out");
  add_reason(reinstate, options);

  CLI::App* correct =
      add_prepare(cli, options, "correct", "Prepare the correction of a model's record",
                  "cpl correct model.json --reason \"The printed version had a typing error\" "
                  "--out put-right.txt",
                  &prepare_correction);
  correct->add_option("file", options->file, "The whole, correct device model as JSON")->required();
  CLI::Option* reason = correct->add_option("--reason", options->reason, "What was wrong");
  correct->add_option("--reason-file", options->reason_file, reason_file_help)->excludes(reason);
  correct->add_option("--decision", options->decision, "The decision's entry, if one is needed");

  CLI::App* certificate = add_prepare(
      cli, options, "certificate", "Record that a certificate was renewed, or is no longer valid",
      "cpl certificate ESME-1063-00050203-38040404 --scheme cpa --event renewed "
      "--date 2026-07-09 --renewed cpa.json --out renewed.txt",
      &prepare_certificate);
  certificate->add_option("model", options->models, "The model")->required()->expected(1);
  choose_from(certificate->add_option("--scheme", options->scheme, "Which certificate"),
              certificate_kind_words)
      ->required();
  choose_from(certificate->add_option("--event", options->event, "What became of it"),
              certificate_event_words)
      ->required();
  certificate->add_option("--date", options->date, "When that was")->required();
  certificate->add_option("--renewed", options->file, "With renewed: the certificate as JSON");
  add_reason(certificate, options);
}

}  // namespace cpl
