#include "api/routes/subscription_view.hpp"

#include <nlohmann/json.hpp>

#include "api/http/conditional.hpp"

namespace cpl {

Json subscription_view(const Subscription& subscription, const std::string& type_prefix) {
  Json json = {{"id", subscription.id},
               {"url", subscription.url},
               {"audience", word_of(subscription.audience)},
               {"filter", to_json(subscription.filter)},
               {"state", word_of(subscription.state)},
               {"state_since", format_time(subscription.state_since)},
               {"created", format_time(subscription.created)},
               {"cursor", subscription.cursor.value},
               {"deliveries", subscription.deliveries},
               {"failed_attempts", subscription.attempt},
               {"key_generation", subscription.key_generation},
               {"delivery", subscription.digest ? "daily" : "at_once"},
               {"type_prefix", type_prefix}};
  if (subscription.ticket) json["style"] = "ticket";
  if (subscription.verified) json["verified"] = format_time(*subscription.verified);
  if (subscription.rate_max > 0) json["requests_per_minute_max"] = subscription.rate_max;
  if (subscription.delivered) json["delivered"] = format_sequence(*subscription.delivered);
  if (!subscription.last_failure.empty()) json["last_failure"] = subscription.last_failure;
  if (subscription.attempt > 0) json["next_attempt"] = format_time(subscription.next_attempt_at);
  for (const OldKeys& keys : subscription.old_keys) {
    json["old_keys"].push_back(
        {{"key_generation", keys.generation}, {"until", format_time(keys.until)}});
  }
  return json;
}

std::string settings_tag(const Subscription& subscription) {
  const Json settings = {{"id", subscription.id},
                         {"url", subscription.url},
                         {"filter", to_json(subscription.filter)},
                         {"delivery", subscription.digest ? "daily" : "at_once"},
                         {"key_generation", subscription.key_generation},
                         {"paused", subscription.state == SubscriptionState::paused},
                         {"retired", subscription.state == SubscriptionState::retired}};
  return entity_tag(TreeSize{subscription.key_generation}, canonical_json(settings));
}

Json attempt_view(const DeliveryAttempt& attempt) {
  Json json = {{"number", attempt.number},
               {"time", format_time_millis(attempt.at)},
               {"what", attempt.what},
               {"request_octets", attempt.request_octets},
               {"outcome", attempt.succeeded ? "delivered" : "failed"}};
  if (!attempt.message.empty()) json["event"] = attempt.message;
  if (attempt.sequence) json["sequence"] = format_sequence(*attempt.sequence);
  if (attempt.status > 0) json["status"] = attempt.status;
  if (!attempt.failure.empty()) json["failure"] = attempt.failure;
  if (!attempt.answer.empty()) json["answer"] = attempt.answer;
  if (attempt.took_millis) json["took_millis"] = *attempt.took_millis;
  if (attempt.next_attempt_at) json["next_attempt"] = format_time_millis(*attempt.next_attempt_at);
  return json;
}

Json preview_view(const Preview& preview, UnixMillis since, const std::string& type_prefix) {
  Json newest = Json::array();
  for (const Event& event : preview.newest) {
    newest.push_back({{"sequence", format_sequence(event.sequence)},
                      {"type", type_prefix + "." + event.kind},
                      {"subject", event.subject},
                      {"time", format_time(event.time)},
                      {"summary", event.summary}});
  }
  return {{"since", format_time(since)},
          {"count", preview.count},
          {"complete", preview.complete},
          {"newest", std::move(newest)}};
}

}  // namespace cpl
