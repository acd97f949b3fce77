#include "registry/query/extract_builder.hpp"

#include "registry/list/record_fold.hpp"
#include "registry/list/state_record.hpp"

namespace cpl {
namespace {

constexpr std::size_t scan_window = 500;

constexpr std::size_t history_max = 100'000;

// The record as it was at an earlier size: its state, and the device model that the entries up to
// there give.
Result<ModelRecord> record_at(const LogView& log, const ModelId& id,
                              const std::vector<EntryIndex>& history, TreeSize size) {
  const auto state = TRY(log.list().state_at(id, size));
  if (!state) return corrupt("the state of " + id.text() + " is missing");
  ModelRecord folded;
  for (const EntryIndex index : history) {
    if (index.value >= size.value) break;
    const Entry entry = TRY(log.entry(index));
    apply_to_record(folded, TRY(read_signed(entry.statement)).body, {entry.index, entry.time});
  }
  ModelRecord record = TRY(read_state_record(*state));
  record.model = std::move(folded.model);
  record.digests.reset();
  if (state_record(record) == *state) return record;
  return corrupt("the entries of " + id.text() + " do not give its state");
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
          record = TRY(record_at(log, record.model.id(), history, size));
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
