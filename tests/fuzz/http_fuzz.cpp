#include "api/http/http.hpp"
#include "notifier/send/target_rules.hpp"
#include "notifier/subscription/subscription.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/base/json.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

// What a stranger may put into a request beside a statement: its target, a subscription's filter
// and webhook.
CPL_FUZZ_TARGET(http) {
  if (const auto target = parse_target(input)) {
    for (const std::string& segment : target->segments) check(is_utf8(segment));
  }
  if (const auto url = check_target_url(input, {})) {
    check(url->tls && url->port == 443 && !url->host.empty());
  }
  if (const auto json = parse_json(input)) {
    FieldErrors errors;
    static_cast<void>(read_filter(*json, "#", errors));
  }
  static_cast<void>(decode_subscription(input).has_value());
}

}  // namespace cpl::fuzz
