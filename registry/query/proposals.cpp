#include "registry/query/proposals.hpp"

#include "registry/tlog/entry.hpp"

namespace cpl {
namespace {

constexpr std::size_t meetings_max = 10'000;

Result<MeetingPaper> paper_at(const LogView& log, EntryIndex index) {
  const Entry entry = TRY(log.entry(index));
  const Statement statement = TRY(read_signed(entry.statement));
  const auto* paper = std::get_if<MeetingPaper>(&statement.body);
  if (paper == nullptr) return corrupt("a meeting names a paper that is none");
  return *paper;
}

Result<std::optional<Date>> day_of(const LogView& log, const MeetingRecord& meeting) {
  const auto calendar =
      TRY(work_of<CalendarRecord>(log.list(), calendar_key(meeting.meeting.body)));
  if (calendar) {
    for (const PlannedMeeting& planned : calendar->calendar.meetings) {
      if (planned.meeting == meeting.meeting.meeting) return std::optional(planned.date);
    }
  }
  if (meeting.decisions.empty()) return std::optional<Date>();
  const auto decision = TRY(log.list().decision(meeting.decisions.front()));
  if (!decision) return corrupt("a meeting names a decision that is not there");
  return std::optional(decision->decision.date);
}

// The decision of that meeting which authorises the removal.
Result<std::optional<EntryIndex>> decided_by(const LogView& log, const MeetingRecord& meeting,
                                             const ModelId& model) {
  for (const EntryIndex index : meeting.decisions) {
    const auto decision = TRY(log.list().decision(index));
    if (!decision) return corrupt("a meeting names a decision that is not there");
    if (authorises(decision->decision.verb) && decision->decision.names(model, Act::remove)) {
      return std::optional(index);
    }
  }
  return std::optional<EntryIndex>();
}

// Whether a paper that came later, for another meeting, proposes the model again.
bool is_proposed_again(const std::vector<ProposedRemoval>& later, const ProposedRemoval& one) {
  return std::any_of(later.begin(), later.end(), [&](const ProposedRemoval& other) {
    return other.model == one.model && one.paper < other.paper;
  });
}

Result<void> add_proposals(const LogView& log, const MeetingRecord& meeting,
                           std::vector<ProposedRemoval>& all) {
  const EntryIndex entry = meeting.papers.back();
  const MeetingPaper paper = TRY(paper_at(log, entry));
  const std::optional<Date> date = TRY(day_of(log, meeting));
  for (const RemovalProposal& proposal : paper.proposals) {
    for (const ModelId& model : proposal.models) {
      ProposedRemoval one{model,        meeting.meeting,       date, entry, proposal.basis,
                          proposal.why, ProposalOutcome::open, {}};
      one.decision = TRY(decided_by(log, meeting, model));
      if (one.decision) {
        one.outcome = ProposalOutcome::decided;
      } else if (meeting.final_minutes) {
        one.outcome = ProposalOutcome::not_decided;
      }
      all.push_back(std::move(one));
    }
  }
  return {};
}

}  // namespace

Result<std::vector<ProposedRemoval>> proposed_removals(const LogView& log) {
  std::vector<ProposedRemoval> all;
  for (const MeetingRecord& meeting : TRY(log.list().meetings(meetings_max))) {
    if (!meeting.papers.empty()) TRY_VOID(add_proposals(log, meeting, all));
  }
  for (ProposedRemoval& one : all) {
    if (one.outcome == ProposalOutcome::not_decided && is_proposed_again(all, one)) {
      one.outcome = ProposalOutcome::carried_over;
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const ProposedRemoval& a, const ProposedRemoval& b) {
    const bool a_open = a.outcome == ProposalOutcome::open;
    const bool b_open = b.outcome == ProposalOutcome::open;
    return a_open != b_open ? a_open : b.paper < a.paper;
  });
  return all;
}

}  // namespace cpl
