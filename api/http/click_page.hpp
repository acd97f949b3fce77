// A page for somebody without an account who followed a link of ours: a few words and at most one
// button. Programs open links, too, so that opening it must change nothing; the button does.
#pragma once

#include "api/http/http.hpp"

namespace cpl {

struct Button {
  std::string words;
  std::string field;  // With its value in the body of the POST.
  std::string value;
};

// All of it text of ours, without markup.
HttpResponse click_page(const std::string& words, const std::optional<Button>& button);

}  // namespace cpl
