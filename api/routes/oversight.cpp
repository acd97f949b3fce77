#include "api/routes/oversight.hpp"

#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/subscription_view.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t deliveries_default = 20;

// "https://party.example" of a webhook, whose path may be a secret; a mailbox whole.
std::string receiver_of(const std::string& url) {
  if (url.starts_with(mail_scheme)) return url;
  const auto host = url.find("://");
  if (host == std::string::npos) return "";
  return url.substr(0, url.find_first_of("/?#", host + 3));
}

Json oversight_view(const Subscription& subscription, TreeSize log_size,
                    const std::string& type_prefix) {
  Json json = subscription_view(subscription, type_prefix);
  json.erase("url");
  json["owner"] = subscription.owner;
  json["receiver"] = receiver_of(subscription.url);
  json["behind"] =
      log_size.value - std::min(log_size.value, subscription.cursor.value);  // Entries to look at.
  return json;
}

Result<std::optional<SubscriptionState>> state_asked(const HttpRequest& request) {
  const auto word = request.parameter("state");
  if (!word) return std::optional<SubscriptionState>();
  const auto state = read_word<SubscriptionState>(*word);
  if (state && *state != SubscriptionState::retired) return state;
  return malformed("parameter-malformed", "state is pending, active, paused or quarantined");
}

}  // namespace

Result<HttpResponse> OversightRoutes::list(const Call& call) const {
  const auto state = TRY(state_asked(call.request));
  const auto owner = call.request.parameter("owner");
  Json list = Json::array();
  for (const Subscription& one : notifier.all()) {
    if ((state && one.state != *state) || (owner && one.owner != *owner)) continue;
    list.push_back(oversight_view(one, call.log.size(), type_prefix));
  }
  return json_response(200, {{"subscriptions", std::move(list)}});
}

Result<HttpResponse> OversightRoutes::deliveries(const Call& call) const {
  const std::uint64_t limit = TRY(call.number("limit", deliveries_default, 1, delivery_log_rows));
  const Subscription of = TRY(notifier.find_any(call.segment()));
  Json list = Json::array();
  for (const DeliveryAttempt& attempt :
       TRY(notifier.attempts(of.owner, of.id, std::nullopt, limit))) {
    Json json = attempt_view(attempt);
    json.erase("answer");  // The owner's receiver may have said anything.
    list.push_back(std::move(json));
  }
  return json_response(200, {{"subscription", oversight_view(of, call.log.size(), type_prefix)},
                             {"deliveries", std::move(list)}});
}

Result<HttpResponse> OversightRoutes::retry(const Call& call) const {
  const Subscription of = TRY(notifier.find_any(call.segment()));
  if (of.state == SubscriptionState::active) {  // It is served already.
    return json_response(200, oversight_view(of, call.log.size(), type_prefix));
  }
  if (of.state != SubscriptionState::quarantined) {
    return refuse("not-quarantined", "only what is in quarantine is tried at once: this one is " +
                                         std::string(word_of(of.state)));
  }
  return json_response(
      200, oversight_view(TRY(notifier.resume(of.owner, of.id)), call.log.size(), type_prefix));
}

Result<void> OversightRoutes::replay(const Call& call, const Answer& answer) const {
  const Json json = TRY(parse_json(call.request.body));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  const EntryIndex from{reader.integer("from", 0, json_integer_max)};
  reader.done();
  if (!errors.empty()) return invalid_fields("validation-failed", "the request", errors);
  const Subscription of = TRY(notifier.find_any(call.segment()));
  TRY(notifier.replay(of.owner, of.id, from, [&](const Subscription& moved, WriteBatch& batch) {
    answer(json_response(200, oversight_view(moved, call.log.size(), type_prefix)), batch);
  }));
  return {};
}

}  // namespace cpl
