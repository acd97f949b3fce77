// States in the words and colours that every page has for them.
#pragma once

#include "api/html/parts.hpp"
#include "api/pages/said.hpp"

namespace cpl {

struct StateWords {
  Tone tone;
  std::string word;      // In the tag: "Removed".
  std::string sentence;  // What it means for the reader.
};

StateWords model_state(Said model);
StateWords standing_words(std::string_view standing);  // Of a decision.
StateWords notice_state(std::string_view state);
// "a certificate was withdrawn"
std::string basis_words(std::string_view basis);
// Of a removal that nobody has decided yet.
std::string proposal_basis_words(std::string_view basis);
std::string certificate_name(std::string_view kind);  // "CPA", of "cpa".
std::string role_name(std::string_view role);         // "Panel", of "panel".
std::string desk_step_words(std::string_view step);   // "Validate or reject", of "validate".
// "ESME, electricity meter"
std::string device_type_name(std::string_view type);

void write_tag(HtmlWriter& html, const StateWords& state);

}  // namespace cpl
