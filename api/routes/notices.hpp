// Notices to the Service Desk, with their clocks, evidence and verdict.
#pragma once

#include "api/routes/call.hpp"
#include "api/routes/desk_metrics.hpp"
#include "registry/base/clock.hpp"

namespace cpl {

struct NoticeRoutes {
  const DeskOptions& desk;
  const NoteVerifier& log_key;
  const Clock& clock;

  Result<HttpResponse> list(const Call& call) const;
  Result<HttpResponse> get(const Call& call) const;
  Result<HttpResponse> evidence(const Call& call) const;
  Result<HttpResponse> verdict(const Call& call) const;
  Result<HttpResponse> performance(const Call& call) const;
};

}  // namespace cpl
