#include "registry/statement/cited.hpp"

namespace cpl {
namespace {

// One for each type of statement, so that one that is new does not compile before it stands here.
struct Citing {
  Cited operator()(const Charter&) const { return {}; }
  Cited operator()(const Minutes&) const { return {}; }
  Cited operator()(const Decision&) const { return {}; }
  Cited operator()(const Addition&) const { return {}; }
  Cited operator()(const Notice& notice) const { return {notice.decision, {}}; }
  Cited operator()(const Receipt& receipt) const { return {{}, receipt.notice}; }
  Cited operator()(const Removal& removal) const { return {{}, removal.notice}; }
  Cited operator()(const Reinstatement& back) const { return {back.decision, {}}; }
  Cited operator()(const Correction& correction) const { return {correction.decision, {}}; }
  Cited operator()(const CertificateChange&) const { return {}; }
  Cited operator()(const Disclosure&) const { return {}; }
  Cited operator()(const Withdrawal& withdrawal) const {
    return {withdrawal.decision, withdrawal.notice};
  }
  Cited operator()(const Loading&) const { return {}; }
  Cited operator()(const Deployment&) const { return {}; }
  Cited operator()(const MeetingCalendar&) const { return {}; }
  Cited operator()(const MeetingPaper&) const { return {}; }
  Cited operator()(const ActionUpdate&) const { return {}; }
  Cited operator()(const Specifications&) const { return {}; }
};

}  // namespace

Cited cited_by(const StatementBody& body) { return std::visit(Citing(), body); }

}  // namespace cpl
