#include "registry/query/model_chain.hpp"

#include "registry/statement/cited.hpp"

namespace cpl {
namespace {

constexpr std::size_t chain_history_max = 1000;

// What a statement is in a chain; nothing where it is no part of one.
struct StepOf {
  using Step = std::optional<ChainStep>;
  Step operator()(const Charter&) const { return ChainStep::charter; }
  Step operator()(const Minutes&) const { return ChainStep::minutes; }
  Step operator()(const Decision&) const { return ChainStep::decision; }
  Step operator()(const Addition&) const { return ChainStep::addition; }
  Step operator()(const Notice&) const { return ChainStep::notice; }
  Step operator()(const Receipt&) const { return ChainStep::receipt; }
  Step operator()(const Removal&) const { return ChainStep::removal; }
  Step operator()(const Reinstatement&) const { return ChainStep::reinstatement; }
  Step operator()(const Correction&) const { return std::nullopt; }
  Step operator()(const CertificateChange&) const { return std::nullopt; }
  Step operator()(const Disclosure&) const { return std::nullopt; }
  Step operator()(const Withdrawal&) const { return ChainStep::withdrawal; }
  Step operator()(const Loading&) const { return std::nullopt; }
  Step operator()(const Deployment&) const { return std::nullopt; }
  Step operator()(const MeetingCalendar&) const { return std::nullopt; }
  Step operator()(const MeetingPaper&) const { return std::nullopt; }
  Step operator()(const ActionUpdate&) const { return std::nullopt; }
  Step operator()(const Specifications&) const { return std::nullopt; }
};

class Chain {
 public:
  Chain(const LogView& log, const ModelId& model) : log_(log), model_(model) {}

  Result<void> add_history(std::size_t links_max) {
    for (const EntryIndex index : TRY(log_.list().history(model_, chain_history_max))) {
      if (index.value >= log_.size().value || links_.size() >= links_max) break;
      TRY_VOID(add(index));
    }
    return {};
  }

  std::vector<ChainLink> take() {
    std::vector<ChainLink> links;
    for (auto& [index, link] : links_) links.push_back(std::move(link));
    return links;
  }

 private:
  // A notice brings along what became of the other models that it names.
  bool is_of_another(const StatementBody& body) const {
    const auto* const removal = std::get_if<Removal>(&body);
    return removal != nullptr && removal->model != model_;
  }

  // The entry, and what it rests on.
  Result<void> add(EntryIndex index) {
    if (links_.contains(index)) return {};
    ReadEntry read = TRY(read_entry(log_, index));
    const auto step = std::visit(StepOf(), read.statement.body);
    if (!step || is_of_another(read.statement.body)) return {};
    EntrySigners signers = TRY(entry_signers(log_, index, read.note, read.statement));
    const EntryIndex charter = signers.charter;
    const Cited cited = cited_by(read.statement.body);
    links_.emplace(index, ChainLink{*step, index, std::move(read), std::move(signers)});
    TRY_VOID(add(charter));
    if (*step == ChainStep::decision) return add_minutes(index);
    if (cited.decision) TRY_VOID(add(*cited.decision));
    return {};
  }

  // The final minutes that bear on a decision; before there are any, the newest draft.
  Result<void> add_minutes(EntryIndex index) {
    const auto record = TRY(log_.list().decision(index));
    if (!record) return corrupt("a decision of the log is not in its list");
    links_.at(index).standing = record->standing;
    if (record->final_minutes) return add(*record->final_minutes);
    if (!record->decision.meeting) return {};
    const auto meeting = TRY(log_.list().meeting(*record->decision.meeting));
    if (!meeting || meeting->drafts.empty()) return {};
    return add(meeting->drafts.back());
  }

  const LogView& log_;
  const ModelId& model_;
  std::map<EntryIndex, ChainLink> links_;
};

}  // namespace

Result<std::vector<ChainLink>> model_chain(const LogView& log, const ModelId& model,
                                           std::size_t links_max) {
  Chain chain(log, model);
  TRY_VOID(chain.add_history(links_max));
  return chain.take();
}

}  // namespace cpl
