#include "registry/query/evidence_builder.hpp"

#include "registry/statement/cited.hpp"
#include "registry/tlog/tlog_proof.hpp"

namespace cpl {
namespace {

constexpr std::size_t model_entries_max = 5000;

// Proofs of several entries share most of their tiles.
class Gatherer {
 public:
  // Of the log as it was at size `at`, proven under the view's checkpoint.
  Gatherer(const LogView& log, TreeSize at)
      : log_(log), at_(at), nodes_(log.size(), [&log](const TileId& id) { return log.tile(id); }) {}

  void want(EntryIndex index) {
    if (index.value < at_.value) wanted_.insert(index);
  }
  void want(const std::vector<EntryIndex>& indices) {
    for (const EntryIndex index : indices) want(index);
  }

  // All charters: each replaces the one before, and the newest vouches for the log's key.
  Result<void> want_charters() {
    auto charter = TRY(log_.charter_before(EntryIndex{at_.value}));
    while (charter != nullptr) {
      wanted_.insert(charter->entry);
      charter = TRY(log_.charter_before(charter->entry));
    }
    return {};
  }

  Result<void> want_decision(EntryIndex index) {
    TRY_VOID(want_opened(index));
    const auto decision = TRY(log_.list().decision(index));
    if (decision && decision->final_minutes) TRY_VOID(want_opened(*decision->final_minutes));
    return {};
  }

  // What a statement is made on, beside it.
  Result<void> want_cited(EntryIndex index) {
    want(index);
    const Statement statement = TRY(read_signed(TRY(log_.entry(index)).statement));
    const Cited cited = cited_by(statement.body);
    if (cited.decision) TRY_VOID(want_decision(*cited.decision));
    return {};
  }

  // All that has led to the model's state: a removal undone and done again stands on all of it.
  Result<void> want_history(const ModelId& model) {
    for (const EntryIndex index : TRY(log_.list().history(model, model_entries_max))) {
      if (index.value >= at_.value) break;
      TRY_VOID(want_cited(index));
    }
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
    auto record = TRY(log_.list().state_at(id, at_));
    auto proof = TRY(log_.state_proof(id, at_));
    return ProvenState{id, std::move(record), std::move(proof)};
  }

  // All but the states.
  Result<Evidence> evidence(Question question, std::string subject) const {
    Evidence made;
    made.question = question;
    made.subject = std::move(subject);
    made.entries = TRY(entries());
    made.last = TRY(last());
    return made;
  }

  Result<ProvenEntry> last() const { return prove(EntryIndex{at_.value - 1}); }
  Result<std::optional<ProvenEntry>> next() const {
    if (at_ == log_.size()) return std::optional<ProvenEntry>();
    return std::optional(TRY(prove(EntryIndex{at_.value})));
  }

 private:
  // The entry, and the disclosures that opened what it had sealed.
  Result<void> want_opened(EntryIndex index) {
    want(index);
    if (const auto seals = TRY(log_.list().seals(index))) {
      for (const auto& [field, seal] : seals->seals) {
        if (seal.disclosed_by) want(*seal.disclosed_by);
      }
    }
    return {};
  }

  const LogView& log_;
  const TreeSize at_;
  TileNodes nodes_;
  std::set<EntryIndex> wanted_;
};

}  // namespace

Result<void> check_published(const LogView& published, EntryIndex index) {
  if (published.checkpoint_note().empty() && published.size().value > 0) {
    return Error{
        Errc::unavailable, "read-only",
        "the database disagrees with what this registry already signed, so it is read-only "
        "and can issue no proofs: see /readyz",
        0};
  }
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
  Gatherer gatherer(log, log.size());
  TRY_VOID(gatherer.want_history(model));
  TRY_VOID(gatherer.want_charters());
  Evidence evidence = TRY(gatherer.evidence(Question::removal, model.text()));
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
  Gatherer gatherer(log, log.size());
  gatherer.want(index);
  gatherer.want(notice->receipts);
  TRY_VOID(gatherer.want_decision(notice->notice.decision));
  for (const auto& [model, removal] : notice->removals) gatherer.want(removal);
  if (notice->withdrawn_by) TRY_VOID(gatherer.want_cited(*notice->withdrawn_by));
  TRY_VOID(gatherer.want_charters());
  Evidence evidence = TRY(gatherer.evidence(Question::notice, std::to_string(index.value)));
  for (const ModelId& id : notice->notice.models) {
    evidence.states.push_back(TRY(gatherer.state(id)));
  }
  return evidence;
}

Result<Evidence> build_model_evidence(const LogView& log, const ModelId& model, TreeSize at) {
  if (at.value == 0 || at > log.size()) {
    return Error{
        Errc::not_found, "size-not-found",
        "a state can be proven for log sizes from 1 to " + std::to_string(log.size().value)};
  }
  TRY_VOID(check_published(log, EntryIndex{at.value - 1}));
  Gatherer gatherer(log, at);
  gatherer.want(EntryIndex{0});
  TRY_VOID(gatherer.want_history(model));
  TRY_VOID(gatherer.want_charters());
  Evidence evidence = TRY(gatherer.evidence(Question::model, model.text()));
  evidence.next = TRY(gatherer.next());
  evidence.states.push_back(TRY(gatherer.state(model)));
  return evidence;
}

Result<Evidence> build_decision_evidence(const LogView& log, EntryIndex index) {
  if (!TRY(log.list().decision(index))) {
    return Error{Errc::not_found, "decision-not-found",
                 "entry " + std::to_string(index.value) + " is not a decision"};
  }
  TRY_VOID(check_published(log, index));
  Gatherer gatherer(log, log.size());
  TRY_VOID(gatherer.want_decision(index));
  TRY_VOID(gatherer.want_charters());
  return gatherer.evidence(Question::decision, std::to_string(index.value));
}

Result<TreeSize> size_at_time(const LogView& log, UnixMillis time) {
  std::uint64_t low = 0;
  std::uint64_t high = log.size().value;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (TRY(log.entry(EntryIndex{middle})).time > time) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  if (low > 0) return TreeSize{low};
  return Error{Errc::not_found, "size-not-found",
               "the log had no entries yet at " + format_time(time)};
}

Result<Bytes> build_tlog_proof(const LogView& log, EntryIndex index) {
  auto hashes = TRY(log.inclusion(index));
  return format_tlog_proof({index, std::move(hashes), log.checkpoint_note()});
}

}  // namespace cpl
