// How often receivers are asked whether they want what an owner would have them sent: strangers
// must not be asked without pause, however many subscriptions name them. Each owner has a pace of
// its own, which nobody else can spend. In memory; one thread at a time.
#pragma once

#include "notifier/subscription/pace.hpp"

namespace cpl {

class VerificationRateLimit {
 public:
  static constexpr std::uint64_t longest_millis = 60'000;  // That anybody has to wait.

  // Nothing, and it counts as asked; or when it may be asked at the earliest.
  std::optional<UnixMillis> ask(const std::string& owner, const std::string& url, UnixMillis now);

 private:
  static constexpr std::uint64_t window_millis = 10'000;
  static constexpr std::size_t keys = 1'000;
  struct Asked {
    Pace urls{{.window_millis = window_millis, .count = 3, .keys = keys}};
    Pace urls_by_minute{{.window_millis = longest_millis, .count = 6, .keys = keys}};
    Pace hosts{{.window_millis = window_millis, .count = 10, .keys = keys}};  // Whatever the path.
  };

  std::map<std::string, Asked> by_owner_;  // Bounded as accounts are.
};

}  // namespace cpl
