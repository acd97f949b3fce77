// What is coming: certificates that end. Counted once for each size of the log and each day.
#pragma once

#include <map>

#include "api/routes/call.hpp"
#include "crypto/mutex.hpp"
#include "registry/base/clock.hpp"
#include "registry/query/cover_forecast.hpp"

namespace cpl {

class ForecastRoute {
 public:
  explicit ForecastRoute(const Clock& clock) : clock_(clock) {}

  Result<HttpResponse> get(const Call& call) const;

 private:
  Result<std::shared_ptr<const Json>> counted(const LogView& log,
                                              const ForecastQuestion& question) const;

  const Clock& clock_;
  mutable Mutex mutex_;
  // What was counted at that size on that day, by what was asked.
  mutable std::map<std::string, std::shared_ptr<const Json>> kept_ GUARDED_BY(mutex_);
  mutable TreeSize kept_size_ GUARDED_BY(mutex_);
  mutable std::string kept_day_ GUARDED_BY(mutex_);
};

}  // namespace cpl
