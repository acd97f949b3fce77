#include "registry/log/stored_list.hpp"

#include "registry/list/record_json.hpp"
#include "registry/list/state_record.hpp"
#include "registry/list/work_json.hpp"
#include "registry/log/log_keys.hpp"
#include "registry/store/keyspace.hpp"

namespace cpl {
namespace {

using keyspace::Kind;

// The models whose ids come after `after`.
Result<std::vector<KeyValue>> rows_after(const StoreView& store, std::string_view after,
                                         std::size_t count_max) {
  Bytes from = keyspace::first(Kind::model).append(after);
  if (!after.empty()) from.push_back('\0');
  return store.scan(from, keyspace::end_of(Kind::model), count_max);
}

// Newest-first pages over keys that rise with the entry index: reads all up to `before`, and
// decodes only the page.
template <class Record, class Decode>
Result<std::vector<Record>> read_before(const StoreView& store, Kind kind,
                                        std::optional<EntryIndex> before, std::size_t count_max,
                                        Decode decode, std::size_t scan_max) {
  const Bytes end = before ? keyspace::numbered(kind, before->value) : keyspace::end_of(kind);
  const auto found = TRY(store.scan(keyspace::first(kind), end, scan_max));
  std::vector<Record> records;
  for (auto at = found.rbegin(); at != found.rend() && records.size() < count_max; ++at) {
    records.push_back(TRY(decode(at->value)));
  }
  return records;
}

// Decisions and notices are few (some tens a year); this bounds a hostile log.
constexpr std::size_t rare_records_max = 100'000;

template <class Decode>
auto read_one(const StoreView& store, BytesView key, Decode decode)
    -> Result<std::optional<std::decay_t<decltype(*decode(BytesView()))>>> {
  using Record = std::decay_t<decltype(*decode(BytesView()))>;
  const auto value = TRY(store.get(key));
  if (!value) return std::optional<Record>();
  return std::optional<Record>(TRY(decode(*value)));
}

}  // namespace

Result<std::optional<ModelRecord>> StoredList::model(const ModelId& id) const {
  return read_one(*store_, store_keys::model(id), decode_model);
}
Result<std::optional<DecisionRecord>> StoredList::decision(EntryIndex entry) const {
  return read_one(*store_, store_keys::decision(entry), decode_decision);
}
Result<std::optional<MeetingRecord>> StoredList::meeting(const MeetingRef& ref) const {
  return read_one(*store_, store_keys::meeting(ref), decode_meeting);
}
Result<std::optional<NoticeRecord>> StoredList::notice(EntryIndex entry) const {
  return read_one(*store_, store_keys::notice(entry), decode_notice);
}
Result<std::optional<SealRecord>> StoredList::seals(EntryIndex entry) const {
  return read_one(*store_, store_keys::seals(entry), decode_seals);
}

Result<std::optional<WorkRecord>> StoredList::work(const WorkKey& key) const {
  return read_one(*store_, store_keys::work(key),
                  [&](BytesView value) { return decode_work(key.kind, value); });
}

Result<std::vector<WorkRecord>> StoredList::work_after(WorkKind kind, std::string_view after,
                                                       std::size_t count_max) const {
  const Bytes all = store_keys::work({kind, {}});
  const Bytes from = after.empty() ? all : Bytes(all).append(after).append(1, '\0');
  std::vector<WorkRecord> records;
  for (const KeyValue& found :
       TRY(store_->scan(from, keyspace::end_of(BytesView(all)), count_max))) {
    records.push_back(TRY(decode_work(kind, found.value)));
  }
  return records;
}

Result<std::vector<ModelRecord>> StoredList::models_after(std::string_view after,
                                                          std::size_t count_max) const {
  std::vector<ModelRecord> records;
  for (const KeyValue& found : TRY(rows_after(*store_, after, count_max))) {
    records.push_back(TRY(decode_model(found.value)));
  }
  return records;
}

Result<StoredList::ModelScan> StoredList::scan_models(std::string_view from, std::string_view to,
                                                      std::size_t window,
                                                      const MayBeWanted& may_be_wanted) const {
  const Bytes end =
      to.empty() ? keyspace::end_of(Kind::model) : keyspace::first(Kind::model).append(to);
  const auto found = TRY(store_->scan(keyspace::first(Kind::model).append(from), end, window));
  ModelScan scan;
  scan.scanned = found.size();
  Bytes stored;
  for (const KeyValue& one : found) {
    stored.assign(one.key, 1).append(one.value);
    if (may_be_wanted(stored)) scan.records.push_back(TRY(decode_model(one.value)));
  }
  if (!found.empty()) scan.last = found.back().key.substr(1);
  return scan;
}

Result<std::vector<NoticeRecord>> StoredList::notices_before(std::optional<EntryIndex> before,
                                                             std::size_t count_max) const {
  return read_before<NoticeRecord>(*store_, Kind::notice, before, count_max, decode_notice,
                                   rare_records_max);
}

Result<std::vector<DecisionRecord>> StoredList::decisions_before(std::optional<EntryIndex> before,
                                                                 std::size_t count_max) const {
  return read_before<DecisionRecord>(*store_, Kind::decision, before, count_max, decode_decision,
                                     rare_records_max);
}

Result<std::vector<MeetingRecord>> StoredList::meetings(std::size_t count_max) const {
  std::vector<MeetingRecord> records;
  for (const KeyValue& found : TRY(RowPages(*store_, Kind::meeting, count_max).next())) {
    records.push_back(TRY(decode_meeting(found.value)));
  }
  return records;
}

Result<std::vector<MeetingRef>> StoredList::meeting_refs(std::size_t count_max) const {
  std::vector<MeetingRef> refs;
  for (const KeyValue& found : TRY(RowPages(*store_, Kind::meeting, count_max).next())) {
    const auto end = found.key.find('\0');
    if (end == found.key.npos) return corrupt("the key of a meeting");
    refs.push_back({found.key.substr(1, end - 1), found.key.substr(end + 1)});
  }
  return refs;
}

Result<std::optional<Bytes>> StoredList::state_at(const ModelId& id, TreeSize size) const {
  if (size.value == 0) return std::optional<Bytes>();
  const Bytes from = store_keys::model_version(id, EntryIndex{size.value - 1});
  const Bytes to = keyspace::end_of(BytesView(from).substr(0, from.size() - 8));
  auto found = TRY(store_->scan(from, to, 1));
  if (found.empty()) return std::optional<Bytes>();
  return std::optional<Bytes>(std::move(found.front().value));
}

Result<std::vector<EntryIndex>> StoredList::history(const ModelId& id,
                                                    std::size_t count_max) const {
  const Bytes from = store_keys::model_history(id, EntryIndex{0});
  const Bytes to = keyspace::end_of(BytesView(from).substr(0, from.size() - 8));
  std::vector<EntryIndex> entries;
  for (const KeyValue& found : TRY(store_->scan(from, to, count_max))) {
    entries.push_back(EntryIndex{keyspace::last_number(found.key)});
  }
  return entries;
}

void put_change(const Change& change, EntryIndex at, WriteBatch& batch) {
  for (const ModelRecord& record : change.models) {
    const ModelId id = record.model.id();
    batch.put(store_keys::model(id), encode(record));
    batch.put(store_keys::model_history(id, at), "");
    if (change.state_changed == id) {
      batch.put(store_keys::model_version(id, at), state_record(record));
    }
  }
  for (const DecisionRecord& record : change.decisions) {
    batch.put(store_keys::decision(record.entry), encode(record));
  }
  for (const MeetingRecord& record : change.meetings) {
    batch.put(store_keys::meeting(record.meeting), encode(record));
  }
  for (const WorkRecord& record : change.work) {
    batch.put(store_keys::work(key_of(record)), encode(record));
  }
  for (const SealRecord& record : change.seals) {
    batch.put(store_keys::seals(record.entry), encode(record));
  }
  for (const NoticeRecord& record : change.notices) {
    batch.put(store_keys::notice(record.entry), encode(record));
    // The desk's receipts concern every model that the notice names.
    for (const ModelId& id : record.notice.models) {
      batch.put(store_keys::model_history(id, at), "");
    }
  }
}

}  // namespace cpl
