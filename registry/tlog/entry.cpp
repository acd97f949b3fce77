#include "registry/tlog/entry.hpp"

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::string_view entry_header = "cpl/entry/v1\n";

Error entry_error(std::string detail) {
  return malformed("entry-malformed", "not an entry: " + std::move(detail));
}

}  // namespace

Bytes format_entry(const Entry& entry) {
  Bytes leaf(entry_header);
  leaf += std::to_string(entry.index.value) + "\n" + format_time_millis(entry.time) + "\n" +
          to_base64(entry.state_root) + "\n\n" + entry.statement;
  check(leaf.size() <= entry_size_max);
  return leaf;
}

Result<Entry> parse_entry(BytesView leaf) {
  if (leaf.size() > entry_size_max) return entry_error("it has more than 65,535 octets");
  if (!leaf.starts_with(entry_header))
    return entry_error("its first line must be \"cpl/entry/v1\"");
  std::string_view rest = leaf.substr(entry_header.size());
  const auto index = from_decimal(take_line(rest).value_or(""));
  const auto time = parse_time_millis(take_line(rest).value_or(""));
  const auto root = hash_from_base64(take_line(rest).value_or(""));
  if (!index || !time || !root) {
    return entry_error("lines for the index, the time and the state root must follow");
  }
  if (!rest.starts_with('\n')) return entry_error("an empty line must part it from the statement");
  return Entry{EntryIndex{*index}, *time, *root, Bytes(rest.substr(1))};
}

}  // namespace cpl
