// Models by a line each.
#pragma once

#include "api/pages/shared.hpp"

namespace cpl {

inline constexpr std::string_view models_shown = "100";  // On one page.

// With what ends of their certificates, where that is asked for.
void write_model_rows(HtmlWriter& html, const std::vector<Said>& models, bool has_ends);

// "CPA expires 23 December 2026", for each.
std::string ends_words(Said ends);

}  // namespace cpl
