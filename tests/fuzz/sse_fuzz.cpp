#include "tests/fuzz/fuzz.hpp"
#include "tools/shared/sse_reader.hpp"

namespace cpl::fuzz {

// However the octets are cut into pieces, the events are the same.
CPL_FUZZ_TARGET(sse) {
  const auto events_in_pieces_of = [&](std::size_t size) {
    std::string events;
    SseReader reader([&](const ServerSentEvent& event) -> Result<void> {
      events += event.type + "|" + event.data + "|" + event.last_id + "|";
      return {};
    });
    for (std::size_t at = 0; at < input.size(); at += size) {
      if (!reader.feed(input.substr(at, size))) return std::string("refused");
    }
    return events;
  };
  check(events_in_pieces_of(1) == events_in_pieces_of(input.size() + 1));
}

}  // namespace cpl::fuzz
