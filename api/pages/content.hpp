// Any statement's content as a list of facts in words: for who wants to see all that was signed.
#pragma once

#include "api/pages/shared.hpp"

namespace cpl {

void write_content(HtmlWriter& html, Said content);

}  // namespace cpl
