// A transport for simulations: what was sent waits here until the simulation decides its end.
#pragma once

#include <utility>
#include <vector>

#include "notifier/send/transport.hpp"

namespace cpl::testing {

class Wire final : public Transport {
 public:
  struct Sent {
    OutgoingMessage message;
    Done done;
  };
  void send(OutgoingMessage message, Done done) override {
    waiting.push_back({std::move(message), std::move(done)});
  }
  std::vector<Sent> waiting;
};

}  // namespace cpl::testing
