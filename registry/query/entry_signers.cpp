#include "registry/query/entry_signers.hpp"

#include "registry/rules/rules.hpp"

namespace cpl {
namespace {

// The charter in force for most entries is today's; only for older ones is another looked for.
Result<std::shared_ptr<const CharterRecord>> charter_for(const LogView& log, EntryIndex entry) {
  auto newest = log.charter();
  if (newest != nullptr && newest->entry < entry) return newest;
  return log.charter_before(entry);
}

}  // namespace

Result<EntrySigners> entry_signers(const LogView& log, EntryIndex entry, const Note& note,
                                   const Statement& statement) {
  const auto in_force = TRY(charter_for(log, entry));
  EntrySigners signers;
  for (const NoteVerifier& key : signing_keys(note, statement, in_force)) {
    signers.names.push_back(key.name());
  }
  // The first charter is vouched for by its own panel.
  const auto* first = std::get_if<Charter>(&statement.body);
  if (in_force == nullptr && first == nullptr) return corrupt("an entry before any charter");
  const Charter& charter = in_force != nullptr ? in_force->charter : *first;
  const SignersNeeded needed = signers_needed(statement.body, charter);
  signers.role = needed.role;
  signers.needed = needed.count;
  signers.of = charter.roles.at(needed.role).keys.size();
  signers.charter = in_force != nullptr ? in_force->entry : entry;
  return signers;
}

Result<ReadEntry> read_entry(const LogView& log, EntryIndex index) {
  Entry entry = TRY(log.entry(index));
  Note note = TRY(parse_note(entry.statement));
  Statement statement = TRY(parse_statement(note.text));
  return ReadEntry{std::move(entry), std::move(note), std::move(statement)};
}

}  // namespace cpl
