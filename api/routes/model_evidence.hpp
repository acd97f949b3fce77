// The evidence of a model: no time after the clock's may be asked for.
#pragma once

#include "api/routes/call.hpp"
#include "registry/base/clock.hpp"

namespace cpl {

struct ModelEvidenceRoute {
  const Clock& clock;

  Result<HttpResponse> get(const Call& call) const;
};

}  // namespace cpl
