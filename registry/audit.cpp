#include "registry/audit.hpp"

#include <nlohmann/json.hpp>
#include <unordered_set>

#include "crypto/encoding.hpp"
#include "crypto/merkle.hpp"
#include "registry/audit_pipeline.hpp"
#include "registry/compact_list.hpp"
#include "registry/memory_state_tree.hpp"
#include "registry/rules.hpp"

namespace cpl {
namespace {

struct HashOfId {
  std::size_t operator()(const Hash& id) const {
    return static_cast<std::size_t>(read_big_endian(id.view().substr(0, 8)));
  }
};

// Compares every published hash tile with the one computed from the leaves.
class TileChecker {
 public:
  TileChecker(const FetchResource& fetch, TreeSize size) : fetch_(fetch), size_(size) {}

  Result<void> add_leaf(const Hash& leaf) {
    Hash hash = leaf;
    for (unsigned level = 0;; ++level) {
      if (level == tiles_.size()) tiles_.emplace_back();
      Edge& edge = tiles_[level];
      edge.octets.append(hash.view());
      edge.subtree.append(hash);
      if (edge.octets.size() < tile_width * sizeof(Hash)) return {};
      TRY_VOID(compare(level, edge));
      hash = edge.subtree.root();
      edge = Edge{{}, {}, edge.index + 1};
    }
  }

  Result<void> finish() {
    for (unsigned level = 0; level < tiles_.size(); ++level) {
      if (!tiles_[level].octets.empty()) TRY_VOID(compare(level, tiles_[level]));
    }
    return {};
  }

  std::uint64_t compared() const { return compared_; }

 private:
  struct Edge {
    Bytes octets;
    MerkleFrontier subtree;
    std::uint64_t index = 0;
  };

  Result<void> compare(unsigned level, const Edge& edge) {
    const auto width = static_cast<unsigned>(edge.octets.size() / sizeof(Hash));
    const std::string path = tile_path({level, edge.index, width, false});
    const Bytes published = TRY(fetch_(path));
    if (published != edge.octets) {
      return Error{Errc::unauthorized, "tile-mismatch",
                   path + " does not hold the hashes of the entries below it"};
    }
    ++compared_;
    return {};
  }

  const FetchResource& fetch_;
  TreeSize size_;
  std::vector<Edge> tiles_;
  std::uint64_t compared_ = 0;
};

// The replay, one entry after another. The first thing that is wrong ends it: what follows would
// only repeat it.
class Replay {
 public:
  Replay(const FetchResource& fetch, const AuditOptions& options, AuditReport& report)
      : options_(options),
        report_(report),
        tiles_(fetch, report.size),
        pipeline_(fetch, report.size, options.threads) {}

  void run() {
    if (const auto replayed = replay(); !replayed) {
      report_.findings.push_back({at_, replayed.error().code, replayed.error().detail});
    }
    report_.tiles = tiles_.compared();
    count_list();
  }

 private:
  Result<void> replay() {
    while (frontier_.size() < report_.size) {
      at_ = EntryIndex{frontier_.size().value};
      OpenedBundle bundle = TRY(pipeline_.next());
      for (OpenedEntry& opened : bundle.entries) {
        at_ = EntryIndex{frontier_.size().value};
        TRY_VOID(add(std::move(opened)));
      }
      if (bundle.fault) {
        at_ = EntryIndex{frontier_.size().value};
        return *bundle.fault;
      }
      if (options_.on_progress) {
        options_.on_progress(frontier_.size().value, report_.size.value);
      }
    }
    at_.reset();
    TRY_VOID(tiles_.finish());
    if (frontier_.root() != report_.root) {
      return Error{Errc::unauthorized, "root-mismatch",
                   "the entries do not hash to the checkpoint's root"};
    }
    return {};
  }

  Result<void> add(OpenedEntry opened) {
    const Entry& entry = opened.entry;
    if (entry.index != *at_) return refuse("index-mismatch", "the entry carries another index");
    if (report_.last_time && entry.time < *report_.last_time) {
      return refuse("time-went-back", "the entry is older than the one before it");
    }
    const SignedStatement statement = TRY(in_force(opened));
    if (!ids_.insert(statement.id).second) {
      return refuse("statement-repeated", "the same statement stands in the log twice");
    }
    TRY_VOID(apply_entry(entry, statement));
    frontier_.append(opened.leaf_hash);
    TRY_VOID(tiles_.add_leaf(opened.leaf_hash));
    check_earlier();
    if (!report_.first_time) report_.first_time = entry.time;
    report_.last_time = entry.time;
    ++report_.entries;
    ++report_.entries_by_type[std::string(statement.statement.type())];
    report_.signatures += statement.signers.size();
    return {};
  }

  // A worker may have opened the statement against the charter before the one in force.
  Result<SignedStatement> in_force(OpenedEntry& opened) const {
    const auto charter = list_.charter();
    const auto entry = charter == nullptr ? std::nullopt : std::optional(charter->entry);
    if (opened.statement && opened.statement->charter == entry) {
      return std::move(opened.statement);
    }
    return open_statement(opened.entry.statement, charter);
  }

  Result<void> apply_entry(const Entry& entry, const SignedStatement& statement) {
    Change change = TRY(apply(list_, statement, {report_.origin, entry.index, entry.time}));
    for (const ModelRecord& record : change.models) {
      const ModelId id = record.model.id();
      if (change.status_changed == id) tree_.set(state_key(id), state_value(state_record(record)));
    }
    if (tree_.root() != entry.state_root) {
      return Error{Errc::unauthorized, "state-root-mismatch",
                   "the entry's state root is not that of the list after it"};
    }
    ++report_.state_roots;
    if (options_.on_entry) options_.on_entry(entry, change);
    const bool new_charter = change.charter != nullptr;
    list_.put(std::move(change));
    if (new_charter) pipeline_.set_charter(list_.charter());
    return {};
  }

  void check_earlier() {
    if (!earlier_ || frontier_.size() != earlier_->size) return;
    if (frontier_.root() != earlier_->root) {
      report_.findings.push_back({at_, "history-rewritten",
                                  "the log does not extend the earlier checkpoint of size " +
                                      std::to_string(earlier_->size.value)});
    }
  }

  void count_list() {
    report_.models_listed = list_.listed_count();
    report_.models_removed = list_.removed_count();
    for (const auto& [entry, decision] : list_.decisions()) {
      if (decision.standing == DecisionStanding::confirmed) ++report_.decisions_confirmed;
      if (decision.standing == DecisionStanding::provisional) ++report_.decisions_provisional;
      if (decision.standing == DecisionStanding::contradicted) ++report_.decisions_contradicted;
    }
    for (const auto& [entry, notice] : list_.notices()) {
      const bool done =
          notice.state == NoticeState::applied || notice.state == NoticeState::rejected;
      if (!done) ++report_.notices_open;
    }
  }

 public:
  void expect_earlier(Checkpoint earlier) { earlier_ = std::move(earlier); }

 private:
  const AuditOptions& options_;
  AuditReport& report_;
  CompactList list_;
  MemoryStateTree tree_;
  MerkleFrontier frontier_;
  TileChecker tiles_;
  std::unordered_set<Hash, HashOfId> ids_;
  std::optional<EntryIndex> at_;
  std::optional<Checkpoint> earlier_;
  AuditPipeline pipeline_;  // Last: its threads end before what they use goes.
};

}  // namespace

Result<AuditReport> audit(const FetchResource& fetch, const TrustPolicy& policy,
                          const AuditOptions& options) {
  AuditReport report;
  report.checkpoint_note = TRY(fetch("checkpoint"));
  const TrustedCheckpoint trusted = TRY(trust_checkpoint(report.checkpoint_note, policy));
  report.origin = trusted.checkpoint.origin;
  report.size = trusted.checkpoint.size;
  report.root = trusted.checkpoint.root;
  report.cosignatures = trusted.cosigned.size();
  if (trusted.witness_time) {
    report.witness_time = witness_time_millis(*trusted.witness_time);
    report.stale = is_stale(*trusted.witness_time, options.witness_age_seconds_max, options.now);
  }
  std::optional<Checkpoint> earlier;
  if (options.earlier_checkpoint) {
    earlier = TRY(trust_checkpoint(*options.earlier_checkpoint, policy)).checkpoint;
    if (earlier->origin != report.origin) {
      return malformed("origin-mismatch",
                       "the earlier checkpoint is of another log, \"" + earlier->origin + "\"");
    }
    if (earlier->size > report.size) {
      report.findings.push_back({{},
                                 "log-shrank",
                                 "the log is smaller than the earlier checkpoint of size " +
                                     std::to_string(earlier->size.value)});
    }
  }
  if (report.size.value == 0) return report;
  Replay replay(fetch, options, report);
  if (earlier) replay.expect_earlier(*std::move(earlier));
  replay.run();
  return report;
}

Json to_json(const AuditReport& report) {
  Json findings = Json::array();
  for (const AuditFinding& finding : report.findings) {
    findings.push_back({{"entry", finding.entry ? Json(finding.entry->value) : Json()},
                        {"code", finding.code},
                        {"detail", finding.detail}});
  }
  Json json = {{"origin", report.origin},
               {"log_size", report.size.value},
               {"root", to_base64(report.root)},
               {"checkpoint", report.checkpoint_note},
               {"entries", report.entries},
               {"entries_by_type", report.entries_by_type},
               {"signatures", report.signatures},
               {"state_roots", report.state_roots},
               {"tiles", report.tiles},
               {"models", {{"listed", report.models_listed}, {"removed", report.models_removed}}},
               {"decisions",
                {{"confirmed", report.decisions_confirmed},
                 {"provisional", report.decisions_provisional},
                 {"contradicted", report.decisions_contradicted}}},
               {"notices_open", report.notices_open},
               {"cosignatures", report.cosignatures},
               {"stale", report.stale},
               {"extracts", report.extracts},
               {"findings", findings}};
  if (report.witness_time) json["witness_time"] = format_time(*report.witness_time);
  if (report.first_time) json["first_time"] = format_time_millis(*report.first_time);
  if (report.last_time) json["last_time"] = format_time_millis(*report.last_time);
  return json;
}

}  // namespace cpl
