// The step of a removal that is due next, from a notice as the registry tells it.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "registry/base/json.hpp"
#include "registry/base/time.hpp"

namespace cpl {

struct NoticeStep {
  std::string step;
  UnixMillis due;
};

// Of those that are not done the one due first; of two that are due together the earlier step.
std::optional<NoticeStep> next_step(const Json& notice);

}  // namespace cpl
