// A decision's words beside the models that it authorises something for.
#pragma once

#include "registry/statement/statement.hpp"

namespace cpl {

// A line for each model that is authorised, and where the words say otherwise: a decision is for
// what they name.
std::string authorised_text(const std::string& words, const Decision& decision);

}  // namespace cpl
