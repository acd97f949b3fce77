#include "registry/log/model_index.hpp"

#include "crypto/encoding.hpp"
#include "registry/list/certificate_cover.hpp"
#include "registry/log/log_keys.hpp"
#include "registry/store/keyspace.hpp"

namespace cpl {
namespace {

using keyspace::Kind;

constexpr std::size_t word_letters_min = 4;
constexpr std::size_t date_size = 10;

// Letters of other alphabets begin with octets beyond ASCII.
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

std::string lower(const std::optional<std::string>& text) { return ascii_lower(text.value_or("")); }

using Rows = std::map<Bytes, Bytes>;

void add_fact(Rows& rows, ModelFact fact, std::string_view text, const std::string& id) {
  rows.emplace(store_keys::model_by_fact(fact, text, id), "");
}

void add_facts(Rows& rows, const DeviceModel& model, const std::string& id) {
  if (model.image_hash) add_fact(rows, ModelFact::image_hash, to_hex(model.image_hash->view()), id);
  if (model.zigbee) add_fact(rows, ModelFact::certificate, model.zigbee->number, id);
  if (model.dlms) add_fact(rows, ModelFact::certificate, model.dlms->number, id);
  if (model.cpa) add_fact(rows, ModelFact::certificate, model.cpa->number, id);
  if (model.cpl_entry_id) add_fact(rows, ModelFact::cpl_entry_id, *model.cpl_entry_id, id);
  for (const ModelId& predecessor : model.predecessors) {
    add_fact(rows, ModelFact::predecessor, predecessor.text(), id);
  }
}

Rows rows_of(const ModelRecord& record) {
  Rows rows;
  const DeviceModel& model = record.model;
  const std::string id = model.id().text();
  const bool is_listed = record.status == ModelStatus::listed;
  const auto end = is_listed ? first_cover_end(record) : std::nullopt;
  rows.emplace(store_keys::model_by_status(record.status, id), end ? end->date.text() : "");
  if (end) rows.emplace(store_keys::cover_end(end->date.text(), id), "");
  const std::string texts =
      lower(model.firmware_version_printed) + '\n' + lower(model.cpl_entry_id);
  if (has_words(texts)) rows.emplace(store_keys::wordy_model(id), texts);
  add_facts(rows, model, id);
  return rows;
}

}  // namespace

bool has_words(std::string_view lower_text) {
  std::size_t letters = 0;
  for (const char c : lower_text) {
    letters = is_letter(c) ? letters + 1 : 0;
    if (letters == word_letters_min) return true;
  }
  return lower_text.find("ch-") != lower_text.npos;
}

Result<std::vector<ModelIndex::StatusRow>> ModelIndex::of_status(ModelStatus status,
                                                                 std::string_view from,
                                                                 std::string_view to,
                                                                 std::size_t count_max) const {
  const Bytes first = store_keys::model_by_status(status, from);
  const Bytes all = store_keys::model_by_status(status, "");
  const Bytes end = to.empty() ? keyspace::end_of(all) : store_keys::model_by_status(status, to);
  std::vector<StatusRow> rows;
  for (KeyValue& found : TRY(store_.scan(first, end, count_max))) {
    rows.push_back({found.key.substr(all.size()), std::move(found.value)});
  }
  return rows;
}

Result<std::vector<ModelIndex::EndRow>> ModelIndex::cover_ends(std::string_view from,
                                                               std::string_view to,
                                                               std::size_t count_max,
                                                               const EndRow& after) const {
  const Bytes first = after.id.empty()
                          ? store_keys::cover_end(from, "")
                          : store_keys::cover_end(after.date, after.id).append(1, '\0');
  std::vector<EndRow> rows;
  for (const KeyValue& found :
       TRY(store_.scan(first, keyspace::end_of(store_keys::cover_end(to, "")), count_max))) {
    if (found.key.size() <= 1 + date_size) return corrupt("a row of the index of cover ends");
    rows.push_back({found.key.substr(1, date_size), found.key.substr(1 + date_size)});
  }
  return rows;
}

Result<std::vector<ModelIndex::Manufacturer>> ModelIndex::manufacturers(
    std::size_t count_max) const {
  std::vector<Manufacturer> found;
  for (const KeyValue& row :
       TRY(store_.scan(keyspace::first(Kind::manufacturer_name),
                       keyspace::end_of(Kind::manufacturer_name), count_max))) {
    const auto end = row.key.find('\0');
    if (end == row.key.npos) return corrupt("a row of the index of manufacturers");
    found.push_back({row.key.substr(1, end - 1), row.key.substr(end + 1)});
  }
  return found;
}

Result<std::vector<ModelIndex::WordyRow>> ModelIndex::wordy(std::size_t count_max) const {
  std::vector<WordyRow> rows;
  for (KeyValue& row : TRY(store_.scan(keyspace::first(Kind::wordy_model),
                                       keyspace::end_of(Kind::wordy_model), count_max))) {
    rows.push_back({row.key.substr(1), std::move(row.value)});
  }
  return rows;
}

Result<std::vector<std::string>> ModelIndex::with(ModelFact fact, std::string_view text,
                                                  std::size_t count_max) const {
  const Bytes prefix = store_keys::model_by_fact(fact, text, "");
  std::vector<std::string> ids;
  for (const KeyValue& row :
       TRY(store_.scan(prefix, keyspace::end_of(BytesView(prefix)), count_max))) {
    ids.push_back(row.key.substr(prefix.size()));
  }
  return ids;
}

Result<void> ModelIndexBatch::note(const Change& change, EntryIndex at, const List& list,
                                   const StoreView& store) {
  for (const ModelRecord& record : change.models) {
    Bytes name = manufacturer_row(record.model);
    if (!known_names_.contains(name)) {
      const bool is_there = TRY(store.get(name)).has_value();
      known_names_.emplace(std::move(name), is_there);
    }
    ModelId id = record.model.id();
    if (before_.contains(id)) continue;
    auto before = record.added == at ? std::optional<ModelRecord>() : TRY(list.model(id));
    before_.emplace(std::move(id), std::move(before));
  }
  return {};
}

void ModelIndexBatch::take(const Change& change) {
  for (const ModelRecord& record : change.models) names_.insert(manufacturer_row(record.model));
}

void ModelIndexBatch::put(const MemoryList& list, WriteBatch& batch) const {
  for (const auto& [id, before] : before_) {
    const auto after = list.models().find(id);
    if (after != list.models().end()) put_model_rows(before, after->second, batch);
  }
  for (const Bytes& name : names_) {
    if (!known_names_.at(name)) batch.put(name, "");
  }
}

void put_model_rows(const std::optional<ModelRecord>& before, const ModelRecord& after,
                    WriteBatch& batch) {
  Rows rows = rows_of(after);
  if (before) {
    for (const auto& [key, value] : rows_of(*before)) {
      const auto same = rows.find(key);
      if (same == rows.end()) {
        batch.deletes.push_back(key);
      } else if (same->second == value) {
        rows.erase(same);
      }
    }
  }
  for (auto& [key, value] : rows) batch.put(key, std::move(value));
}

Bytes manufacturer_row(const DeviceModel& model) {
  return store_keys::manufacturer_name(model.manufacturer_id, model.manufacturer_name);
}

}  // namespace cpl
