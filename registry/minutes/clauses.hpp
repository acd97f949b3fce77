// Finds the decisions in running text, sentence by sentence, by the grammar in minutes.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "registry/minutes/body.hpp"

namespace cpl {

// One decision: where its text stands in the text searched.
struct DecisionClause {
  std::string verb;  // Upper case.
  std::size_t begin = 0;
  std::size_t end = 0;    // Without joining words and closing punctuation.
  std::size_t joint = 0;  // Where what joins it to the text before begins: ", and the Panel".
  std::size_t verb_end = 0;
  bool formal = false;  // The verb is in capitals.
};

// Something that may be a decision; a person must look.
struct ClauseDoubt {
  std::string reason;
  std::string sentence;
  std::size_t begin = 0;  // Of the sentence, in the text searched.
};

struct ClauseFindings {
  std::vector<DecisionClause> clauses;
  std::vector<ClauseDoubt> doubts;
  bool ends_with_body = false;    // The body is the subject of the last sentence,
  bool ends_with_clause = false;  // which holds a decision.
};

// Whose the first verb is: the text says it, or it stands below "The Panel:".
enum class FirstSubject : std::uint8_t { stated, body };

ClauseFindings find_decision_clauses(std::string_view text, const MinutesBody& body,
                                     FirstSubject first);

// Trims each clause; lets verbs that share an object share their text.
void finish_clauses(std::string_view text, std::vector<DecisionClause>& clauses);

// Without "; and", "." and the like at its end.
std::string_view strip_joining(std::string_view text);

}  // namespace cpl
