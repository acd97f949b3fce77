// Attempts to deliver, by a line each.
#pragma once

#include "api/pages/own_words.hpp"

namespace cpl {

Href attempt_page_of(std::string_view subscription, Said attempt);
void write_attempts(HtmlWriter& html, std::string_view subscription,
                    const std::vector<Said>& attempts);

}  // namespace cpl
