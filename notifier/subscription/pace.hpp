// So much of a thing in a window of time and no more, by key: by a mailbox, say. In memory, and
// bounded; one thread at a time.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "registry/base/time.hpp"

namespace cpl {

class Pace {
 public:
  struct Limits {
    std::uint64_t window_millis = 0;
    std::size_t count = 0;
    std::size_t keys = 20'000;  // Whose time is not over: beyond that no new one may.
  };

  explicit Pace(Limits limits) : limits_(limits) {}

  // Nothing where one more may be now; else from when on.
  std::optional<UnixMillis> full_until(const std::string& key, UnixMillis now);
  void note(const std::string& key, UnixMillis now);

 private:
  bool is_over(UnixMillis at, UnixMillis now) const {
    return at.value + limits_.window_millis <= now.value;
  }
  void forget_old(UnixMillis now);

  const Limits limits_;
  std::map<std::string, std::deque<UnixMillis>> noted_;
};

}  // namespace cpl
