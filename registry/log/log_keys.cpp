#include "registry/log/log_keys.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/store/keyspace.hpp"

namespace cpl::store_keys {
namespace {

using keyspace::first;
using keyspace::Kind;
using keyspace::numbered;

// `text` and a NUL, so that no longer text begins with it.
Bytes named(Kind kind, std::string_view text) {
  Bytes key = first(kind).append(text);
  key.push_back('\0');
  return key;
}

Bytes named(Kind kind, std::string_view text, std::uint64_t number) {
  Bytes key = named(kind, text);
  append_u64(key, number);
  return key;
}

}  // namespace

Bytes head() { return first(Kind::head); }
Bytes statement(const Hash& id) { return first(Kind::statement_id).append(id.view()); }
Bytes charter(EntryIndex index) { return numbered(Kind::charter, index.value); }
Bytes model(const ModelId& id) { return first(Kind::model).append(id.text()); }
Bytes decision(EntryIndex index) { return numbered(Kind::decision, index.value); }
Bytes notice(EntryIndex index) { return numbered(Kind::notice, index.value); }
Bytes seals(EntryIndex index) { return numbered(Kind::seals, index.value); }
Bytes work(const WorkKey& key) {
  Bytes octets = first(Kind::work);
  octets.push_back(static_cast<char>(key.kind));
  return octets.append(key.name);
}
Bytes tree_branch(EntryIndex at) { return numbered(Kind::tree_branch, ~at.value); }
Bytes model_by_status(ModelStatus status, std::string_view id) {
  Bytes key = first(Kind::model_by_status);
  key.push_back(status == ModelStatus::listed ? 'l' : 'r');
  return key.append(id);
}
Bytes cover_end(std::string_view date, std::string_view id) {
  return first(Kind::cover_end).append(date).append(id);
}
Bytes manufacturer_name(std::string_view id, std::string_view name) {
  return named(Kind::manufacturer_name, id).append(name);
}
Bytes wordy_model(std::string_view id) { return first(Kind::wordy_model).append(id); }
Bytes model_by_fact(ModelFact fact, std::string_view text, std::string_view id) {
  return named(Kind::model_by_fact, std::string(1, static_cast<char>(fact)) + ascii_lower(text))
      .append(id);
}
Bytes subscription(std::string_view id) { return first(Kind::subscription).append(id); }
Bytes party(std::string_view name) { return first(Kind::party).append(name); }
Bytes report(std::uint64_t number) { return numbered(Kind::report, number); }
Bytes tray(std::string_view id) { return first(Kind::tray).append(id); }
Bytes answers_to(std::string_view principal) {
  return first(Kind::answer).append(sha256(principal).view());
}
Bytes answer(std::string_view principal, const Hash& request_name) {
  return answers_to(principal).append(request_name.view());
}
Bytes escalation(EntryIndex notice, std::uint8_t step, std::string_view party) {
  Bytes key = numbered(Kind::escalation, notice.value);
  key.push_back(static_cast<char>(step));
  return key.append(party);
}
Bytes advisories(std::string_view subscription) { return named(Kind::advisory, subscription); }
Bytes advisory(std::string_view subscription, EntryIndex entry, BytesView mark) {
  return named(Kind::advisory, subscription, entry.value).append(mark);
}
Bytes delivery(std::string_view subscription, std::uint64_t number) {
  return named(Kind::delivery, subscription, number);
}
Bytes published_checkpoint() { return first(Kind::publication).append("c"); }
Bytes witness_alarm() { return first(Kind::publication).append("a"); }

Bytes tile(unsigned level, std::uint64_t index) {
  Bytes key = first(Kind::tile);
  key.push_back(static_cast<char>(level));
  append_u64(key, index);
  return key;
}

Bytes model_version(const ModelId& id, EntryIndex at) {
  return named(Kind::model_version, id.text(), ~at.value);
}
Bytes model_history(const ModelId& id, EntryIndex at) {
  return named(Kind::model_history, id.text(), at.value);
}

Bytes meeting(const MeetingRef& ref) { return named(Kind::meeting, ref.body).append(ref.meeting); }

}  // namespace cpl::store_keys
