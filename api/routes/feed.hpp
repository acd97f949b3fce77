// The change feed for feed readers: the newest page, and the archives.
#pragma once

#include "api/feed/event_feed.hpp"
#include "api/routes/call.hpp"
#include "registry/base/clock.hpp"

namespace cpl {

// How the registry and its events are called there.
struct FeedNames {
  const std::string& public_url;
  const EventOptions& events;
};

struct FeedRoutes {
  EventFeed& events;
  const FeedNames names;
  const Clock& clock;

  Result<HttpResponse> newest(const Call& call) const;
  Result<HttpResponse> archive(const Call& call) const;
};

}  // namespace cpl
