#include "notifier/subscription/pace.hpp"

#include <algorithm>

namespace cpl {

void Pace::forget_old(UnixMillis now) {
  std::erase_if(noted_, [&](const auto& one) {
    const UnixMillis last = one.second.back();
    return is_over(last, now) || last > now;
  });
}

std::optional<UnixMillis> Pace::full_until(const std::string& key, UnixMillis now) {
  const auto found = noted_.find(key);
  if (found == noted_.end()) {
    if (noted_.size() >= limits_.keys) forget_old(now);
    if (noted_.size() < limits_.keys) return std::nullopt;
    return UnixMillis{now.value + limits_.window_millis};
  }
  std::deque<UnixMillis>& times = found->second;
  // Noted while the clock was ahead: nobody waits longer than the window for that.
  for (UnixMillis& time : times) time = std::min(time, now);
  if (times.size() < limits_.count) return std::nullopt;
  const UnixMillis earliest = times[times.size() - limits_.count];
  if (is_over(earliest, now)) return std::nullopt;
  return UnixMillis{earliest.value + limits_.window_millis};
}

void Pace::note(const std::string& key, UnixMillis now) {
  std::deque<UnixMillis>& times = noted_[key];
  times.push_back(now);
  if (times.size() > limits_.count) times.pop_front();
}

}  // namespace cpl
