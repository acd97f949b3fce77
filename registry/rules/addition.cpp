// Rule 3: what may come onto the list.
#include "registry/base/london.hpp"
#include "registry/rules/detail.hpp"

namespace cpl::rules {
namespace {

Error refuse_addition(const ModelId& id, std::string code, std::string detail) {
  return refuse_model(id, std::move(code), std::move(detail), 3);
}

bool has_certificate(const DeviceModel& model, CertificateKind kind) {
  switch (kind) {
    case CertificateKind::zigbee:
      return model.zigbee.has_value();
    case CertificateKind::dlms:
      return model.dlms.has_value();
    case CertificateKind::cpa:
      return model.cpa.has_value();
  }
  return false;
}

Result<void> check_required_certificates(const DeviceModel& model, const CharterPolicy& policy) {
  const auto required = policy.required_certificates.find(model.device_type);
  if (required == policy.required_certificates.end()) return {};
  for (const CertificateKind kind : required->second) {
    if (has_certificate(model, kind)) continue;
    return refuse_addition(model.id(), "certificate-missing",
                           "has no " + std::string(word_of(kind)) +
                               " certificate, which the charter demands of its device type");
  }
  return {};
}

Result<void> check_cpa_validity(const ModelId& id, const std::optional<CpaCertificate>& cpa,
                                const CharterPolicy& policy) {
  if (!cpa || cpa->kind != CpaCertificate::Kind::dated) return {};
  const auto years_max = static_cast<int>(policy.cpa_years_max);
  if (years_max == 0 || cpa->end_date <= cpa->issue_date.plus_years(years_max)) return {};
  return refuse_addition(id, "certificate-validity-too-long",
                         "has a CPA certificate that runs from " + cpa->issue_date.text() + " to " +
                             cpa->end_date.text() + ", longer than " + std::to_string(years_max) +
                             " years");
}

Result<void> check_cpa_in_force(const ModelId& id, const std::optional<CpaCertificate>& cpa,
                                const EntryContext& context) {
  if (!cpa || cpa->kind != CpaCertificate::Kind::dated) return {};
  if (cpa->end_date >= london_day(context.time)) return {};
  return refuse_addition(id, "certificate-expired",
                         "has a CPA certificate that expired on " + cpa->end_date.text());
}

Result<void> check_issued(const ModelId& id, const Date& date, UnixMillis now) {
  if (has_come(date, now)) return {};
  return refuse_addition(id, "certificate-date-future",
                         "has a certificate issued on " + date.text() + ", which is still to come");
}

// It cannot be on the list before it was asked for, nor from a day that is still to come.
Result<void> check_addition_time(const Addition& addition, const EntryContext& context) {
  const UnixMillis from = effective_time(addition.effective_from, context.time);
  TRY_VOID(check_not_before(from, addition.model.received_at, "the submission was received", 3));
  if (from.value <= context.time.value + clock_skew_millis_max) return {};
  return refuse_addition(
      addition.model.id(), "not-yet-effective",
      "would be on the list from " + format_time(from) + ", which is yet to come: submit it then");
}

Result<void> check_image_hash(const DeviceModel& model, const CharterPolicy& policy) {
  const bool needed =
      std::find(policy.image_hash_required.begin(), policy.image_hash_required.end(),
                model.device_type) != policy.image_hash_required.end();
  if (!needed || model.image_hash) return {};
  return refuse_addition(model.id(), "image-hash-missing",
                         "can be updated over the air, so it needs the hash of its image");
}

// A predecessor must have come before, so no circle can form.
Result<void> check_predecessors(const List& list, const ModelId& id, const DeviceModel& model) {
  for (const ModelId& predecessor : model.predecessors) {
    const auto record = TRY(list.model(predecessor));
    if (!record) {
      return refuse_addition(id, "predecessor-not-found",
                             "names a predecessor, " + predecessor.text() +
                                 ", that was never on the list: add that one first");
    }
    if (record->model.manufacturer_id != model.manufacturer_id ||
        record->model.model_id != model.model_id) {
      return refuse_addition(
          id, "predecessor-mismatch",
          "names a predecessor, " + predecessor.text() + ", of another manufacturer or model");
    }
  }
  return {};
}

}  // namespace

Error refuse_model(const ModelId& id, std::string code, std::string detail, int rule) {
  return refuse(std::move(code), id.text() + " " + std::move(detail), rule);
}

Result<void> check_cpa(const ModelId& id, const std::optional<CpaCertificate>& cpa,
                       const CharterPolicy& policy, const EntryContext& context) {
  TRY_VOID(check_cpa_in_force(id, cpa, context));
  return check_cpa_validity(id, cpa, policy);
}

Result<void> check_issue_dates(const DeviceModel& model, UnixMillis now) {
  if (model.zigbee) TRY_VOID(check_issued(model.id(), model.zigbee->issue_date, now));
  if (model.dlms) TRY_VOID(check_issued(model.id(), model.dlms->issue_date, now));
  if (model.cpa) TRY_VOID(check_issued(model.id(), model.cpa->issue_date, now));
  return {};
}

Result<void> check_model(const List& list, const DeviceModel& model, const CharterPolicy& policy) {
  TRY_VOID(check_required_certificates(model, policy));
  TRY_VOID(check_cpa_validity(model.id(), model.cpa, policy));
  TRY_VOID(check_image_hash(model, policy));
  return check_predecessors(list, model.id(), model);
}

Result<Change> apply_addition(const List& list, const Addition& addition,
                              const EntryContext& context) {
  const DeviceModel& model = addition.model;
  const ModelId id = model.id();
  if (const auto existing = TRY(list.model(id))) {
    if (existing->status == ModelStatus::listed) {
      return refuse_addition(id, "model-already-listed",
                             "is on the list since " + name_of(existing->added));
    }
    return refuse_addition(id, "model-removed",
                           "was removed by " + name_of(existing->changed_at) +
                               ": only a reinstatement with a decision brings it back");
  }
  TRY_VOID(check_addition_time(addition, context));
  TRY_VOID(check_issue_dates(model, context.time));
  TRY_VOID(check_cpa_in_force(id, model.cpa, context));
  TRY_VOID(check_model(list, model, list.charter()->charter.policy));
  Change change;
  change.state_changed = id;
  apply_to_record(change.models.emplace_back(), addition, folded(context));
  return change;
}

}  // namespace cpl::rules
