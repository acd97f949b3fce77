// Meetings of a deciding body, when they are to be, and the papers that go to them: SECP30/03 asked
// for the list's changes to be a standing item of each.
#pragma once

#include "registry/statement/model.hpp"
#include "registry/statement/removal_basis.hpp"
#include "registry/statement/sealed_text.hpp"

namespace cpl {

inline constexpr std::array<std::string_view, 4> classification_words = {"WHITE", "GREEN", "AMBER",
                                                                         "RED"};

// A meeting of a deciding body: SECP and SECP_30_1103, for example.
struct MeetingRef {
  std::string body;
  std::string meeting;
  auto operator<=>(const MeetingRef&) const = default;
};

struct PlannedMeeting {
  std::string meeting;
  Date date;
};

// Which meetings of a body are to come, by rising day. It replaces the body's calendar before it.
struct MeetingCalendar {
  std::string body;
  std::vector<PlannedMeeting> meetings;
};

// What the registrar will ask the meeting to decide: it opens nothing and removes nothing (B21).
struct RemovalProposal {
  std::vector<ModelId> models;
  RemovalBasis basis{};
  Text why;
};

// The paper on the list's changes for one meeting, as a document and as what it proposes.
struct MeetingPaper {
  MeetingRef meeting;
  std::string classification;
  Hash document_sha256;
  std::uint64_t document_size = 0;
  std::string media_type;
  // It tells of the entries from `since` to below `until`.
  TreeSize since;
  TreeSize until;
  std::vector<RemovalProposal> proposals;
};

}  // namespace cpl
