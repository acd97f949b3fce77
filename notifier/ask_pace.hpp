// How often receivers are asked whether they want what an owner would have them sent: strangers
// must not be asked without pause, however many subscriptions name them. In memory; one thread.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "registry/time.hpp"

namespace cpl {

class AskPace {
 public:
  struct Limits {
    std::uint64_t window_millis = 10'000;
    std::size_t per_url = 3;    // Of one owner, in a window, as the next.
    std::size_t per_host = 10;  // Whatever the path.
    std::size_t kept = 20'000;
  };

  explicit AskPace(Limits limits) : limits_(limits) {}

  // Nothing, and it counts as asked; or when it may be asked at the earliest.
  std::optional<UnixMillis> ask(const std::string& owner, const std::string& url, UnixMillis now);

 private:
  using Asked = std::deque<UnixMillis>;

  std::optional<UnixMillis> full_until(Asked& asked, std::size_t count_max, UnixMillis now) const;
  void forget_old(UnixMillis now);

  const Limits limits_;
  std::map<std::pair<std::string, std::string>, Asked> asked_;  // By owner, and URL or host.
};

}  // namespace cpl
