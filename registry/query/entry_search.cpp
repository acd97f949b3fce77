#include "registry/query/entry_search.hpp"

#include "registry/query/entry_signers.hpp"

namespace cpl {
namespace {

constexpr std::size_t looked_at_max = 5000;

bool has_line_of(const Note& note, const std::string& name) {
  return std::any_of(note.signatures.begin(), note.signatures.end(),
                     [&](const auto& line) { return line.name == name; });
}

Result<bool> is_wanted(const LogView& log, const EntryFilter& filter, const Entry& entry) {
  if (filter.type.empty() && filter.signed_by.empty()) return true;
  if (!filter.type.empty() && statement_type_of(entry) != filter.type) return false;
  if (filter.signed_by.empty()) return true;
  const Note note = TRY(parse_note(entry.statement));
  if (!has_line_of(note, filter.signed_by)) return false;
  const Statement statement = TRY(parse_statement(note.text));
  const auto names = TRY(entry_signers(log, entry.index, note, statement)).names;
  return std::find(names.begin(), names.end(), filter.signed_by) != names.end();
}

}  // namespace

std::string_view statement_type_of(const Entry& entry) {
  std::string_view text = entry.statement;
  for (int line = 0; line < 2; ++line) {
    const auto end = text.find('\n');
    if (end == text.npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

Result<EntryIndex> first_entry_since(const LogView& log, UnixMillis time) {
  std::uint64_t low = 0;
  std::uint64_t high = log.size().value;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (TRY(log.entry(EntryIndex{middle})).time < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return EntryIndex{low};
}

Result<FoundEntries> find_entries(const LogView& log, const EntryFilter& filter, EntryIndex from,
                                  std::size_t count_max) {
  if (filter.since) from = std::max(from, TRY(first_entry_since(log, *filter.since)));
  FoundEntries found;
  std::size_t looked_at = 0;
  for (std::uint64_t at = from.value; at < log.size().value; ++at, ++looked_at) {
    if (found.entries.size() == count_max || looked_at == looked_at_max) {
      found.next = EntryIndex{at};
      break;
    }
    const Entry entry = TRY(log.entry(EntryIndex{at}));
    if (filter.until && entry.time > *filter.until) break;
    if (TRY(is_wanted(log, filter, entry))) found.entries.push_back(entry.index);
  }
  return found;
}

}  // namespace cpl
