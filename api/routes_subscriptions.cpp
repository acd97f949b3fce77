// Subscriptions to webhooks. They belong to whoever's token made them; nobody else's answer tells
// that they exist.
#include <nlohmann/json.hpp>

#include "api/api.hpp"
#include "api/bearer.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

Json subscription_view(const Subscription& subscription, const std::string& type_prefix) {
  Json json = {{"id", subscription.id},
               {"url", subscription.url},
               {"audience", audience_words[static_cast<std::size_t>(subscription.audience)]},
               {"filter", to_json(subscription.filter)},
               {"state", subscription_state_words[static_cast<std::size_t>(subscription.state)]},
               {"created", format_time(subscription.created)},
               {"cursor", subscription.cursor.value},
               {"deliveries", subscription.deliveries},
               {"failed_attempts", subscription.attempt},
               {"type_prefix", type_prefix}};
  if (subscription.delivered) json["delivered"] = format_sequence(*subscription.delivered);
  if (!subscription.last_failure.empty()) json["last_failure"] = subscription.last_failure;
  if (subscription.attempt > 0) json["next_attempt"] = format_time(subscription.next_attempt_at);
  return json;
}

}  // namespace

Result<const Subscriber*> Api::authenticate(const HttpRequest& request) const {
  const auto given = bearer_token_hash(request);
  const Hash token = given.value_or(Hash{});
  // Every subscriber is compared, so that time tells nothing of who exists.
  const Subscriber* found = nullptr;
  for (const Subscriber& subscriber : options_.subscribers) {
    if (equal_in_constant_time(subscriber.token_sha256.view(), token.view())) found = &subscriber;
  }
  if (!given || found == nullptr) return credentials_missing("that the operator gave you");
  return found;
}

HttpResponse Api::subscriptions(const HttpRequest& request) {
  auto response = route_subscriptions(request);
  if (!response) return problem_response(response.error(), options_.problem_base);
  return *std::move(response);
}

Result<HttpResponse> Api::route_subscriptions(const HttpRequest& request) {
  const Subscriber* owner = TRY(authenticate(request));
  const bool is_get = request.method == HttpMethod::get || request.method == HttpMethod::head;
  if (request.segments.size() == 2 && is_get) {
    Json list = Json::array();
    for (const Subscription& own : notifier_.of_owner(owner->name)) {
      list.push_back(subscription_view(own, options_.events.type_prefix));
    }
    return json_response(200, {{"subscriptions", list}});
  }
  if (request.segments.size() == 2 && request.method == HttpMethod::post) {
    return create_subscription(request, *owner);
  }
  if (request.segments.size() == 3 && is_get) {
    const auto own = notifier_.find(owner->name, request.segments[2]);
    if (!own) {
      return Error{Errc::not_found, "subscription-not-found", "there is no such subscription"};
    }
    return json_response(200, subscription_view(*own, options_.events.type_prefix));
  }
  if (request.segments.size() == 3 && request.method == HttpMethod::delete_) {
    TRY_VOID(notifier_.unsubscribe(owner->name, request.segments[2]));
    HttpResponse response;
    response.status = 204;
    return response;
  }
  return Error{Errc::invalid, "method-not-allowed",
               "subscriptions take GET, POST and, one of them, DELETE"};
}

Result<HttpResponse> Api::create_subscription(const HttpRequest& request, const Subscriber& owner) {
  const Json json = TRY(parse_json(request.body));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  const std::string url = reader.text("url", 2048);
  EventFilter filter;
  if (reader.has("filter")) filter = read_filter(reader.object("filter"), "#/filter", errors);
  const std::uint64_t size = log_.view()->size().value;
  const auto from = reader.optional_integer("from", 0, size);
  reader.done();
  if (!errors.empty()) {
    return malformed("validation-failed",
                     "the subscription is not as it must be: " + describe(errors));
  }
  if (options_.check_target) TRY_VOID(options_.check_target(url));
  const Subscription made = TRY(notifier_.subscribe(
      owner.name, owner.audience, url, std::move(filter), EntryIndex{from.value_or(size)}));
  const WebhookKeys keys = notifier_.keys_of(made);
  Json body = subscription_view(made, options_.events.type_prefix);
  body["secret"] = keys.secret_text();  // Shown this once.
  body["public_key"] = keys.public_key_text();
  HttpResponse response = json_response(201, body);
  response.headers.emplace_back("Location", "/v1/subscriptions/" + made.id);
  return response;
}

}  // namespace cpl
