// What became of a subscription's deliveries: the attempts that are kept, by what came of them and
// when, and each by itself.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/subscription_view.hpp"
#include "api/routes/subscriptions.hpp"
#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t deliveries_default = 50;

Result<std::optional<std::uint64_t>> number_of(const HttpRequest& request, std::string_view name) {
  const auto text = request.parameter(name);
  if (!text) return std::optional<std::uint64_t>();
  const auto number = from_decimal(*text);
  if (number) return number;
  return malformed("parameter-malformed", std::string(name) + " is a decimal number");
}

// Which attempts somebody wants to see.
struct AttemptFilter {
  std::optional<bool> succeeded;
  std::optional<UnixMillis> since;

  bool wants_all() const { return !succeeded && !since; }
  bool wants(const DeliveryAttempt& attempt) const {
    return (!succeeded || attempt.succeeded == *succeeded) && (!since || attempt.at >= *since);
  }
};

Result<AttemptFilter> attempt_filter(const HttpRequest& request) {
  AttemptFilter filter;
  if (const auto outcome = request.parameter("outcome")) {
    filter.succeeded = *outcome == "delivered";
    if (!*filter.succeeded && *outcome != "failed") {
      return malformed("parameter-malformed", "outcome is delivered or failed");
    }
  }
  if (const auto since = request.parameter("since")) {
    filter.since = parse_time(*since);
    if (!filter.since) {
      return malformed("parameter-malformed", "since is a time such as 2026-07-09T10:15:30Z");
    }
  }
  return filter;
}

}  // namespace

Result<HttpResponse> SubscriptionRoutes::deliveries(const Call& call) const {
  const std::uint64_t limit = TRY(number_of(call.request, "limit")).value_or(deliveries_default);
  const auto before = TRY(number_of(call.request, "before"));
  if (limit == 0 || limit > delivery_log_rows) {
    return malformed("parameter-malformed",
                     "limit is a number from 1 to " + std::to_string(delivery_log_rows));
  }
  const AttemptFilter filter = TRY(attempt_filter(call.request));
  const std::uint64_t read = filter.wants_all() ? limit : delivery_log_rows;
  const auto attempts = TRY(notifier.attempts(call.party->name, call.segment(), before, read));
  Json body = {{"deliveries", Json::array()}};
  for (const DeliveryAttempt& attempt : attempts) {
    if (!filter.wants(attempt)) continue;
    body["deliveries"].push_back(attempt_view(attempt));
    if (body["deliveries"].size() < limit) continue;
    body["before"] = attempt.number;  // Behind these there may be more.
    break;
  }
  return json_response(200, body);
}

Result<HttpResponse> SubscriptionRoutes::delivery(const Call& call) const {
  const Subscription own = TRY(notifier.find(call.party->name, call.segment()));
  const auto number = from_decimal(call.segment(1));
  if (number && *number < own.attempts_logged) {
    const auto found = TRY(notifier.attempts(own.owner, own.id, *number + 1, 1));
    if (!found.empty()) return json_response(200, attempt_view(found.front()));
  }
  return Error{Errc::not_found, "delivery-not-found",
               "there is no such attempt: the newest " + std::to_string(delivery_log_rows) +
                   " of each subscription are kept"};
}

}  // namespace cpl
