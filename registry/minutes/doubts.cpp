#include "registry/minutes/doubts.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "registry/minutes/sentences.hpp"

namespace cpl {
namespace {

// How far back the context of a word is looked for.
constexpr std::size_t context_words_max = 40;

std::string_view without_possessive(std::string_view word) {
  for (const std::string_view mark : {"'s", "\u2019s"}) {
    if (word.ends_with(mark)) return word.substr(0, word.size() - mark.size());
  }
  return word;
}

class SentenceDoubt {
 public:
  SentenceDoubt(std::string_view sentence, std::size_t offset, const MinutesBody& body,
                const std::vector<DecisionClause>& clauses)
      : offset_(offset), words_(split_words(sentence)), body_(body), clauses_(clauses) {
    names_body_ = std::any_of(words_.begin(), words_.end(), [](const MinutesWord& word) {
      return is_deciding_body(without_possessive(word.core));
    });
    for (std::size_t i = 0; i < words_.size() && !names_body_; ++i) {
      names_body_ = body_.match(words_, i) != 0;
    }
  }

  // Why a person must look at the sentence, or nothing.
  std::string_view reason() {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const std::string_view why = reason_at(i);
      if (!why.empty()) return why;
    }
    return {};
  }

 private:
  std::string_view core(std::size_t i) const { return words_[i].core; }
  bool is_word(std::size_t i, std::initializer_list<std::string_view> any) const {
    return i < words_.size() && is_one_of(core(i), any);
  }

  std::string_view reason_at(std::size_t i) {
    if (is_verb_of_clause(i)) return {};
    if (is_adverb(core(i)) && (is_verb_of_clause(i + 1) || has_verb_at(i + 1))) return {};
    const bool in_clause = is_in_clause(i);
    if (is_deciding(core(i))) {
      if (in_clause ? is_decided_anew(i) : may_be_decided(i)) {
        return "this may be a decision, in words that the reader does not know";
      }
      return {};
    }
    if (in_clause) return {};
    if (is_deciding_now(core(i)) && !is_subordinate(subject_end(i)) &&
        body_.names_decider_before(words_, subject_end(i))) {
      return "this may be a decision, in the present tense";
    }
    return speaks_of_decision(i) ? "this may tell of a decision" : "";
  }

  bool is_verb_of_clause(std::size_t i) const {
    if (i >= words_.size()) return false;
    const std::size_t end = offset_ + words_[i].end;
    const auto found = std::lower_bound(
        clauses_.begin(), clauses_.end(), end,
        [](const DecisionClause& clause, std::size_t sought) { return clause.verb_end < sought; });
    return found != clauses_.end() && found->verb_end == end;
  }

  bool has_verb_at(std::size_t i) const { return i < words_.size() && is_deciding(core(i)); }

  bool is_in_clause(std::size_t i) const {
    const std::size_t at = offset_ + words_[i].begin;
    const auto after = std::upper_bound(
        clauses_.begin(), clauses_.end(), at,
        [](std::size_t sought, const DecisionClause& clause) { return sought < clause.begin; });
    return after != clauses_.begin() && at < std::prev(after)->end;
  }

  // Past the adverbs and the like that stand before the verb.
  std::size_t subject_end(std::size_t i) const {
    std::size_t end = i;
    while (end > 0 && i - end < 6 && words_[end - 1].mark == 0 && !body_ends_at(end) &&
           (is_adverb(core(end - 1)) || is_word(end - 1, {"has", "have", "had", "then", "not"}))) {
      --end;
    }
    return end;
  }
  bool body_ends_at(std::size_t end) const { return end == 1 && is_word(0, {"all", "both"}); }

  // Whether a clause of "that", "which", "if" … stands open before words[i].
  bool is_subordinate(std::size_t i) const {
    for (std::size_t at = i; at > 0 && i - at < context_words_max; --at) {
      if (is_subordinator(core(at - 1))) return true;
    }
    return false;
  }

  // Inside the words of a decision: the body decides once more.
  bool is_decided_anew(std::size_t i) const {
    const std::size_t end = subject_end(i);
    return body_.names_decider_before(words_, end) && !is_subordinate(end);
  }

  bool may_be_decided(std::size_t i) const {
    const std::size_t end = subject_end(i);
    if (end == 0) return true;  // "Agreed: …", "All agreed".
    const std::string_view before = core(end - 1);
    if (body_.names_decider_before(words_, end)) return true;
    if (is_one_of(before, {"was", "were", "is", "are", "been", "be", "being"})) {
      return may_be_passive(i, end - 1);
    }
    if (body_.names_other_before(words_, end)) return names_body_ && is_joint(end);
    if (is_determiner(before)) return false;  // "the agreed grouping"
    if (is_one_of(before, {"he", "she", "i"})) return false;
    if (is_carried_out(i)) return false;
    if (is_word(i + 1, {"by"}) && words_[end - 1].mark == 0 && body_stands_before(end)) {
      return false;  // "The Panel discussed the proposals rejected by the Panel"
    }
    if (is_capitals(before, 3)) return true;  // Some body's acronym.
    return names_body_ || words_[end - 1].mark == ':' ||
           is_word(i, {"resolved", "ratified", "carried", "decided", "voted", "unanimous",
                       "unanimously"});
  }

  bool is_carried_out(std::size_t i) const {
    return is_word(i, {"carried"}) && is_word(i + 1, {"out", "forward", "over"});
  }

  // "The Panel and SECAS agreed".
  bool is_joint(std::size_t end) const {
    for (std::size_t at = end; at > 0 && end - at < 6; --at) {
      if (is_word(at - 1, {"and", "with"}) && body_.names_decider_before(words_, at - 1)) {
        return true;
      }
    }
    return false;
  }

  bool body_stands_before(std::size_t end) const {
    for (std::size_t at = 1; at < end && at < context_words_max; ++at) {
      if (body_.names_decider_before(words_, at)) return true;
    }
    return false;
  }

  // "was agreed" and its kin; `auxiliary` is where the "was" stands.
  bool may_be_passive(std::size_t i, std::size_t auxiliary) const {
    if (is_carried_out(i)) return false;
    const bool subordinate = is_subordinate(auxiliary);
    const bool narrative = auxiliary > 0 && is_word(auxiliary - 1, {"it"}) &&
                           is_word(i, {"noted", "confirmed", "acknowledged", "recommended"});
    const bool also = auxiliary > 0 && is_word(auxiliary - 1, {"also"});
    if (narrative || (also && is_word(i, {"noted"}))) return false;
    if (is_word(auxiliary, {"be", "being"})) return false;
    if (is_word(auxiliary, {"been"})) {
      return auxiliary > 0 && !(subordinate && is_word(auxiliary - 1, {"had"})) && names_body_;
    }
    if (is_word(auxiliary, {"is", "are"})) return !subordinate;
    if (agent_is_other(i)) return false;
    return !subordinate || names_body_;
  }

  bool agent_is_other(std::size_t i) const {
    if (!is_word(i + 1, {"by"})) return false;
    const std::size_t end = std::min(words_.size(), i + 8);
    for (std::size_t at = i + 2; at < end; ++at) {
      if (body_.names_other_before(words_, at + 1)) return true;
      if (body_.match(words_, at) != 0) return false;
    }
    return false;
  }

  // "The Panel's decision was …", "gave its approval", "was content", "in agreement", "no
  // objections".
  bool speaks_of_decision(std::size_t i) const {
    if (is_word(i, {"favour", "favor"}) && i > 0 && is_word(i - 1, {"in"})) return true;
    if (is_decision_noun(core(i)) && is_word(i + 1, {"was", "were", "is"})) return true;
    if (!names_body_) return false;
    if (is_word(i, {"so"})) return i > 0 && is_word(i - 1, {"did"});
    if (is_word(i, {"view"})) return i > 1 && is_word(i - 2, {"of"});
    if (is_word(i, {"content", "happy", "satisfied"})) {
      const std::size_t end = subject_end(i);
      return end > 0 && is_word(end - 1, {"was", "were", "is", "are"});
    }
    if (is_word(i, {"agreement"}) && i > 0 && is_word(i - 1, {"in"})) return true;
    if (is_decision_noun(core(i))) return decides_by_noun(i);
    if (is_word(i, {"objection", "objections", "opposition", "dissent"})) {
      return i > 0 && is_word(i - 1, {"no", "without", "any"});
    }
    return is_word(i, {"consensus", "nem"}) || (is_word(i, {"signed"}) && is_word(i + 1, {"off"}));
  }

  bool decides_by_noun(std::size_t i) const {
    if (is_word(i + 1, {"was", "is", "were", "of", "to", "that"})) return true;
    const std::size_t reach = i > 6 ? i - 6 : 0;
    for (std::size_t at = reach; at < i; ++at) {
      const std::string_view word = core(at);
      if (word.ends_with("'s") || word.ends_with("\u2019s")) return true;
      if (is_one_of(word, {"gave", "given", "give", "gives", "granted", "confirmed", "expressed",
                           "reached", "made", "took", "taken", "recorded", "signalled", "indicated",
                           "came", "reaching", "withheld"})) {
        return true;
      }
    }
    return i > 0 && body_.names_decider_before(words_, i);  // "Panel decision - …"
  }

  std::size_t offset_;
  std::vector<MinutesWord> words_;
  const MinutesBody& body_;
  const std::vector<DecisionClause>& clauses_;
  bool names_body_ = false;
};

bool is_reference(std::string_view word) {
  return !word.empty() && (std::any_of(word.begin(), word.end(), is_ascii_digit) ||
                           is_capitals(word, 1) || same_word(word, "no"));
}

bool is_dash(std::string_view word) {
  return word == "-" || word == "\u2013" || word == "\u2014" || word == "\u2192" || word == "=";
}

bool is_action_word(std::string_view word) {
  return is_one_of(word, {"action", "actions", "a.p", "ap", "to-do"});
}

// "AP1", "AP44/01", "A12.3": what such a word may be in the place of "Action 1".
bool is_action_number(std::string_view word) {
  if (!word.starts_with('A')) return false;
  word.remove_prefix(word.starts_with("AP") || word.starts_with("AI") ? 2 : 1);
  return !word.empty() && is_ascii_digit(word.front()) &&
         word.find_first_not_of("0123456789./-") == word.npos;
}

}  // namespace

bool says_body_decides(std::string_view text, const MinutesBody& body) {
  const auto words = split_words(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!is_deciding(words[i].core) && !is_deciding_now(words[i].core)) continue;
    std::size_t end = i;
    while (end > 0 && i - end < 4 && is_adverb(words[end - 1].core)) --end;
    if (body.names_decider_before(words, end)) return true;
  }
  return false;
}

bool begins_with_decision_label(std::string_view text) {
  constexpr std::size_t words_before_max = 3;
  const auto words = split_words(text.substr(0, 160));
  std::size_t at = 0;
  while (at < words.size() && at <= words_before_max &&
         !is_one_of(words[at].core,
                    {"decision",      "decisions",      "resolution", "resolutions", "resolved",
                     "determination", "determinations", "outcome",    "conclusion",  "ruling",
                     "verdict",       "agreed",         "approved",   "vote",        "motion",
                     "result",        "agreement",      "approval",   "decided",     "ratified",
                     "carried",       "recommendation"})) {
    if (words[at].mark != 0) return false;
    ++at;
  }
  if (at == words.size() || at > words_before_max) return false;
  if (at > 0 && is_deciding(words[at].core)) return false;  // "The Panel AGREED: …"
  for (std::size_t more = 0; more < 3; ++more) {
    if (at + 1 == words.size() || words[at].mark == ':' || is_dash(words[at + 1].core)) return true;
    if (!is_reference(words[at + 1].core)) return false;
    ++at;
  }
  return false;
}

bool looks_like_action(std::string_view line) {
  const auto words = split_words(line.substr(0, 4096));
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i].core;
    const bool bracketed =
        words[i].begin > 0 && (line[words[i].begin - 1] == '[' || line[words[i].begin - 1] == '(');
    if (bracketed && is_action_word(word)) return true;
    if (i > 0 && (word == "ACTION" || word == "ACTIONS")) return true;
  }
  if (words.empty()) return false;
  if (is_action_number(words[0].core) && words.size() > 1) return true;
  if (!is_action_word(words[0].core) || is_ascii_lower(words[0].core.front())) return false;
  if (words.size() == 1 || words[0].mark == ':' || is_dash(words[1].core)) return true;
  return is_reference(words[1].core) ||
         is_one_of(words[1].core, {"on", "for", "point", "points", "item", "items", "by", "to",
                                   "required", "agreed", "placed", "owner"});
}

bool is_cut_short(std::string_view text) {
  text = trim(text);
  if (text.ends_with(',') || text.ends_with(':')) return true;
  const auto words = split_words(text.substr(text.size() > 64 ? text.size() - 64 : 0));
  if (words.empty() || words.back().end != std::min<std::size_t>(text.size(), 64)) return false;
  return is_one_of(
      words.back().core,
      {"and",   "or",     "but",   "of",        "the",  "a",      "an",      "to",    "that", "for",
       "with",  "by",     "from",  "in",        "on",   "at",     "as",      "which", "than", "its",
       "their", "models", "model", "following", "both", "namely", "between", "under"});
}

std::vector<ClauseDoubt> find_sentence_doubts(std::string_view text, const MinutesBody& body,
                                              const std::vector<DecisionClause>& clauses) {
  std::vector<ClauseDoubt> doubts;
  std::size_t next = 0;  // The first clause that does not end before the sentence.
  for (const std::string_view sentence : split_sentences(text)) {
    const auto offset = static_cast<std::size_t>(sentence.data() - text.data());
    const std::size_t end = offset + sentence.size();
    while (next < clauses.size() && clauses[next].end < offset) ++next;
    std::vector<DecisionClause> own;
    for (std::size_t i = next; i < clauses.size() && clauses[i].begin < end; ++i) {
      own.push_back(clauses[i]);
    }
    const std::string_view reason = SentenceDoubt(sentence, offset, body, own).reason();
    if (!reason.empty()) doubts.push_back({std::string(reason), std::string(sentence), offset});
  }
  return doubts;
}

}  // namespace cpl
