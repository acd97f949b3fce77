#include "registry/list/certificate_cover.hpp"

namespace cpl {
namespace {

CoverEndKind recorded(CertificateEvent event) {
  switch (event) {
    case CertificateEvent::withdrawn:
      return CoverEndKind::withdrawn;
    case CertificateEvent::cancelled:
      return CoverEndKind::cancelled;
    case CertificateEvent::expired:
    case CertificateEvent::renewed:  // Ends a lapse, and is none.
      break;
  }
  return CoverEndKind::expired;
}

}  // namespace

std::vector<CoverEnd> cover_ends(const ModelRecord& record, const Date& by) {
  std::vector<CoverEnd> ends;
  for (const auto& [certificate, lapsed] : record.lapsed) {
    if (lapsed.date <= by) ends.push_back({certificate, recorded(lapsed.event), lapsed.date});
  }
  const auto& cpa = record.model.cpa;
  if (cpa && cpa->end_date <= by && !record.lapsed.contains(CertificateKind::cpa)) {
    const bool dated = cpa->kind == CpaCertificate::Kind::dated;
    ends.push_back({CertificateKind::cpa, dated ? CoverEndKind::expires : CoverEndKind::renewal_due,
                    cpa->end_date});
  }
  return ends;
}

}  // namespace cpl
