// The rules of each statement type; called by `apply` alone, after the signatures and times of the
// statement have been judged.
#pragma once

#include "registry/rules.hpp"

namespace cpl::rules {

// Rule 1: enough distinct keys of the role signed.
Result<void> require_threshold(const SignedStatement& signed_statement, const RoleKeys& role,
                               std::string_view role_name);

Result<Change> apply_addition(const List& list, const Addition& addition,
                              const EntryContext& context);
Result<Change> apply_minutes(const List& list, const Minutes& minutes, const EntryContext& context);
Result<Change> apply_decision(const List& list, const Decision& decision,
                              const EntryContext& context);
Result<Change> apply_notice(const List& list, const Notice& notice, const EntryContext& context);
Result<Change> apply_receipt(const List& list, const Receipt& receipt, const EntryContext& context);
Result<Change> apply_removal(const List& list, const Removal& removal, const EntryContext& context);

// "entry 42", as refusals name it.
std::string name_of(EntryIndex entry);

}  // namespace cpl::rules
