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

std::vector<CoverEnd> all_cover_ends(const ModelRecord& record) {
  static const Date last_day = *Date::parse("9999-12-31");
  return cover_ends(record, last_day);
}

std::optional<CoverEnd> first_cover_end(const ModelRecord& record) {
  const auto ends = all_cover_ends(record);
  const auto first = std::min_element(ends.begin(), ends.end(),
                                      [](const auto& a, const auto& b) { return a.date < b.date; });
  if (first == ends.end()) return std::nullopt;
  return *first;
}

}  // namespace cpl
