// The Panel minutes reader: turns the minutes of a SEC body, as text or PDF, into a typed outline
// of what was decided and who must do what. It never guesses silently: what it cannot place is
// listed with its line, for a person to read. An outline proposes; the signed statement built from
// it counts.
//
// The grammar, in the order of the document:
//
//   front       "SEC Panel Meeting 30" | "Meeting SECP_30_1103, 11th March 2016" | place |
//               "Final Minutes" or "Draft Minutes"; then the tables under "Attendees:" and
//               "Apologies:" ("Representing" starts a table of attendance again)
//   item        <number>. <title>, on a line of its own, numbered from 1 without gaps
//   decision    a bullet under "The Panel:", or a running sentence of the deciding body (below)
//   action      ACTION SECP30/03: <owner> to <do something> [by the 24th March 2016]
//   note        Post Meeting Note: <text>
//   admission   a bullet "<legal name> (<category>)" below a sentence that ends with a colon and
//               says who is "admitted as Parties"
//   outstanding SECP20/04, 23/08 & 28/06 <update>: a row for each reference, where the item's title
//               speaks of actions
//
// The numbers of paragraphs ("2.1") are read past. The characters are made plain first
// (minutes_text.hpp).
//
// Decisions. The deciding body is the one the minutes are of: its acronym in the meeting's
// reference (SECP is the Panel) and its name in the title. Verbs: NOTED APPROVED AGREED SUPPORTED
// ACCEPTED ENDORSED REJECTED DEFERRED; and REQUESTED, but only as a bullet or in capitals: asking
// somebody in the course of a discussion decides nothing. A running sentence decides when
//
//   - the body, or its members, are the subject of the verb, in capitals or not: "The Panel also
//     noted that …", "Following discussion, the Panel AGREED …"; not "The Panel Chair", not another
//     body, not SECAS, not "had agreed", not inside a clause of "that", "which", "whether", "if" …;
//   - or the verb is passive in a main clause and no other agent is named: "The minutes were
//     approved via ex-committee decision", "All were accepted". "It was noted that" is narrative.
//
// Each verb is one decision. A verb joined by "and" or "but" has the same subject; where a clause
// of "that" stands between, whose verb it is stays in doubt and is reported, but for ", but" and
// ";". The text of a decision runs from its verb (a passive one: from its subject) to the next
// decision of the sentence or the end of the bullet or sentence, line breaks healed, without the
// joining "; and" and without closing punctuation. Verbs that share one object ("NOTED and APPROVED
// the paper") share their text. A list that a decision introduces with a colon belongs to its text.
// A decision is formal if it is a bullet below "The Panel:" whose verb is in capitals.
//
// Reported. The grammar is closed, and what falls outside it is told: a sentence that names the
// body, its members or the meeting beside a word of decision (minutes_doubts.hpp), a label such as
// "DECISION:", a line that begins as an action does, the id of a Device Model that no decision of
// the item holds or that cannot be read, a decision whose words seem not to end, columns and marks
// that may have got among them, pages without text.
//
// Confidential: the item's title, its text or the whole document says that it is confidential, or
// of a class that is not public (minutes_handling.hpp). A confidential appendix alone does not make
// an item confidential. A mark across the pages is believed: DRAFT makes the minutes a draft.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

inline constexpr std::size_t minutes_size_max = std::size_t{16} << 20;

enum class MinutesStatus : std::uint8_t { draft, final };

struct OutlineMeeting {
  std::string body;  // Acronym: "SECP".
  std::string ref;   // "SECP_30_1103": no year in it.
  std::uint32_t number = 0;
  std::string title;
  std::optional<std::string> date;  // ISO 8601.
  std::string place;
  std::optional<MinutesStatus> status;  // Absent if the minutes do not say.
};

struct OutlineAttendance {
  std::string category;
  std::vector<std::string> names;
};

struct OutlineDecision {
  std::uint32_t ordinal = 0;  // From 1 in each item, in the order of the document.
  std::string verb;           // Upper case.
  std::string text;
  std::string text_sha256;    // Lower-case hex of SHA-256 of the text's UTF-8.
  bool ex_committee = false;  // Taken outside a meeting and recorded in these minutes.
  bool formal = false;        // A bullet below "The Panel:", in capitals; else running text.
};

struct OutlineAction {
  std::string ref;  // "SECP30/03".
  std::optional<std::string> owner;
  std::string text;
  std::optional<std::string> due;  // ISO 8601.
};

// An organisation that is admitted as a Party, as the minutes have it.
struct OutlineAdmission {
  std::string legal_name;
  std::string category;  // "Small Supplier"
};

struct OutlineItem {
  std::uint32_t number = 0;
  std::string title;
  bool confidential = false;
  std::vector<OutlineDecision> decisions;
  std::vector<OutlineAction> actions;
  std::vector<std::string> notes;
  std::vector<OutlineAdmission> admissions{};
};

struct OutlineOutstandingAction {
  std::string ref;
  std::string text;
};

// The reason that goes where somebody says which day it was.
inline constexpr std::string_view minutes_date_unreadable =
    "the date of the meeting cannot be read";

struct OutlineUnplaced {
  std::size_t line = 0;  // From 1, in the text; of a PDF, in the text extracted from it.
  std::string reason;
  std::string text;
};

struct MinutesOutline {
  OutlineMeeting meeting;
  std::vector<OutlineAttendance> attendance;
  std::vector<OutlineAttendance> apologies;
  std::vector<OutlineItem> items;
  std::vector<OutlineOutstandingAction> outstanding_actions;
  std::vector<OutlineUnplaced> unplaced;  // In the order of their lines.
};

// Takes UTF-8 text or a PDF (told by its first octets). Refuses what is no minutes at all: too
// large, not text, no meeting reference, no item.
Result<MinutesOutline> read_minutes(BytesView document);

// Words typed from minutes, as the reader would have them, so that both have the same hash.
std::string minutes_words(std::string_view typed);

// "final", "draft" or "unknown".
std::string_view minutes_status_word(const std::optional<MinutesStatus>& status);

// For people to check against the document.
std::string minutes_outline_text(const MinutesOutline& outline);

}  // namespace cpl
