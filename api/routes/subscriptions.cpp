// Subscriptions to webhooks. They belong to whoever's token made them; nobody else's answer tells
// that they exist.
#include <nlohmann/json.hpp>

#include "api/feed/filter_query.hpp"
#include "api/http/conditional.hpp"
#include "api/http/problem.hpp"
#include "api/routes/subscription_view.hpp"
#include "api/routes/subscriptions.hpp"
#include "registry/base/http_tokens.hpp"

namespace cpl {
namespace {

constexpr std::size_t url_size_max = 2048;

// "delivery": "at_once", or "daily" for a mailbox.
bool reads_digest(FieldReader& reader, const std::string& url) {
  constexpr std::array<std::string_view, 2> words = {"at_once", "daily"};
  if (!reader.has("delivery")) return false;
  const bool daily = reader.word("delivery", words) == 1;
  if (daily && !url.starts_with(mail_scheme)) {
    reader.fail("delivery",
                "only a mailbox can have one message a day: a webhook gets each event at once");
  }
  return daily;
}

// "style": "person", or "ticket" for a mailbox of the Service Desk's.
bool reads_ticket(FieldReader& reader, const SubscriptionRequest& wish, Audience audience) {
  if (!reader.has("style") || reader.word("style", mailbox_styles) == 0) return false;
  if (audience != Audience::service_desk) {
    reader.fail("style", "tickets are of notices, which only the Service Desk gets");
  }
  if (!wish.url.starts_with(mail_scheme)) {
    reader.fail("style", "only a mailbox can be a ticket system's");
  }
  if (wish.digest) reader.fail("style", "a ticket system gets each event at once");
  return true;
}

Error invalid_subscription(const FieldErrors& errors) {
  return invalid_fields("validation-failed", "the subscription", errors);
}

Guard guard_of(const WritePrecondition& precondition) {
  return [&precondition](const Subscription& before) {
    return precondition.check(settings_tag(before));
  };
}

}  // namespace

Result<HttpResponse> SubscriptionRoutes::list(const Call& call) const {
  Json list = Json::array();
  for (const Subscription& own : notifier.of_owner(call.party->name)) {
    list.push_back(subscription_view(own, type_prefix));
  }
  return json_response(200, {{"subscriptions", std::move(list)}});
}

Result<HttpResponse> SubscriptionRoutes::get(const Call& call) const {
  return response_of(TRY(notifier.find(call.party->name, call.segment())));
}

HttpResponse SubscriptionRoutes::response_of(const Subscription& subscription) const {
  HttpResponse response = json_response(200, subscription_view(subscription, type_prefix));
  response.headers.emplace_back("ETag", settings_tag(subscription));
  return response;
}

// With the secret, which is shown this once.
HttpResponse SubscriptionRoutes::response_with_keys(unsigned status,
                                                    const Subscription& subscription) const {
  const WebhookKeys keys = notifier.keys_of(subscription);
  Json json = subscription_view(subscription, type_prefix);
  json["secret"] = keys.secret_text();
  json["public_key"] = keys.public_key_text();
  HttpResponse response = json_response(status, json);
  response.headers.emplace_back("ETag", settings_tag(subscription));
  return response;
}

Result<void> SubscriptionRoutes::create(const Call& call, const Answer& answer) const {
  const Json json = TRY(parse_json(call.request.body));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  SubscriptionRequest wish;
  wish.url = with_plain_scheme(reader.text("url", url_size_max));
  if (reader.has("filter"))
    wish.filter = read_wished_filter(reader.object("filter"), "#/filter", errors);
  wish.digest = reads_digest(reader, wish.url);
  wish.ticket = reads_ticket(reader, wish, call.party->audience);
  const std::uint64_t size = log.view()->size().value;
  const auto from = reader.optional_integer("from", 0, size);
  reader.done();
  if (!errors.empty()) return invalid_subscription(errors);
  if (check_target) TRY_VOID(check_target(wish.url));
  const auto tell = [&](const Subscription& made, WriteBatch& batch) {
    HttpResponse response = response_with_keys(201, made);
    response.headers.emplace_back("Location", "/v1/subscriptions/" + made.id);
    answer(std::move(response), batch);
  };
  TRY(notifier.subscribe(call.party->name, call.party->audience, std::move(wish),
                         EntryIndex{from.value_or(size)}, tell));
  return {};
}

Result<HttpResponse> SubscriptionRoutes::change(const Call& call) const {
  const WritePrecondition precondition = TRY(WritePrecondition::read(call.request));
  const Json json = TRY(parse_json(call.request.body));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  auto url = reader.optional_text("url", url_size_max);
  if (url) url = with_plain_scheme(*url);
  std::optional<EventFilter> filter;
  if (reader.has("filter"))
    filter = read_wished_filter(reader.object("filter"), "#/filter", errors);
  reader.done();
  if (!errors.empty()) return invalid_subscription(errors);
  if (url && check_target) TRY_VOID(check_target(*url));
  return response_of(
      TRY(notifier.change(call.party->name, call.segment(), url, filter, guard_of(precondition))));
}

Result<HttpResponse> SubscriptionRoutes::retire(const Call& call) const {
  const WritePrecondition precondition = TRY(WritePrecondition::read(call.request));
  TRY_VOID(notifier.retire(call.party->name, call.segment(), guard_of(precondition)));
  HttpResponse response;
  response.status = 204;
  return response;
}

}  // namespace cpl
