#include "registry/extract_builder.hpp"

#include <nlohmann/json.hpp>

namespace cpl {
namespace {

constexpr std::size_t scan_window = 500;

constexpr std::size_t history_max = 100'000;

// What the entry makes of the model's record, beside its state.
void take(const Statement& statement, ModelRecord& record) {
  if (const auto* addition = std::get_if<Addition>(&statement.body)) record.model = addition->model;
  if (const auto* correction = std::get_if<Correction>(&statement.body)) {
    record.model = correction->model;
  }
  if (const auto* certificate = std::get_if<CertificateChange>(&statement.body)) {
    if (certificate->event == CertificateEvent::renewed) put_renewed(*certificate, record.model);
  }
  if (const auto* removal = std::get_if<Removal>(&statement.body)) {
    record.status_word = removal->status_word;
  }
  if (std::holds_alternative<Reinstatement>(statement.body)) record.status_word.reset();
}

Result<void> take_state(BytesView state, ModelRecord& record) {
  const Json json = TRY(parse_json(state));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  record.status = static_cast<ModelStatus>(reader.word("status", model_status_words));
  record.changed_at = EntryIndex{reader.integer("changed_at", 0, json_integer_max)};
  record.effective_from = reader.time("effective_from");
  if (json.contains("decision") && !json["decision"].is_null()) {
    record.decision = EntryIndex{reader.integer("decision", 0, json_integer_max)};
  }
  if (!errors.empty() || state_record(record) != state) {
    return corrupt("the state of " + record.model.id().text() + " does not read as itself");
  }
  return {};
}

// The record as it was at an earlier size, from the entries up to there.
Result<ModelRecord> record_at(const LogView& log, const ModelRecord& today,
                              const std::vector<EntryIndex>& history, TreeSize size) {
  ModelRecord record;
  record.added = today.added;
  for (const EntryIndex index : history) {
    if (index.value >= size.value) break;
    const Note note = TRY(parse_note(TRY(log.entry(index)).statement));
    take(TRY(parse_statement(note.text)), record);
  }
  const auto state = TRY(log.list().state_at(today.model.id(), size));
  if (!state) return corrupt("the state of " + today.model.id().text() + " is missing");
  TRY_VOID(take_state(*state, record));
  return record;
}

}  // namespace

Result<Extract> build_extract(const LogView& log, TreeSize size, std::uint64_t version,
                              std::optional<Hash> previous) {
  if (size.value == 0 || size > log.size()) {
    return Error{Errc::not_found, "size-not-found",
                 "an extract is of a log size from 1 to " + std::to_string(log.size().value), 0};
  }
  const Entry last = TRY(log.entry(EntryIndex{size.value - 1}));
  Extract extract{{log.checkpoint().origin, version, previous, size, last.state_root, last.time},
                  {}};
  std::string after;
  while (true) {
    auto records = TRY(log.list().models_after(after, scan_window));
    if (records.empty()) break;
    after = records.back().model.id().text();
    for (ModelRecord& record : records) {
      if (record.added.value >= size.value) continue;
      if (size < log.size()) {
        const auto history = TRY(log.list().history(record.model.id(), history_max));
        if (history.back().value >= size.value) {
          record = TRY(record_at(log, record, history, size));
        }
      }
      extract.models.push_back(std::move(record));
    }
    if (extract.models.size() > extract_models_max) {
      return Error{Errc::too_large, "extract-too-large",
                   "an extract holds at most " + std::to_string(extract_models_max) + " models", 0};
    }
  }
  if (state_root_of(extract.models) != last.state_root) {
    return corrupt("the list at size " + std::to_string(size.value) +
                   " does not give the state root of its last entry");
  }
  return extract;
}

Result<ExtractProof> build_extract_proof(const LogView& log, TreeSize size) {
  const TileNodes nodes(log.size(), [&log](const TileId& id) { return log.tile(id); });
  const auto prove = [&](EntryIndex index) -> Result<ProvenEntry> {
    return prove_entry(index, TRY(log.leaf(index)), nodes, log.size(), log.checkpoint_note());
  };
  ExtractProof proof;
  auto charter = TRY(log.charter_before(EntryIndex{size.value}));
  while (charter != nullptr) {
    proof.charters.push_back(TRY(prove(charter->entry)));
    charter = TRY(log.charter_before(charter->entry));
  }
  std::reverse(proof.charters.begin(), proof.charters.end());
  proof.last = TRY(prove(EntryIndex{size.value - 1}));
  return proof;
}

}  // namespace cpl
