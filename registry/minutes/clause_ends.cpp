// Where the clauses of decisions end.
#include "registry/minutes/clauses.hpp"

namespace cpl {
namespace {

// How many verbs may share one object: there are no more different ones.
constexpr std::size_t shared_verbs_max = 9;

// The verb and nothing else.
bool is_bare(const DecisionClause& clause) {
  return clause.end - clause.begin == clause.verb.size();
}

// Whether nothing but a joining word stands between the verb and the next one.
bool shares_object(std::string_view text, const DecisionClause& clause,
                   const DecisionClause& next) {
  constexpr std::size_t joining_size_max = 16;
  return is_bare(clause) && next.begin - clause.end <= joining_size_max &&
         text.substr(clause.end, next.begin - clause.end).find('.') == text.npos;
}

}  // namespace

void finish_clauses(std::string_view text, std::vector<DecisionClause>& clauses) {
  for (DecisionClause& clause : clauses) {
    clause.end =
        clause.begin + strip_joining(text.substr(clause.begin, clause.end - clause.begin)).size();
  }
  for (std::size_t first = 0; first < clauses.size();) {
    std::size_t last = first;
    while (last + 1 < clauses.size() && last - first + 1 < shared_verbs_max &&
           shares_object(text, clauses[last], clauses[last + 1])) {
      ++last;
    }
    for (std::size_t i = first; i < last; ++i) clauses[i].end = clauses[last].end;
    for (std::size_t i = first + 1; i <= last; ++i) clauses[i].begin = clauses[first].begin;
    first = last + 1;
  }
}

std::string_view strip_joining(std::string_view text) {
  while (true) {
    text = trim(text);
    bool stripped = false;
    for (const std::string_view end : {".", ";", ",", ":", " and", " but", " or"}) {
      if (!text.ends_with(end)) continue;
      text.remove_suffix(end.size());
      stripped = true;
    }
    if (!stripped) return text;
  }
}

}  // namespace cpl
