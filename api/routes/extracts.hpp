// The published extracts: the newest, each version, the list of them, and publishing one.
#pragma once

#include <atomic>
#include <thread>

#include "api/http/rate_limiter.hpp"
#include "api/routes/call.hpp"
#include "crypto/mutex.hpp"
#include "registry/base/clock.hpp"
#include "registry/log/log.hpp"
#include "registry/shelf/extract_shelf.hpp"

namespace cpl {

class ExtractRoutes {
 public:
  // The references outlive this. `shelf` is null where none are published here.
  ExtractRoutes(const Log& log, const Clock& clock, RateLimiter& rate,
                std::shared_ptr<ExtractShelf> shelf, std::uint64_t load_hours)
      : log_(log), clock_(clock), rate_(rate), shelf_(std::move(shelf)), load_hours_(load_hours) {}

  Result<HttpResponse> list(const Call& call) const;
  Result<HttpResponse> loadings(const Call& call) const;
  Result<HttpResponse> get(const Call& call) const;
  Result<HttpResponse> difference(const Call& call) const;
  void publish(const HttpRequest& request, const Finish& finish);
  // Lines for /metrics: how many versions wait to be loaded, and for how long.
  std::string metrics() const;

  void wait();  // Waits for the publication under way, and for its reply.

 private:
  Result<PublishedExtract> version_asked(const std::string& number) const;
  void write(const ExtractPublication& next, const Finish& finish);

  const Log& log_;
  const Clock& clock_;
  RateLimiter& rate_;
  const std::shared_ptr<ExtractShelf> shelf_;
  const std::uint64_t load_hours_;  // From publication to `loaded`.
  Mutex publisher_mutex_;
  std::thread publisher_ GUARDED_BY(publisher_mutex_);
  std::atomic<bool> publishing_{false};
};

}  // namespace cpl
