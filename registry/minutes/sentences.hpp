// Sentences of English prose, and the few words of it that the minutes reader must know.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "registry/minutes/words.hpp"

namespace cpl {

std::vector<std::string_view> split_sentences(std::string_view text);

// The verb of decision in upper case, if the word is one in the past tense; REQUESTED only if the
// word itself is in capitals.
std::optional<std::string_view> decision_verb(std::string_view word);
// REQUESTED too, whatever the case of the word: for bullets below "The Panel:".
std::optional<std::string_view> formal_decision_verb(std::string_view word);
// The verb of decision of which the word is the bare form: "approve".
bool is_bare_decision_verb(std::string_view word);

// Whether the text begins with a verb of decision, in capitals; or however it is written.
bool is_formal_decision(std::string_view text);
bool begins_with_decision_verb(std::string_view text);

// Words that tell of decisions, of which the grammar reads but a few: "resolved", "unanimously".
bool is_deciding(std::string_view word);
bool is_deciding_now(std::string_view word);   // "agree", "agrees": after the body's name.
bool is_decision_noun(std::string_view word);  // "approval", "resolution".
// Those who may be the body, or decide for it: "members", "meeting", "committee".
bool is_decider(std::string_view word);
bool is_deciding_body(std::string_view word);  // Of those, all but "all", "we", "present" …

bool is_subordinator(std::string_view word);  // that, which, whether, if …
bool is_conjunction(std::string_view word);   // and, but, then
bool is_adverb(std::string_view word);        // also, therefore, unanimously …
bool is_determiner(std::string_view word);    // the, a, their, of …: no verb follows
bool is_preposition(std::string_view word);
bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words);

}  // namespace cpl
