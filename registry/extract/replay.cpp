#include "registry/extract/replay.hpp"

#include "registry/list/record_fold.hpp"
#include "registry/tlog/entry.hpp"

namespace cpl {
Result<void> check_extract_file(BytesView content, const Extract& expected, ExtractForm form) {
  const bool same = form == ExtractForm::xlsx
                        ? extract_hash(TRY(parse_extract(content))) == extract_hash(expected)
                        : content == TRY(format_extract(expected, form));
  if (same) return {};
  return Error{Errc::unauthorized, "extract-mismatch",
               "the " + to_string(form) +
                   " form is not what the log gives: a row is missing, added or changed, or its "
                   "head is"};
}

void ExtractReplay::apply(const Entry& entry, const Change& change) {
  header_.log_size = TreeSize{entry.index.value + 1};
  header_.state_root = entry.state_root;
  header_.as_of = entry.time;
  for (const ModelRecord& record : change.models) {
    const ModelId id = record.model.id();
    const auto [kept, is_new] = models_.try_emplace(id, record);
    if (is_new || change.state_changed != id) continue;
    // The audit's own list keeps too little of a device model to take its record.
    const auto statement = read_signed(entry.statement);
    check(statement.has_value());  // It was judged before it came here.
    apply_to_record(kept->second, statement->body, {entry.index, entry.time, record.decision});
  }
  last_leaf_ = format_entry(entry);
  if (change.charter == nullptr) return;
  charter_ = change.charter;
  charter_leaves_.emplace_back(entry.index, last_leaf_);
}

Extract ExtractReplay::extract(const std::string& origin, std::uint64_t version,
                               std::optional<Hash> previous) const {
  Extract extract{header_, {}};
  extract.header.origin = origin;
  extract.header.version = version;
  extract.header.previous = previous;
  for (const auto& [id, record] : models_) extract.models.push_back(record);
  return extract;
}

Result<ExtractProof> ExtractReplay::prove(const FetchResource& fetch, const Checkpoint& checkpoint,
                                          const Bytes& checkpoint_note) const {
  const TileNodes nodes(checkpoint.size,
                        [&fetch](const TileId& id) { return fetch(tile_path(id)); });
  ExtractProof proof;
  for (const auto& [index, leaf] : charter_leaves_) {
    proof.charters.push_back(
        TRY(prove_entry(index, leaf, nodes, checkpoint.size, checkpoint_note)));
  }
  const EntryIndex last{size().value - 1};
  proof.last = TRY(prove_entry(last, last_leaf_, nodes, checkpoint.size, checkpoint_note));
  return proof;
}

Result<ReplayedExtract> replay_extract(const FetchResource& fetch, const TrustPolicy& policy,
                                       const AuditOptions& options, const ExtractWish& wish) {
  ExtractReplay replay;
  AuditOptions replaying = options;
  replaying.on_entry = [&](const Entry& entry, const Change& change) {
    if (!wish.size || entry.index.value < wish.size->value) replay.apply(entry, change);
  };
  const AuditReport report = TRY(audit(fetch, policy, replaying));
  if (!report.findings.empty()) {
    const AuditFinding& finding = report.findings.front();
    return within("the log is not sound",
                  Error{Errc::unauthorized, finding.code, finding.detail, 0});
  }
  if (replay.size().value == 0 || (wish.size && replay.size() != *wish.size)) {
    return Error{Errc::not_found, "size-not-found",
                 "the log has " + std::to_string(report.size.value) +
                     " entries: there is no list at the size that was asked for"};
  }
  Extract extract = replay.extract(report.origin, wish.version, wish.previous);
  if (extract.models.size() > extract_models_max) {
    return Error{Errc::too_large, "extract-too-large",
                 "an extract holds at most " + std::to_string(extract_models_max) + " models", 0};
  }
  const Checkpoint checkpoint{report.origin, report.size, report.root, {}};
  auto proof = TRY(replay.prove(fetch, checkpoint, report.checkpoint_note));
  return ReplayedExtract{std::move(extract), std::move(proof), replay.charter()};
}

}  // namespace cpl
