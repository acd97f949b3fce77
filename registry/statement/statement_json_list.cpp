// The statements about models on the list, and the disclosure.
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/statement/statement_json.hpp"
#include "registry/statement/statement_json_fields.hpp"

namespace cpl {
namespace {

using namespace fields;

void put_reason(Json& json, const std::optional<Text>& reason) {
  if (reason) json["reason"] = to_json(*reason);
}

void put_concerns_since(Json& json, const std::optional<Date>& day) {
  if (day) json["concerns_since"] = day->text();
}

void put_effective_from(Json& json, const StatedTime& time) {
  if (time) json["effective_from"] = format_time(*time);
}

StatedTime read_effective_from(FieldReader& reader) {
  if (!reader.has("effective_from")) return std::nullopt;
  return reader.time("effective_from");
}

Addition read_addition(FieldReader& reader, FieldErrors& errors) {
  const StatedTime effective_from = read_effective_from(reader);
  Addition addition{read_device_model(reader.object("model"), reader.pointer_to("model"), errors),
                    effective_from};
  if (reader.has("submission")) addition.submission = reader.hash("submission");
  return addition;
}

RemovalBasis read_basis(FieldReader& reader) { return reader.word<RemovalBasis>("basis"); }

Notice read_notice(FieldReader& reader, FieldErrors& errors) {
  return {read_models(reader), index_of(reader, "decision"), read_basis(reader),
          read_effective_from(reader), read_optional_text(reader, "reason", reason_max, errors)};
}

Receipt read_receipt(FieldReader& reader, FieldErrors& errors) {
  Receipt receipt;
  receipt.notice = index_of(reader, "notice");
  receipt.status = reader.word<ReceiptStatus>("status");
  if (receipt.status == ReceiptStatus::rejected) {
    receipt.reject_code = std::string(reject_code_words[reader.word("code", reject_code_words)]);
    receipt.reject_text = read_text(reader, "text", reason_max, errors);
    receipt.models = read_models(reader);
  }
  if (receipt.status == ReceiptStatus::applied) receipt.applied_at = reader.time("applied_at");
  return receipt;
}

Removal read_removal(FieldReader& reader, FieldErrors& errors) {
  return {model_of(reader, "model"),
          index_of(reader, "notice"),
          read_basis(reader),
          read_effective_from(reader),
          std::string(removed_status_words[reader.word("status", removed_status_words)]),
          read_optional_text(reader, "reason", reason_max, errors),
          reader.optional_date("concerns_since")};
}

Reinstatement read_reinstatement(FieldReader& reader, FieldErrors& errors) {
  return {model_of(reader, "model"), index_of(reader, "decision"), read_effective_from(reader),
          read_optional_text(reader, "reason", reason_max, errors)};
}

Correction read_correction(FieldReader& reader, FieldErrors& errors) {
  Correction correction{
      read_device_model(reader.object("model"), reader.pointer_to("model"), errors),
      read_text(reader, "why", reason_max, errors),
      {}};
  if (reader.has("decision")) correction.decision = index_of(reader, "decision");
  return correction;
}

CertificateChange read_certificate_change(FieldReader& reader, FieldErrors& errors) {
  CertificateChange change{model_of(reader, "model"),
                           reader.word<CertificateKind>("certificate"),
                           reader.word<CertificateEvent>("event"),
                           date_of(reader, "date"),
                           {},
                           {},
                           read_optional_text(reader, "reason", reason_max, errors),
                           reader.optional_date("concerns_since")};
  if (change.event != CertificateEvent::renewed) return change;
  const std::string pointer = reader.pointer_to("renewed");
  if (change.kind == CertificateKind::cpa) {
    change.renewed_cpa = read_cpa(reader.object("renewed"), pointer, errors);
  } else {
    change.renewed = read_certificate(reader.object("renewed"), pointer, errors);
  }
  return change;
}

Disclosure read_disclosure(FieldReader& reader) {
  Disclosure disclosure{index_of(reader, "entry"), reader.text("field", ref_max), {}, {}};
  const auto salt = from_base64(reader.text("salt", 44));
  if (salt && salt->size() == salt_size) {
    disclosure.salt = *salt;
  } else {
    reader.fail("salt", "must be base64 of 32 octets");
  }
  disclosure.words = reader.text("value", sentence_max, "\n");
  return disclosure;
}

}  // namespace

std::optional<StatementBody> read_list_statement(std::string_view type, FieldReader& reader,
                                                 FieldErrors& errors) {
  if (type == "addition") return read_addition(reader, errors);
  if (type == "notice") return read_notice(reader, errors);
  if (type == "receipt") return read_receipt(reader, errors);
  if (type == "removal") return read_removal(reader, errors);
  if (type == "reinstatement") return read_reinstatement(reader, errors);
  if (type == "correction") return read_correction(reader, errors);
  if (type == "certificate") return read_certificate_change(reader, errors);
  if (type == "disclosure") return read_disclosure(reader);
  return std::nullopt;
}

Json body_json(const Addition& addition) {
  Json json = {{"model", to_json(addition.model)}};
  put_effective_from(json, addition.effective_from);
  if (addition.submission) json["submission"] = to_hex(*addition.submission);
  return json;
}

Json body_json(const Notice& notice) {
  Json json = {{"models", models_json(notice.models)},
               {"decision", notice.decision.value},
               {"basis", to_string(notice.basis)}};
  put_effective_from(json, notice.effective_from);
  put_reason(json, notice.reason);
  return json;
}

Json body_json(const Receipt& receipt) {
  Json json = {{"notice", receipt.notice.value}, {"status", word_of(receipt.status)}};
  if (receipt.reject_code) json["code"] = *receipt.reject_code;
  if (receipt.reject_text) json["text"] = to_json(*receipt.reject_text);
  if (!receipt.models.empty()) json["models"] = models_json(receipt.models);
  if (receipt.applied_at) json["applied_at"] = format_time(*receipt.applied_at);
  return json;
}

Json body_json(const Removal& removal) {
  Json json = {{"model", removal.model.text()},
               {"notice", removal.notice.value},
               {"basis", to_string(removal.basis)},
               {"status", removal.status_word}};
  put_effective_from(json, removal.effective_from);
  put_reason(json, removal.reason);
  put_concerns_since(json, removal.concerns_since);
  return json;
}

Json body_json(const Reinstatement& reinstatement) {
  Json json = {{"model", reinstatement.model.text()}, {"decision", reinstatement.decision.value}};
  put_effective_from(json, reinstatement.effective_from);
  put_reason(json, reinstatement.reason);
  return json;
}

Json body_json(const Correction& correction) {
  Json json = {{"model", to_json(correction.model)}, {"why", to_json(correction.why)}};
  if (correction.decision) json["decision"] = correction.decision->value;
  return json;
}

Json body_json(const CertificateChange& change) {
  Json json = {{"model", change.model.text()},
               {"certificate", word_of(change.kind)},
               {"event", word_of(change.event)},
               {"date", change.date.text()}};
  if (change.renewed) json["renewed"] = to_json(*change.renewed);
  if (change.renewed_cpa) json["renewed"] = to_json(*change.renewed_cpa);
  put_reason(json, change.reason);
  put_concerns_since(json, change.concerns_since);
  return json;
}

Json body_json(const Disclosure& disclosure) {
  return {{"entry", disclosure.entry.value},
          {"field", disclosure.field},
          {"salt", to_base64(disclosure.salt)},
          {"value", disclosure.words}};
}

}  // namespace cpl
