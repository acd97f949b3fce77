#include "registry/log/log_keys.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/store/keyspace.hpp"

namespace cpl::store_keys {
namespace {

Bytes numbered(char letter, std::uint64_t number) {
  Bytes key(1, letter);
  append_u64(key, number);
  return key;
}

Bytes of_model(char letter, const ModelId& id, std::uint64_t number) {
  Bytes key = letter + id.text();
  key.push_back('\0');
  append_u64(key, number);
  return key;
}

}  // namespace

Bytes head() { return "H"; }
Bytes statement(const Hash& id) { return "i" + Bytes(id.view()); }
Bytes charter(EntryIndex index) { return numbered('c', index.value); }
Bytes model(const ModelId& id) { return "m" + id.text(); }
Bytes decision(EntryIndex index) { return numbered('d', index.value); }
Bytes notice(EntryIndex index) { return numbered('o', index.value); }
Bytes seals(EntryIndex index) { return numbered('x', index.value); }
Bytes tree_branch(EntryIndex at) { return numbered('n', ~at.value); }
Bytes end_of_tree_branches() { return keyspace::end_of("n"); }
Bytes subscription(std::string_view id) { return "s" + Bytes(id); }
Bytes party(std::string_view name) { return "p" + Bytes(name); }
Bytes report(std::uint64_t number) { return numbered('r', number); }
Bytes answers_to(std::string_view principal) { return "a" + Bytes(sha256(principal).view()); }
Bytes answer(std::string_view principal, const Hash& request_name) {
  return answers_to(principal).append(request_name.view());
}
Bytes escalation(EntryIndex notice, std::uint8_t step, std::string_view party) {
  Bytes key = numbered('k', notice.value);
  key.push_back(static_cast<char>(step));
  return key.append(party);
}
Bytes advisories(std::string_view subscription) {
  Bytes key = "u" + Bytes(subscription);
  key.push_back('\0');
  return key;
}
Bytes advisory(std::string_view subscription, EntryIndex entry, BytesView mark) {
  Bytes key = advisories(subscription);
  append_u64(key, entry.value);
  return key.append(mark);
}
Bytes delivery(std::string_view subscription, std::uint64_t number) {
  Bytes key = "l" + Bytes(subscription);
  key.push_back('\0');
  append_u64(key, number);
  return key;
}
Bytes published_checkpoint() { return "wc"; }
Bytes witness_alarm() { return "wa"; }

Bytes tile(unsigned level, std::uint64_t index) {
  Bytes key = "h";
  key.push_back(static_cast<char>(level));
  append_u64(key, index);
  return key;
}

Bytes model_version(const ModelId& id, EntryIndex at) { return of_model('v', id, ~at.value); }
Bytes model_history(const ModelId& id, EntryIndex at) { return of_model('y', id, at.value); }

Bytes meeting(const MeetingRef& ref) {
  Bytes key = "g" + ref.body;
  key.push_back('\0');
  return key + ref.meeting;
}

}  // namespace cpl::store_keys
