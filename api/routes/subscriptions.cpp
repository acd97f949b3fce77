// Subscriptions to webhooks. They belong to whoever's token made them; nobody else's answer tells
// that they exist.
#include <nlohmann/json.hpp>

#include "api/feed/filter_query.hpp"
#include "api/http/bearer.hpp"
#include "api/http/conditional.hpp"
#include "api/routes/api.hpp"
#include "api/routes/idempotency.hpp"
#include "api/routes/subscription_view.hpp"
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
    reader.fail("delivery", "only a mailbox is told once a day: a webhook is told at once");
  }
  return daily;
}

Error not_as_it_must_be(const FieldErrors& errors) {
  return malformed("validation-failed",
                   "the subscription is not as it must be: " + describe(errors));
}

Guard guard_of(const WritePrecondition& precondition) {
  return [&precondition](const Subscription& before) {
    return precondition.check(settings_tag(before));
  };
}

}  // namespace

Result<PartyId> Api::authenticate(const HttpRequest& request) const {
  const auto token = bearer_token_hash(request);
  if (token && options_.parties) {
    if (auto party = options_.parties->authenticate(*token)) return *std::move(party);
  }
  if (!request.client_certificate_subject.empty() && options_.parties) {
    auto party = options_.parties->authenticate_certificate(request.client_certificate_subject);
    if (party) return *std::move(party);
  }
  return credentials_missing("that the operator gave you, or a client certificate that it knows");
}

HttpResponse Api::subscriptions(const HttpRequest& request) {
  auto response = route_subscriptions(request);
  if (!response) {
    return for_them_alone(problem(response.error()));
  }
  return for_them_alone(*std::move(response));
}

// /v1/subscriptions[/preview | /{id}[/{action} | /deliveries]]
Result<HttpResponse> Api::route_subscriptions(const HttpRequest& request) {
  const PartyId owner = TRY(authenticate(request));
  const Path path = Path(request.segments).subspan(2);
  const bool is_get = request.method == HttpMethod::get || request.method == HttpMethod::head;
  const bool is_post = request.method == HttpMethod::post;
  if (path.empty() && is_get) return list_subscriptions(owner);
  if (path.empty() && is_post) {
    return once(request, principal_of(owner),
                [&](const Answer& answer) { return create_subscription(request, owner, answer); });
  }
  if (path.size() == 1 && path[0] == "preview" && is_post) {
    return preview_subscription(request, owner);
  }
  if (path.size() == 1 && is_get) {
    return subscription_response(TRY(notifier_.find(owner.name, path[0])));
  }
  if (path.size() == 1 && request.method == HttpMethod::patch) {
    return change_subscription(request, owner);
  }
  if (path.size() == 1 && request.method == HttpMethod::delete_) {
    return retire_subscription(request, owner);
  }
  if (path.size() == 2 && path[1] == "deliveries" && is_get) {
    return get_deliveries(request, owner);
  }
  if (path.size() == 2 && is_post) return act_on_subscription(request, owner);
  return Error{Errc::invalid, "method-not-allowed",
               "subscriptions take GET and POST, one of them GET, PATCH and DELETE, what is done "
               "with it POST, and its deliveries GET"};
}

HttpResponse Api::subscription_response(const Subscription& subscription) const {
  HttpResponse response =
      json_response(200, subscription_view(subscription, options_.events.type_prefix));
  response.headers.emplace_back("ETag", settings_tag(subscription));
  return response;
}

// With the secret, which is shown this once.
HttpResponse Api::response_with_keys(unsigned status, const Subscription& subscription) const {
  const WebhookKeys keys = notifier_.keys_of(subscription);
  Json json = subscription_view(subscription, options_.events.type_prefix);
  json["secret"] = keys.secret_text();
  json["public_key"] = keys.public_key_text();
  HttpResponse response = json_response(status, json);
  response.headers.emplace_back("ETag", settings_tag(subscription));
  return response;
}

HttpResponse Api::list_subscriptions(const PartyId& owner) const {
  Json list = Json::array();
  for (const Subscription& own : notifier_.of_owner(owner.name)) {
    list.push_back(subscription_view(own, options_.events.type_prefix));
  }
  return json_response(200, {{"subscriptions", std::move(list)}});
}

Result<void> Api::create_subscription(const HttpRequest& request, const PartyId& owner,
                                      const Answer& answer) {
  const Json json = TRY(parse_json(request.body));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  Wish wish;
  wish.url = with_plain_scheme(reader.text("url", url_size_max));
  if (reader.has("filter"))
    wish.filter = read_wished_filter(reader.object("filter"), "#/filter", errors);
  wish.digest = reads_digest(reader, wish.url);
  const std::uint64_t size = log_.view()->size().value;
  const auto from = reader.optional_integer("from", 0, size);
  reader.done();
  if (!errors.empty()) return not_as_it_must_be(errors);
  if (options_.check_target) TRY_VOID(options_.check_target(wish.url));
  const auto tell = [&](const Subscription& made, WriteBatch& batch) {
    HttpResponse response = response_with_keys(201, made);
    response.headers.emplace_back("Location", "/v1/subscriptions/" + made.id);
    answer(std::move(response), batch);
  };
  TRY(notifier_.subscribe(owner.name, owner.audience, std::move(wish),
                          EntryIndex{from.value_or(size)}, tell));
  return {};
}

Result<HttpResponse> Api::change_subscription(const HttpRequest& request, const PartyId& owner) {
  const WritePrecondition precondition = TRY(WritePrecondition::read(request));
  const Json json = TRY(parse_json(request.body));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  auto url = reader.optional_text("url", url_size_max);
  if (url) url = with_plain_scheme(*url);
  std::optional<EventFilter> filter;
  if (reader.has("filter"))
    filter = read_wished_filter(reader.object("filter"), "#/filter", errors);
  reader.done();
  if (!errors.empty()) return not_as_it_must_be(errors);
  if (url && options_.check_target) TRY_VOID(options_.check_target(*url));
  return subscription_response(
      TRY(notifier_.change(owner.name, request.segments[2], url, filter, guard_of(precondition))));
}

Result<HttpResponse> Api::retire_subscription(const HttpRequest& request, const PartyId& owner) {
  const WritePrecondition precondition = TRY(WritePrecondition::read(request));
  TRY_VOID(notifier_.retire(owner.name, request.segments[2], guard_of(precondition)));
  HttpResponse response;
  response.status = 204;
  return response;
}

}  // namespace cpl
