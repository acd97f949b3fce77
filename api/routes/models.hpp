// The list: searched, paged, as it was at any size or time; one model, and its evidence.
#pragma once

#include "api/routes/call.hpp"
#include "registry/base/clock.hpp"

namespace cpl {

struct ModelRoutes {
  const Clock& clock;

  Result<HttpResponse> list(const Call& call) const;
  Result<HttpResponse> get(const Call& call) const;
  Result<HttpResponse> evidence(const Call& call) const;
};

}  // namespace cpl
