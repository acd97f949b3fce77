// What a removal rests on, as boxes from left to right: who signed each, and how many had to.
#pragma once

#include <vector>

#include "api/pictures/picture.hpp"

namespace cpl {

enum class LinkState : std::uint8_t { holds, open, broken };

struct AuthorityLink {
  std::string name;                // "Decision"
  std::string place;               // "entry 1503"
  std::vector<std::string> lines;  // What it says, in short.
  std::string quorum;              // "3 signed, 3 needed"
  std::vector<std::string> signers;
  LinkState state = LinkState::holds;
};

// At most five are shown.
void write_authority_chain(HtmlWriter& html, const std::vector<AuthorityLink>& links,
                           std::string_view sentence);

}  // namespace cpl
