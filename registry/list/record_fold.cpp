#include "registry/list/record_fold.hpp"

#include "registry/list/state_record.hpp"

namespace cpl {
namespace {

// One for each type of statement, so that one that is new does not compile before it stands here.
struct Fold {
  ModelRecord& record;
  const FoldedEntry& at;

  void operator()(const Charter&) const {}
  void operator()(const Minutes&) const {}
  void operator()(const Decision&) const {}
  void operator()(const Disclosure&) const {}
  void operator()(const Loading&) const {}
  void operator()(const Deployment&) const {}
  void operator()(const MeetingCalendar&) const {}
  void operator()(const MeetingPaper&) const {}
  void operator()(const ActionUpdate&) const {}
  void operator()(const Specifications&) const {}
  void operator()(const Addition& body) const { apply_to_record(record, body, at); }
  void operator()(const Notice& body) const { apply_to_record(record, body, at); }
  void operator()(const Receipt& body) const { apply_to_record(record, body, at); }
  void operator()(const Removal& body) const { apply_to_record(record, body, at); }
  void operator()(const Reinstatement& body) const { apply_to_record(record, body, at); }
  void operator()(const Correction& body) const { apply_to_record(record, body, at); }
  void operator()(const CertificateChange& body) const { apply_to_record(record, body, at); }
  void operator()(const Withdrawal& body) const { apply_to_record(record, body, at); }
};

void change_status(ModelRecord& record, ModelStatus status, const StatedTime& stated,
                   const FoldedEntry& at) {
  record.status = status;
  record.changed_before = std::exchange(record.changed_at, at.index);
  record.effective_from = effective_time(stated, at.time);
}

}  // namespace

void apply_to_record(ModelRecord& record, const Addition& addition, const FoldedEntry& at) {
  record = ModelRecord();
  record.model = addition.model;
  record.status = ModelStatus::listed;
  record.added = at.index;
  record.changed_at = at.index;
  record.effective_from = effective_time(addition.effective_from, at.time);
}

void apply_to_record(ModelRecord& record, const Notice&, const FoldedEntry& at) {
  record.notice = at.index;
}

void apply_to_record(ModelRecord& record, const Receipt& receipt, const FoldedEntry&) {
  // Where the charter lets a removal come before the desk's word, it stays bound to its notice.
  const bool is_free =
      receipt.status == ReceiptStatus::rejected && record.status == ModelStatus::listed;
  if (is_free) record.notice.reset();
}

void apply_to_record(ModelRecord& record, const Removal& removal, const FoldedEntry& at) {
  change_status(record, ModelStatus::removed, removal.effective_from, at);
  record.decision = at.decision;
  record.notice = removal.notice;
  record.status_word = removal.status_word;
}

void apply_to_record(ModelRecord& record, const Reinstatement& reinstatement,
                     const FoldedEntry& at) {
  change_status(record, ModelStatus::listed, reinstatement.effective_from, at);
  record.decision = reinstatement.decision;
  record.notice.reset();
  record.status_word.reset();
}

void apply_to_record(ModelRecord& record, const Correction& correction, const FoldedEntry&) {
  record.model = correction.model;
  record.digests.reset();
}

void apply_to_record(ModelRecord& record, const CertificateChange& certificate,
                     const FoldedEntry& at) {
  if (certificate.event != CertificateEvent::renewed) {
    record.lapsed.insert_or_assign(
        certificate.kind, LapsedCertificate{certificate.event, certificate.date, at.index});
    return;
  }
  put_renewed(certificate, record.model);
  if (record.digests) {
    record.digests->of(certificate.kind) = digests_of(record.model).of(certificate.kind);
  }
  record.lapsed.erase(certificate.kind);
}

void apply_to_record(ModelRecord& record, const Withdrawal&, const FoldedEntry&) {
  record.notice.reset();
}

void apply_to_record(ModelRecord& record, const StatementBody& body, const FoldedEntry& at) {
  std::visit(Fold{record, at}, body);
}

}  // namespace cpl
