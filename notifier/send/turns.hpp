// Things that wait, each of somebody: whose they are take turns, so that who has many waits for
// himself alone. One thread at a time.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

namespace cpl {

template <class T>
class Turns {
 public:
  std::size_t size() const { return size_; }

  void push(const std::string& owner, T thing) {
    waiting_[owner].push_back(std::move(thing));
    ++size_;
  }
  // The oldest of the owner whose turn it is; none waits: nothing.
  std::optional<T> take() {
    if (waiting_.empty()) return std::nullopt;
    auto next = waiting_.upper_bound(last_);
    if (next == waiting_.end()) next = waiting_.begin();
    last_ = next->first;
    T thing = std::move(next->second.front());
    next->second.pop_front();
    if (next->second.empty()) waiting_.erase(next);
    --size_;
    return thing;
  }

 private:
  std::map<std::string, std::deque<T>> waiting_;  // No queue of them is empty.
  std::string last_;
  std::size_t size_ = 0;
};

}  // namespace cpl
