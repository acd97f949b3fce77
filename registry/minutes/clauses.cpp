#include "registry/minutes/clauses.hpp"

#include <algorithm>

#include "registry/minutes/sentences.hpp"

namespace cpl {
namespace {

// How far back a clause may begin before its verb, in words.
constexpr std::size_t clause_words_max = 400;
// How far somebody's name stands from the verb that it is the subject of.
constexpr std::size_t near_words_max = 16;

bool is_of_the_past(std::string_view adverb) {
  return is_one_of(adverb, {"previously", "already", "recently", "earlier", "originally",
                            "initially", "formerly", "lately", "subsequently"});
}

// Reads one sentence. `offset` is where it begins in the text the clauses are of.
class SentenceReader {
 public:
  SentenceReader(std::string_view sentence, std::size_t offset, const MinutesBody& body,
                 ClauseFindings& findings)
      : sentence_(sentence),
        offset_(offset),
        words_(split_words(sentence)),
        body_(body),
        findings_(findings),
        first_clause_(findings.clauses.size()),
        after_body_(findings.ends_with_body) {}

  void read(FirstSubject first) {
    std::size_t i = 0;
    if (first == FirstSubject::body && !words_.empty()) {
      body_speaks_ = true;
      add(0, formal_decision_verb(words_[0].core).value_or(""), words_[0].begin, 0);
      i = 1;
    }
    while (i < words_.size()) {
      if (const std::size_t name = match_subject(i); name != 0) {
        i = read_subject(i, name);
      } else {
        read_word(i);
        ++i;
      }
    }
    findings_.ends_with_body = body_speaks_;
    findings_.ends_with_clause = findings_.clauses.size() > first_clause_;
    close_last_clause();
  }

 private:
  std::string_view core(std::size_t i) const { return words_[i].core; }
  bool in_capitals(std::size_t i) const { return is_capitals(core(i), 4); }
  bool has_break(std::size_t i) const { return words_[i].mark == ',' || words_[i].mark == ';'; }
  bool is_word(std::size_t i, std::string_view word) const {
    return i < words_.size() && same_word(core(i), word);
  }

  // The words from `i` that make the body the subject of a main clause: "The Panel", "the Panel"
  // after a comma or "and", "Members". 0 if they do not.
  std::size_t match_subject(std::size_t i) const {
    std::size_t size = is_word(i, "the") ? 1 : 0;
    const std::size_t name = body_.match(words_, i + size);
    if (name == 0 || (size == 0 && i != 0)) {
      return i == 0 && is_word(0, "members") && !is_word(1, "of") ? 1 : 0;
    }
    if (!begins_main_clause(i)) return 0;
    size += name;
    if (is_word(i + size, "members")) return size + 1;
    const std::size_t next = i + size;
    // "The Panel Chair" and "the Panel Information Policy" are not the Panel.
    const bool longer_name = next < words_.size() && is_ascii_upper(core(next).front()) &&
                             !in_capitals(next) && words_[next - 1].mark == 0;
    return longer_name || is_of_a_name(next) ? 0 : size;
  }

  // "The Panel secretary" and "the Panel of experts" are not the Panel.
  bool is_of_a_name(std::size_t i) const {
    return i < words_.size() && words_[i - 1].mark == 0 &&
           is_one_of(core(i), {"of", "chair", "chairman", "secretary", "secretariat",
                               "administrator", "sponsor", "member", "paper", "meeting"});
  }

  bool begins_main_clause(std::size_t i) const {
    if (i == 0) return true;
    if (subordinate_ || opening_) return false;
    return has_break(i - 1) || is_conjunction(core(i - 1)) || is_one_of(core(i - 1), {"so"});
  }

  // Reads the subject and the verb after it; returns where to go on.
  std::size_t read_subject(std::size_t i, std::size_t size) {
    const std::size_t joint = i > 0 && is_conjunction(core(i - 1)) ? i - 1 : i;
    body_speaks_ = true;
    subordinate_ = false;
    other_verb_ = false;
    std::size_t at = i + size;
    if (has_break(at - 1)) at = skip_parenthesis(at);
    bool negative = false;
    bool earlier = false;     // What was decided before this meeting:
    bool pluperfect = false;  // it had been.
    while (at < words_.size() && !decision_verb(core(at)) &&
           (is_adverb(core(at)) ||
            is_one_of(core(at), {"has", "have", "had", "did", "do", "not", "then"}))) {
      pluperfect = pluperfect || is_word(at, "had");
      earlier = earlier || is_of_the_past(core(at));
      negative = negative || is_word(at, "not");
      ++at;
    }
    if (at == words_.size()) return at;
    const auto verb = decision_verb(core(at));
    if (pluperfect && (is_word(at, "been") || core(at).ends_with("ed"))) body_speaks_ = false;
    if (negative) {
      if (verb || is_bare_decision_verb(core(at))) doubt("what the body did not decide");
      return at + 1;
    }
    if (verb && (body_speaks_ || in_capitals(at)) && !is_word(at + 1, "by")) {
      if (!body_speaks_ || earlier || tells_of_other_meeting(at)) {
        doubt("it is not clear when this was decided");
      } else {
        add(at, *verb, words_[at].begin, joint);
      }
      return at + 1;
    }
    if (!verb && in_capitals(at) && core(at).ends_with("ED")) {
      doubt("a decision with an unknown verb");
      return at + 1;
    }
    return at;
  }

  // "The Panel, having considered the paper, AGREED": past the second comma.
  std::size_t skip_parenthesis(std::size_t at) const {
    for (std::size_t i = at; i + 1 < words_.size(); ++i) {
      if (decision_verb(core(i)) && in_capitals(i)) return at;
      if (has_break(i)) return i + 1;
    }
    return at;
  }

  void read_word(std::size_t i) {
    if (decision_verb(core(i))) return read_verb(i);
    if (is_subordinator(core(i))) (i == 0 ? opening_ : subordinate_) = true;
    if (opening_ && words_[i].mark == ',') opening_ = false;
  }

  void read_verb(std::size_t i) {
    std::size_t before = i;  // One past the word before the verb and its adverbs.
    while (before > 0 && is_adverb(core(before - 1)) && !has_break(before - 1)) --before;
    if (before > 0 && is_word(before - 1, "not")) return doubt("what was not decided");
    if (before > 0 && is_one_of(core(before - 1), {"was", "were"})) return read_passive(i, false);
    if (before > 1 && is_word(before - 1, "been")) {
      if (is_one_of(core(before - 2), {"has", "have"})) return read_passive(i, true);
      return;
    }
    if (body_speaks_ && before > 0) return read_joined(i, before);
    if (in_capitals(i)) return doubt("a formal verb that is not said of the deciding body");
    // "They" may be the body of the sentence before, or somebody it speaks of.
    if (after_body_ && before == 1 && (is_word(0, "they") || is_word(0, "it"))) {
      doubt("it is not clear who \"they\" or \"it\" is");
    }
  }

  // A further verb in a sentence of the body: joined to the one before, or somebody else's.
  void read_joined(std::size_t i, std::size_t before) {
    const std::size_t previous = before - 1;
    const bool joined = is_conjunction(core(previous));
    const std::size_t at_break = joined && previous > 0 ? previous - 1 : previous;
    const bool comma = has_break(at_break);
    const bool formal = in_capitals(i);
    if (is_word(i + 1, "by") && !formal) return;  // "the paper, approved by the SSC"
    if (!joined && !comma) {
      if (formal) return doubt("a formal verb that is not said of the deciding body");
      if (is_determiner(core(previous))) return;
      other_verb_ = true;  // "and SECAS agreed to …"
      return end_clause_before_other(i);
    }
    if (!joined && !formal) {
      const bool participle = i + 1 < words_.size() && is_preposition(core(i + 1));
      if (!participle) doubt("it is not clear who this verb belongs to");
      return;
    }
    // "…, but noted" and "…; and NOTED" go back to the body; after "that … and" nobody can tell.
    const bool ends_subordinate =
        words_[at_break].mark == ';' || (comma && joined && is_word(previous, "but"));
    if (other_verb_ || (subordinate_ && !ends_subordinate) || names_other_since_verb(previous)) {
      return doubt("it is not clear who this verb belongs to");
    }
    add(i, *decision_verb(core(i)), words_[i].begin, joined ? previous : before);
  }

  // Whether somebody else may have become the subject: "and the SSC read it and approved it".
  bool names_other_since_verb(std::size_t end) const {
    const std::size_t reach = end > near_words_max ? end - near_words_max : 0;
    for (std::size_t at = std::max(last_verb_, reach); at + 1 < end; ++at) {
      if (!is_conjunction(core(at)) && !has_break(at)) continue;
      const std::size_t name = at + (is_word(at + 1, "the") ? 2 : 1);
      if (name >= end || !is_ascii_upper(core(name).front())) continue;
      if (std::any_of(core(name).begin(), core(name).end(), is_ascii_digit)) continue;  // An id.
      if (!decision_verb(core(name)) && body_.match(words_, name) == 0) return true;
    }
    return false;
  }

  // The body's clause ends where a short subject of somebody else is joined to it.
  void end_clause_before_other(std::size_t i) {
    constexpr std::size_t subject_words_max = 4;
    for (std::size_t at = i; at-- > last_verb_ + 1 && i - at <= subject_words_max;) {
      if (!is_conjunction(core(at)) || clause_end_) continue;
      clause_end_ = offset_ + words_[at].begin;
    }
  }

  // "The minutes were approved": a decision of the body unless it is somebody else's, or older.
  void read_passive(std::size_t i, bool perfect) {
    const bool formal = in_capitals(i);
    if (subordinate_ || opening_) {
      if (formal) doubt("a formal verb in a subordinate clause");
      return;
    }
    const auto start = passive_start(i);
    if (!start) return doubt("it is not clear where this decision begins");
    const auto verb = decision_verb(core(i));
    if (is_word(*start, "it") && *verb == "NOTED" && !formal) return;  // Narrative.
    const Agent agent = agent_after(i);
    if (agent == Agent::other) {
      if (formal) doubt("a formal verb of somebody else");
      return;
    }
    const bool other_time = perfect || tells_of_other_meeting(i);
    if (says_earlier_before(i) || (other_time && agent == Agent::unsaid)) {
      return doubt("it is not clear when and by whom this was decided");
    }
    if (tells_of_others(*start, i)) return doubt("it is not clear who decided this");
    add(i, *verb, words_[*start].begin, *start == 0 ? 0 : *start - 1);
  }

  // The first word of the clause: of the sentence, or after the conjunction that follows the last
  // decision, one with a comma before it if there is one.
  std::optional<std::size_t> passive_start(std::size_t i) const {
    if (findings_.clauses.size() == first_clause_) return 0;
    std::optional<std::size_t> start;
    const std::size_t reach = i > clause_words_max ? i - clause_words_max : 0;
    for (std::size_t at = std::max(last_verb_ + 1, reach); at + 1 < i; ++at) {
      if (!is_conjunction(core(at))) continue;
      if (has_break(at - 1)) return at + 1;
      if (!start) start = at + 1;
    }
    return start;
  }

  enum class Agent : std::uint8_t { unsaid, body, other };

  Agent agent_after(std::size_t i) const {
    std::size_t at = i + 1;
    while (at < words_.size() && is_adverb(core(at))) ++at;
    if (at >= words_.size() || !is_one_of(core(at), {"by", "via", "through"})) return Agent::unsaid;
    ++at;
    if (at < words_.size() && is_one_of(core(at), {"the", "a", "an"})) ++at;
    if (at >= words_.size()) return Agent::unsaid;
    const bool way =
        is_one_of(core(at), {"ex-committee", "correspondence", "email", "e-mail", "circulation",
                             "teleconference", "majority", "consensus", "vote", "members", "all"});
    return way || body_.match(words_, at) != 0 ? Agent::body : Agent::other;
  }

  // "was approved at the October 2015 meeting", "in January", "last month": not of this meeting, it
  // seems.
  bool tells_of_other_meeting(std::size_t i) const {
    if (is_word(i + 1, "last") || is_word(i + 1, "previously") || is_word(i + 1, "earlier")) {
      return true;
    }
    if (i + 1 >= words_.size() || !is_one_of(core(i + 1), {"at", "in", "on", "during", "since"})) {
      return false;
    }
    for (std::size_t at = i + 2; at < words_.size() && at < i + 8; ++at) {
      if (is_word(at, "meeting") || is_month_name(core(at)) || is_ascii_digit(core(at).front())) {
        return true;
      }
    }
    return false;
  }

  bool says_earlier_before(std::size_t i) const {
    for (std::size_t at = i; at > 0 && i - at < 3; --at) {
      if (is_of_the_past(core(at - 1))) return true;
    }
    return false;
  }

  // "SECAS reported the plan was approved", "The SSC met and the plan was approved".
  bool tells_of_others(std::size_t start, std::size_t i) const {
    const std::size_t reach = i > near_words_max ? i - near_words_max : 0;
    for (std::size_t at = std::max(start, reach); at < i; ++at) {
      if (body_.names_other_before(words_, at + 1)) return true;
      if (is_one_of(core(at), {"reported", "said", "stated", "explained", "advised", "highlighted",
                               "informed", "understood", "believed", "thought", "heard", "told"})) {
        return true;
      }
    }
    return false;
  }

  void add(std::size_t verb_at, std::string_view verb, std::size_t begin, std::size_t joint) {
    findings_.clauses.push_back({.verb = std::string(verb),
                                 .begin = offset_ + begin,
                                 .end = offset_ + sentence_.size(),
                                 .joint = offset_ + words_[joint].begin,
                                 .verb_end = offset_ + words_[verb_at].end,
                                 .formal = in_capitals(verb_at)});
    close_clause_before();
    clause_end_.reset();
    last_verb_ = verb_at;
    subordinate_ = false;
    other_verb_ = false;
  }

  // The clause before, if it is of this sentence, ends where the new one is joined to it.
  void close_clause_before() {
    const std::size_t count = findings_.clauses.size();
    if (count < first_clause_ + 2) return;
    DecisionClause& previous = findings_.clauses[count - 2];
    const std::size_t joint = findings_.clauses[count - 1].joint;
    previous.end = std::max(previous.verb_end, std::min(clause_end_.value_or(joint), joint));
  }

  void close_last_clause() {
    if (!findings_.ends_with_clause) return;
    findings_.clauses.back().end = clause_end_.value_or(offset_ + sentence_.size());
  }

  void doubt(std::string reason) {
    if (doubted_) return;
    doubted_ = true;
    findings_.doubts.push_back({std::move(reason), std::string(sentence_), offset_});
  }

  std::string_view sentence_;
  std::size_t offset_;
  std::vector<MinutesWord> words_;
  const MinutesBody& body_;
  ClauseFindings& findings_;
  std::size_t first_clause_;
  bool after_body_;           // The body was the subject of the sentence before.
  bool body_speaks_ = false;  // It is the subject of this one.
  bool opening_ = false;      // In a subordinate clause that begins the sentence.
  bool subordinate_ = false;  // After "that" and the like, since the last subject or decision.
  bool other_verb_ = false;   // After a verb of decision that is somebody else's.
  bool doubted_ = false;
  std::size_t last_verb_ = 0;
  std::optional<std::size_t> clause_end_;  // Of the last clause, if it ends before its sentence.
};

}  // namespace

ClauseFindings find_decision_clauses(std::string_view text, const MinutesBody& body,
                                     FirstSubject first) {
  ClauseFindings findings;
  std::optional<std::size_t> bullet_end;  // Clauses of the first sentence, if it is the bullet's.
  for (const std::string_view sentence : split_sentences(text)) {
    const auto offset = static_cast<std::size_t>(sentence.data() - text.data());
    SentenceReader(sentence, offset, body, findings)
        .read(offset == 0 ? first : FirstSubject::stated);
    if (offset == 0 && first == FirstSubject::body) bullet_end = findings.clauses.size();
  }
  // All of a bullet belongs to its decision, up to the next one.
  if (bullet_end && *bullet_end > 0) {
    findings.clauses[*bullet_end - 1].end =
        *bullet_end < findings.clauses.size() ? findings.clauses[*bullet_end].joint : text.size();
  }
  finish_clauses(text, findings.clauses);
  return findings;
}

}  // namespace cpl
