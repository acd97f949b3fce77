#include "registry/evidence_builder.hpp"

#include "registry/tlog_proof.hpp"

namespace cpl {
namespace {

// Proofs of several entries share most of their tiles.
class Gatherer {
 public:
  explicit Gatherer(const LogView& log)
      : log_(log), nodes_(log.size(), [&log](const TileId& id) { return log.tile(id); }) {}

  // Entries beyond the view's checkpoint are passed over: its list may be newer than it is.
  void want(EntryIndex index) {
    if (index.value < log_.size().value) wanted_.insert(index);
  }
  void want(const std::vector<EntryIndex>& indices) {
    for (const EntryIndex index : indices) want(index);
  }

  // The charters that were in force when any of the wanted entries was judged.
  Result<void> want_charters() {
    std::set<EntryIndex> charters;
    for (const EntryIndex index : wanted_) {
      auto charter = TRY(log_.charter_before(index));
      while (charter != nullptr && charters.insert(charter->entry).second) {
        charter = TRY(log_.charter_before(charter->entry));
      }
    }
    wanted_.insert(charters.begin(), charters.end());
    return {};
  }

  Result<void> want_decision(EntryIndex index) {
    want(index);
    const auto decision = TRY(log_.list().decision(index));
    if (decision && decision->final_minutes) want(*decision->final_minutes);
    return {};
  }

  Result<std::vector<ProvenEntry>> entries() const {
    std::vector<ProvenEntry> proven;
    for (const EntryIndex index : wanted_) proven.push_back(TRY(prove(index)));
    return proven;
  }

  Result<ProvenEntry> prove(EntryIndex index) const {
    Bytes leaf = TRY(log_.leaf(index));
    auto hashes = TRY(inclusion_proof(nodes_, index, log_.size()));
    return ProvenEntry{std::move(leaf),
                       format_tlog_proof({index, std::move(hashes), log_.checkpoint_note()})};
  }

  Result<ProvenState> state(const ModelId& id) const {
    auto record = TRY(log_.list().state_at(id, log_.size()));
    auto proof = TRY(log_.state_proof(id, log_.size()));
    return ProvenState{id, std::move(record), std::move(proof)};
  }

  Result<ProvenEntry> last() const { return prove(EntryIndex{log_.size().value - 1}); }

 private:
  const LogView& log_;
  TileNodes nodes_;
  std::set<EntryIndex> wanted_;
};

}  // namespace

Result<void> check_published(const LogView& published, EntryIndex index) {
  if (index.value < published.size().value) return {};
  return Error{Errc::unavailable, "not-published-yet",
               "entry " + std::to_string(index.value) +
                   " is in the log, but the published checkpoint does not cover it yet: the "
                   "witnesses are asked every few seconds, so try again",
               0};
}

Result<Evidence> build_removal_evidence(const LogView& log, const ModelId& model) {
  const auto record = TRY(log.list().model(model));
  if (!record) {
    return Error{Errc::not_found, "model-not-found", model.text() + " was never on the list"};
  }
  if (record->status != ModelStatus::removed || !record->notice || !record->decision) {
    return refuse("model-listed", model.text() + " is on the list: there is no removal to prove");
  }
  TRY_VOID(check_published(log, record->changed_at));
  Gatherer gatherer(log);
  gatherer.want(record->added);
  gatherer.want(record->changed_at);
  gatherer.want(*record->notice);
  TRY_VOID(gatherer.want_decision(*record->decision));
  if (const auto notice = TRY(log.list().notice(*record->notice))) gatherer.want(notice->receipts);
  TRY_VOID(gatherer.want_charters());
  Evidence evidence{
      Question::removal, model.text(), TRY(gatherer.entries()), TRY(gatherer.last()), {}};
  evidence.states.push_back(TRY(gatherer.state(model)));
  return evidence;
}

Result<Evidence> build_notice_evidence(const LogView& log, EntryIndex index) {
  const auto notice = TRY(log.list().notice(index));
  if (!notice) {
    return Error{Errc::not_found, "notice-not-found",
                 "entry " + std::to_string(index.value) + " is not a notice"};
  }
  TRY_VOID(check_published(log, index));
  Gatherer gatherer(log);
  gatherer.want(index);
  gatherer.want(notice->receipts);
  TRY_VOID(gatherer.want_decision(notice->notice.decision));
  for (const auto& [model, removal] : notice->removals) gatherer.want(removal);
  TRY_VOID(gatherer.want_charters());
  Evidence evidence{Question::notice,
                    std::to_string(index.value),
                    TRY(gatherer.entries()),
                    TRY(gatherer.last()),
                    {}};
  for (const ModelId& id : notice->notice.models) {
    evidence.states.push_back(TRY(gatherer.state(id)));
  }
  return evidence;
}

Result<Bytes> build_tlog_proof(const LogView& log, EntryIndex index) {
  auto hashes = TRY(log.inclusion(index));
  return format_tlog_proof({index, std::move(hashes), log.checkpoint_note()});
}

}  // namespace cpl
