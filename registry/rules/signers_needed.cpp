// Rule 1: which role vouches for a statement of a type, and with how many keys.
#include "registry/rules/rules.hpp"

namespace cpl {
namespace {

Role role_for(const StatementBody& body) {
  if (std::holds_alternative<Charter>(body)) return Role::panel;
  if (std::holds_alternative<Decision>(body)) return Role::panel;
  if (std::holds_alternative<Receipt>(body)) return Role::service_desk;
  return Role::registrar;
}

}  // namespace

SignersNeeded signers_needed(const StatementBody& body, const Charter& in_force) {
  const Role role = role_for(body);
  // Drafts change nothing, and one registrar key vouches for them; final minutes confirm decisions
  // or void them, as they may void a removal, so to count as final they take the whole threshold as
  // a removal does.
  const auto* minutes = std::get_if<Minutes>(&body);
  if (minutes != nullptr && !minutes->is_final) return {role, 1};
  return {role, in_force.roles.at(role).threshold};
}

}  // namespace cpl
