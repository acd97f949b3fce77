// Lets through so many messages of one owner at a time: whoever names hosts that never answer, or
// whose names take long to look up, waits for himself and holds up nobody else.
#pragma once

#include <deque>
#include <map>

#include "crypto/mutex.hpp"
#include "notifier/send/transport.hpp"

namespace cpl {

class PerOwnerLimit final : public Transport {
 public:
  // The inner transport outlives the gate's use; it gives an outcome to each message, also when it
  // is stopped, and the gate lives until then.
  PerOwnerLimit(Transport& inner, std::size_t under_way_max)
      : inner_(inner), under_way_max_(under_way_max) {}

  void send(OutgoingMessage message, Done done) override;

 private:
  struct Waiting {
    OutgoingMessage message;
    Done done;
  };
  struct Owner {
    std::size_t under_way = 0;
    std::deque<Waiting> waiting;
  };

  void pass(Waiting one);
  void take_next(const std::string& owner);

  Transport& inner_;
  const std::size_t under_way_max_;
  Mutex mutex_;
  std::map<std::string, Owner> owners_ GUARDED_BY(mutex_);  // With messages here.
};

}  // namespace cpl
