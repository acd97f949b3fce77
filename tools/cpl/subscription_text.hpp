// Subscriptions, their deliveries and previews as text for people, from the API's answers.
#pragma once

#include "tools/cpl/answer_text.hpp"

namespace cpl {

std::string subscription_line(const Json& subscription);
std::string subscription_text(const Json& subscription);
std::string deliveries_text(const Json& answer);
std::string preview_text(const Json& answer);

}  // namespace cpl
