#include "notifier/subscription/mended_times.hpp"

#include <algorithm>

#include "notifier/subscription/delivery.hpp"
#include "notifier/subscription/service_event.hpp"

namespace cpl {

void mend_times(Subscription& subscription, UnixMillis now, const EventOptions& events,
                std::chrono::minutes canary_interval) {
  if (subscription.next_attempt_at > latest_attempt(subscription, now)) {
    subscription.next_attempt_at = now;
  }
  const auto bring_back = [](UnixMillis& time, UnixMillis latest) {
    time = std::min(time, latest);
  };
  bring_back(subscription.checkpoint_told, checkpoint_time(now, events));
  bring_back(subscription.canary_told, canary_time(subscription, now, canary_interval));
  bring_back(subscription.digest_told, digest_day(subscription, now));
  const std::chrono::milliseconds grace = grace_max;
  for (OldKeys& old : subscription.old_keys) {
    bring_back(old.until, UnixMillis{now.value + static_cast<std::uint64_t>(grace.count())});
  }
}

}  // namespace cpl
