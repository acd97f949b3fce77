#include "registry/query/decision_handling.hpp"

#include "registry/statement/cited.hpp"
#include "registry/tlog/entry.hpp"

namespace cpl {
namespace {

Result<StatementBody> read_body(const LogView& log, EntryIndex entry) {
  return TRY(read_signed(TRY(log.entry(entry)).statement)).body;
}

// What an entry was done on: a notice, or a decision.
std::optional<EntryIndex> cited(const StatementBody& body) {
  const Cited by = cited_by(body);
  return by.notice ? by.notice : by.decision;
}

Result<void> take_disclosed(const LogView& log, EntryIndex decision, Text& text) {
  const auto seals = TRY(log.list().seals(decision));
  if (!seals || !seals->seals.contains(std::string(handling_field))) return {};
  const auto by = seals->seals.at(std::string(handling_field)).disclosed_by;
  if (!by) return {};
  const StatementBody disclosure = TRY(read_body(log, *by));
  if (const auto* opened = std::get_if<Disclosure>(&disclosure)) text.words = opened->words;
  return {};
}

}  // namespace

Result<std::optional<DecisionHandling>> find_handling(const LogView& log, EntryIndex entry) {
  StatementBody body = TRY(read_body(log, entry));
  while (const auto before = cited(body)) {
    check(*before < entry);  // The rules let an entry cite what is there.
    entry = *before;
    body = TRY(read_body(log, entry));
  }
  const auto* decision = std::get_if<Decision>(&body);
  if (decision == nullptr || !decision->handling) return std::nullopt;
  DecisionHandling found{entry, *decision->handling};
  if (found.text.seal) TRY_VOID(take_disclosed(log, entry, found.text));
  return found;
}

}  // namespace cpl
