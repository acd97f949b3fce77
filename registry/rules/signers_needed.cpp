// Rule 1: which role vouches for a statement of a type, and with how many keys.
#include "registry/rules/rules.hpp"

namespace cpl {
namespace {

// One for each type of statement, so that one that is new does not compile before it stands here.
struct RoleFor {
  Role operator()(const Charter&) const { return Role::panel; }
  Role operator()(const Decision&) const { return Role::panel; }
  Role operator()(const Receipt&) const { return Role::service_desk; }
  Role operator()(const Minutes&) const { return Role::registrar; }
  Role operator()(const Addition&) const { return Role::registrar; }
  Role operator()(const Notice&) const { return Role::registrar; }
  Role operator()(const Removal&) const { return Role::registrar; }
  Role operator()(const Reinstatement&) const { return Role::registrar; }
  Role operator()(const Correction&) const { return Role::registrar; }
  Role operator()(const CertificateChange&) const { return Role::registrar; }
  Role operator()(const Disclosure&) const { return Role::registrar; }
  Role operator()(const Withdrawal&) const { return Role::registrar; }
  Role operator()(const Loading&) const { return Role::service_desk; }
  Role operator()(const Deployment&) const { return Role::service_desk; }
  Role operator()(const MeetingCalendar&) const { return Role::registrar; }
  Role operator()(const MeetingPaper&) const { return Role::registrar; }
  Role operator()(const ActionUpdate&) const { return Role::registrar; }
  Role operator()(const Specifications&) const { return Role::registrar; }
};

}  // namespace

SignersNeeded signers_needed(const StatementBody& body, const Charter& in_force) {
  const Role role = std::visit(RoleFor(), body);
  // Drafts change nothing, and one registrar key vouches for them; final minutes confirm decisions
  // or void them, as they may void a removal, so to count as final they take the whole threshold as
  // a removal does.
  const auto* minutes = std::get_if<Minutes>(&body);
  if (minutes != nullptr && !minutes->is_final) return {role, 1};
  return {role, in_force.roles.at(role).threshold};
}

}  // namespace cpl
