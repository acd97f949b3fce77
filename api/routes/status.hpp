// How the registry stands, for everybody: how far its log has come, who has cosigned it, whether it
// takes statements. Nothing of Parties, and nothing of the service's machine.
#pragma once

#include "api/routes/call.hpp"
#include "api/routes/desk_metrics.hpp"
#include "notifier/cosign/cosigner.hpp"
#include "registry/log/log.hpp"
#include "registry/shelf/extract_shelf.hpp"

namespace cpl {

struct StatusRoute {
  const Log& log;
  const DeskOptions& desk;
  const std::shared_ptr<ExtractShelf>& extracts;    // May be null.
  const std::function<CosignerStats()>& cosigning;  // Empty: no witnesses are asked.

  Result<HttpResponse> get(const Call& call) const;
};

}  // namespace cpl
