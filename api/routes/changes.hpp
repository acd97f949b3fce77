// The change feed: polled in pages, waited for, as lines, and streamed.
#pragma once

#include "api/feed/event_feed.hpp"
#include "api/feed/stream_limits.hpp"
#include "api/routes/call.hpp"
#include "registry/base/clock.hpp"

namespace cpl {

struct ChangeRoutes {
  EventFeed& feed;
  StreamLimits& limits;
  const ViewSource& published;
  const Clock& clock;
  const std::string& type_prefix;

  Result<HttpResponse> list(const Call& call) const;    // In the form that Accept names.
  Result<HttpResponse> stream(const Call& call) const;  // Server-sent events.

 private:
  Result<HttpResponse> page(const Call& call) const;
  Result<HttpResponse> lines(const Call& call) const;
};

}  // namespace cpl
