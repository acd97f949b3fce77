// The DCC's counts of devices: which they are, and bringing them.
#pragma once

#include "api/routes/call.hpp"
#include "registry/shelf/deployed_shelf.hpp"

namespace cpl {

struct DeployedRoutes {
  const std::shared_ptr<DeployedShelf> shelf;  // Null: none are kept here.

  Result<HttpResponse> get(const Call& call) const;
  Result<HttpResponse> file(const Call& call) const;
  Result<HttpResponse> bring(const Call& call) const;
  // What removing models would leave their devices with, and how many they are.
  Result<HttpResponse> impact(const Call& call) const;
};

}  // namespace cpl
