#include "api/feed/stream_limits.hpp"

namespace cpl {

Result<std::unique_ptr<StreamLimits::Place>> StreamLimits::take(const std::string& address) {
  const Lock lock(mutex_);
  if (open_ >= options_.streams_max) {
    ++refused_;
    return Error{Errc::overloaded, "too-many-streams",
                 "as many streams are open as this registry serves: try again later, or poll "
                 "/v1/changes"};
  }
  const auto found = open_of_.find(address);
  if (found != open_of_.end() && found->second >= options_.streams_per_address_max) {
    ++refused_;
    return Error{Errc::overloaded, "too-many-streams",
                 "this address has as many streams open as one may: share one among your readers"};
  }
  ++open_;
  ++open_of_[address];
  return std::make_unique<Place>(*this, address);
}

void StreamLimits::give_back(const std::string& address) {
  const Lock lock(mutex_);
  --open_;
  const auto found = open_of_.find(address);
  if (--found->second == 0) open_of_.erase(found);
}

StreamLimits::Stats StreamLimits::stats() const {
  const Lock lock(mutex_);
  return {open_, refused_};
}

}  // namespace cpl
