// What was proposed for removal to which meeting, and what became of it: the standing item's own
// question (SECP30/03).
#pragma once

#include "registry/log/log_view.hpp"

namespace cpl {

enum class ProposalOutcome : std::uint8_t { open, decided, not_decided, carried_over };
inline constexpr std::array<std::string_view, 4> proposal_outcome_words = {
    "open", "decided", "not_decided", "carried_over"};
template <>
struct Words<ProposalOutcome> {
  static constexpr const auto& list = proposal_outcome_words;
};

struct ProposedRemoval {
  ModelId model;
  MeetingRef meeting;
  std::optional<Date> date;  // As the calendar or the minutes have it.
  EntryIndex paper;
  RemovalBasis basis{};
  Text why;
  ProposalOutcome outcome{};
  std::optional<EntryIndex> decision;  // With `decided`.
};

// Of each meeting's newest paper; those that are open first, then the newest paper's.
Result<std::vector<ProposedRemoval>> proposed_removals(const LogView& log);

}  // namespace cpl
