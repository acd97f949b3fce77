// How often receivers are asked whether they want what an owner would have them sent: strangers
// must not be asked without pause, however many subscriptions name them. In memory; one thread at a
// time.
#pragma once

#include "notifier/pace.hpp"

namespace cpl {

class AskPace {
 public:
  // Nothing, and it counts as asked; or when it may be asked at the earliest.
  std::optional<UnixMillis> ask(const std::string& owner, const std::string& url, UnixMillis now);

 private:
  static constexpr std::uint64_t window_millis = 10'000;
  Pace urls_{{.window_millis = window_millis, .count = 3}};    // Of one owner, as the next.
  Pace hosts_{{.window_millis = window_millis, .count = 10}};  // Whatever the path.
};

}  // namespace cpl
