#include "notifier/event/event.hpp"
#include "registry/tlog/entry.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

// Also what the notifier makes of an entry.
CPL_FUZZ_TARGET(entry) {
  const auto entry = parse_entry(input);
  if (!entry) return;
  check(format_entry(*entry) == input);
  static_cast<void>(event_of(input, Audience::parties).has_value());
  static_cast<void>(event_of(input, Audience::service_desk).has_value());
}

}  // namespace cpl::fuzz
