#include "registry/rules/rules.hpp"

#include "registry/rules/detail.hpp"

namespace cpl {
namespace {

Result<void> check_origin(const Statement& statement, const EntryContext& context) {
  if (statement.origin == context.origin) return {};
  return refuse("origin-mismatch", "the statement is made for the registry \"" + statement.origin +
                                       "\", this one is \"" + std::string(context.origin) + "\"");
}

Result<void> check_age(const Statement& statement, const CharterPolicy& policy,
                       const EntryContext& context) {
  const std::uint64_t age_max = policy.statement_age_seconds_max * 1000;
  if (statement.issued_at.value + age_max < context.time.value) {
    return refuse("statement-too-old", "issued at " + format_time(statement.issued_at) +
                                           ", which is longer ago than " +
                                           std::to_string(policy.statement_age_seconds_max) +
                                           " seconds: make it and sign it again");
  }
  if (statement.issued_at.value > context.time.value + rules::clock_skew_millis_max) {
    return refuse("statement-from-future", "issued at " + format_time(statement.issued_at) +
                                               ", which is yet to come: check the clock of the " +
                                               "machine that made it");
  }
  return {};
}

std::size_t count_signers(const SignedStatement& signed_statement, const RoleKeys& role) {
  return static_cast<std::size_t>(
      std::count_if(role.keys.begin(), role.keys.end(), [&](const NoteVerifier& key) {
        return std::find(signed_statement.signers.begin(), signed_statement.signers.end(), key) !=
               signed_statement.signers.end();
      }));
}

// Rule 2, signatures apart.
Result<void> check_replaces(const CharterRecord* in_force, const Charter& charter) {
  if (in_force == nullptr && charter.replaces) {
    return refuse("charter-replaces-mismatch", "the first charter of a log replaces none", 2);
  }
  if (in_force != nullptr && charter.replaces != in_force->entry) {
    return refuse("charter-replaces-mismatch",
                  "the charter must say that it replaces the one in force, " +
                      rules::name_of(in_force->entry),
                  2);
  }
  return {};
}

// The log's key signs for the server: no person's signature may be made with it.
Result<void> check_log_keys(const Charter& charter, const EntryContext& context) {
  for (const auto& [role, keys] : charter.roles) {
    for (const NoteVerifier& key : keys.keys) {
      const bool is_log = std::any_of(context.log_keys.begin(), context.log_keys.end(),
                                      [&](const auto& log) { return log.key() == key.key(); });
      if (!is_log && key.name() != context.origin) continue;
      return refuse("charter-log-key",
                    key.name() + " of the role " + to_string(role) +
                        " has the log's own key, or its name: a person needs another",
                    2);
    }
  }
  return {};
}

// What the statement says, its signatures apart. One for each type, so that one that is new does
// not compile before it stands here.
struct ApplyContent {
  const List& list;
  const EntryContext& context;

  Result<Change> operator()(const Charter& charter) const {
    TRY_VOID(check_replaces(list.charter().get(), charter));
    Change change;
    change.charter = std::make_shared<const CharterRecord>(CharterRecord{charter, context.index});
    return change;
  }
  Result<Change> operator()(const Addition& addition) const {
    return rules::apply_addition(list, addition, context);
  }
  Result<Change> operator()(const Minutes& minutes) const {
    return rules::apply_minutes(list, minutes, context);
  }
  Result<Change> operator()(const Decision& decision) const {
    return rules::apply_decision(list, decision, context);
  }
  Result<Change> operator()(const Notice& notice) const {
    return rules::apply_notice(list, notice, context);
  }
  Result<Change> operator()(const Receipt& receipt) const {
    return rules::apply_receipt(list, receipt, context);
  }
  Result<Change> operator()(const Removal& removal) const {
    return rules::apply_removal(list, removal, context);
  }
  Result<Change> operator()(const Reinstatement& reinstatement) const {
    return rules::apply_reinstatement(list, reinstatement, context);
  }
  Result<Change> operator()(const Correction& correction) const {
    return rules::apply_correction(list, correction, context);
  }
  Result<Change> operator()(const CertificateChange& certificate) const {
    return rules::apply_certificate(list, certificate, context);
  }
  Result<Change> operator()(const Disclosure& disclosure) const {
    return rules::apply_disclosure(list, disclosure, context);
  }
  Result<Change> operator()(const Withdrawal& withdrawal) const {
    return rules::apply_withdrawal(list, withdrawal, context);
  }
  Result<Change> operator()(const Loading& loading) const {
    return rules::apply_loading(list, loading, context);
  }
  Result<Change> operator()(const Deployment& deployment) const {
    return rules::apply_deployment(list, deployment, context);
  }
  Result<Change> operator()(const MeetingCalendar& calendar) const {
    return rules::apply_calendar(calendar, context);
  }
  Result<Change> operator()(const MeetingPaper& paper) const {
    return rules::apply_paper(list, paper, context);
  }
  Result<Change> operator()(const ActionUpdate& update) const {
    return rules::apply_action(list, update, context);
  }
  Result<Change> operator()(const Specifications& specifications) const {
    return rules::apply_specifications(list, specifications, context);
  }
};

// Rule 2.
Result<Change> apply_charter(const List& list, const SignedStatement& signed_statement,
                             const Charter& charter, const EntryContext& context) {
  const RoleKeys& panel = charter.roles.at(Role::panel);
  TRY_VOID(check_log_keys(charter, context));
  const ApplyContent content{list, context};
  Change change = TRY(content(charter));
  if (const auto in_force = list.charter(); in_force != nullptr) {
    const RoleKeys& old_panel = in_force->charter.roles.at(Role::panel);
    if (count_signers(signed_statement, old_panel) < old_panel.threshold) {
      return refuse("charter-old-threshold-not-met",
                    "a new charter needs " + std::to_string(old_panel.threshold) +
                        " signatures of the panel that is in force, this one has " +
                        std::to_string(count_signers(signed_statement, old_panel)),
                    2);
    }
  }
  if (count_signers(signed_statement, panel) < panel.threshold) {
    return refuse("charter-new-threshold-not-met",
                  "a charter needs " + std::to_string(panel.threshold) +
                      " signatures of the panel it names, this one has " +
                      std::to_string(count_signers(signed_statement, panel)),
                  2);
  }
  return change;
}

// Rule 1.
Result<void> require_threshold(const SignedStatement& signed_statement, const Charter& governing) {
  const auto [role, needed_to_count] = signers_needed(signed_statement.statement.body, governing);
  // Minutes go on record with one key, whatever they count for (apply_signed_minutes).
  const bool is_minutes = std::holds_alternative<Minutes>(signed_statement.statement.body);
  const std::uint64_t threshold = is_minutes ? 1 : needed_to_count;
  const RoleKeys& keys = governing.roles.at(role);
  const std::size_t count = count_signers(signed_statement, keys);
  if (count >= threshold) return {};
  const std::string needed = "it needs " + std::to_string(threshold) + " different " +
                             to_string(role) + " keys, and " + std::to_string(count) + " signed";
  if (!signed_statement.repeated.empty()) {
    return Error{
        Errc::unauthorized, "signer-repeated",
        signed_statement.repeated.front() + " signed more than once and counts once: " + needed, 1};
  }
  return Error{Errc::unauthorized, "threshold-not-met", needed, 1};
}

// Final minutes that fewer registrars signed than the threshold are on record as a draft: they
// confirm no decision and void none.
Result<Change> apply_signed_minutes(const List& list, const SignedStatement& signed_statement,
                                    const Charter& governing, const EntryContext& context) {
  Minutes minutes = std::get<Minutes>(signed_statement.statement.body);
  const auto [role, count] = signers_needed(signed_statement.statement.body, governing);
  if (count_signers(signed_statement, governing.roles.at(role)) < count) minutes.is_final = false;
  return rules::apply_minutes(list, minutes, context);
}

// What holds for a statement of any type; the charter that it is judged by.
Result<const Charter*> check_envelope(const CharterRecord* in_force, const Statement& statement,
                                      const EntryContext& context) {
  TRY_VOID(check_origin(statement, context));
  const auto* charter = std::get_if<Charter>(&statement.body);
  // Without the second condition a made-up charter further on could pass for a log's first one in
  // front of whoever sees only some of the entries.
  if (in_force == nullptr && (charter == nullptr || context.index != EntryIndex{0})) {
    return refuse("charter-missing", "the first entry of a registry must be its charter", 2);
  }
  const Charter* const governing = in_force == nullptr ? charter : &in_force->charter;
  TRY_VOID(check_age(statement, governing->policy, context));
  return governing;
}

// What is sealed goes on record, so that a disclosure can be held against it.
void note_seals(const Statement& statement, EntryIndex entry, Change& change) {
  if (statement.seals.empty()) return;
  SealRecord record{entry, {}, {}};
  for (const auto& [field, seal] : statement.seals)
    record.seals.emplace(field, SealRecord::Seal{seal.seal, {}, seal.opens});
  if (const auto* minutes = std::get_if<Minutes>(&statement.body))
    record.meeting = minutes->meeting;
  change.seals.push_back(std::move(record));
}

}  // namespace

std::string rules::name_of(EntryIndex entry) { return "entry " + std::to_string(entry.value); }

Result<void> check_content(const List& list, const Statement& statement,
                           const EntryContext& context) {
  const auto in_force = list.charter();
  TRY(check_envelope(in_force.get(), statement, context));
  TRY(std::visit(ApplyContent{list, context}, statement.body));
  return {};
}

Result<Change> apply(const List& list, const SignedStatement& signed_statement,
                     const EntryContext& context) {
  const Statement& statement = signed_statement.statement;
  const auto in_force = list.charter();
  check(is_opened_under(signed_statement, in_force.get()));
  const Charter& governing = *TRY(check_envelope(in_force.get(), statement, context));
  const auto* charter = std::get_if<Charter>(&statement.body);
  if (charter != nullptr) return apply_charter(list, signed_statement, *charter, context);
  TRY_VOID(require_threshold(signed_statement, governing));
  const bool is_minutes = std::holds_alternative<Minutes>(statement.body);
  Change change = TRY(is_minutes ? apply_signed_minutes(list, signed_statement, governing, context)
                                 : std::visit(ApplyContent{list, context}, statement.body));
  note_seals(statement, context.index, change);
  return change;
}

}  // namespace cpl
