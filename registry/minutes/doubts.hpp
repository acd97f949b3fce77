// What may be a decision and was not read as one: the grammar is closed, but what falls outside it
// is told. A false report costs a look; a decision that is lost in silence costs the list's truth.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/minutes/body.hpp"
#include "registry/minutes/clauses.hpp"

namespace cpl {

// The sentences of the text that speak of a decision of the body, its members or the meeting, where
// none of the clauses (in their order) is that decision.
std::vector<ClauseDoubt> find_sentence_doubts(std::string_view text, const MinutesBody& body,
                                              const std::vector<DecisionClause>& clauses);

// Whether the body, its members or the meeting are named right before a word of decision.
bool says_body_decides(std::string_view text, const MinutesBody& body);

// "DECISION:", "Decision 44/02:", "Resolution -", "Panel decision": a label that decisions stand
// under.
bool begins_with_decision_label(std::string_view text);

// "Action: …", "AP 44.1", "[ACTION on SECAS]", or "(ACTION: Chair)" anywhere in the line.
bool looks_like_action(std::string_view line);

// Words after which a text cannot end: "of", "the", "and", or one with a comma or colon.
bool is_cut_short(std::string_view text);

}  // namespace cpl
