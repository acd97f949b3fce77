// Asks the person at this machine, outside the browser: a script in a page cannot answer.
#pragma once

#include <functional>

#include "crypto/result.hpp"

namespace cpl {

// Whether to sign what the words say. Errors: `not-confirmed`, `confirmation-impossible`.
using Confirm = std::function<Result<void>(const std::string& words)>;

// By the program that CPL_ASKPASS names, as ssh-askpass asks: its status is the answer. Else at the
// terminal that started this. One question at a time.
Result<void> confirm_outside(const std::string& words);

}  // namespace cpl
