// Decisions of the Panel: what final minutes make of each, and what of it is still to be done.
#pragma once

#include "api/routes/call.hpp"
#include "api/routes/desk_metrics.hpp"

namespace cpl {

struct DecisionRoutes {
  const DeskOptions& desk;

  Result<HttpResponse> list(const Call& call) const;
  Result<HttpResponse> get(const Call& call) const;
};

}  // namespace cpl
