#include "notifier/send/per_owner_limit.hpp"

namespace cpl {

void PerOwnerLimit::send(OutgoingMessage message, Done done) {
  Waiting one{std::move(message), std::move(done)};
  {
    const Lock lock(mutex_);
    Owner& owner = owners_[one.message.owner];
    if (owner.under_way >= under_way_max_) {
      owner.waiting.push_back(std::move(one));
      return;
    }
    ++owner.under_way;
  }
  pass(std::move(one));
}

void PerOwnerLimit::pass(Waiting one) {
  // Before the message is moved away: arguments are evaluated in no fixed order.
  const std::string owner = one.message.owner;
  inner_.send(std::move(one.message),
              [this, owner, done = std::move(one.done)](Result<Delivered> result) {
                done(std::move(result));
                take_next(owner);
              });
}

void PerOwnerLimit::take_next(const std::string& name) {
  std::optional<Waiting> next;
  {
    const Lock lock(mutex_);
    const auto owner = owners_.find(name);
    check(owner != owners_.end());
    auto& waiting = owner->second.waiting;
    if (!waiting.empty()) {
      next = std::move(waiting.front());
      waiting.pop_front();
    } else if (--owner->second.under_way == 0) {
      owners_.erase(owner);
    }
  }
  if (next) pass(*std::move(next));
}

}  // namespace cpl
