#include "api/routes/oversight.hpp"

#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/reach.hpp"
#include "api/routes/subscription_view.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t deliveries_default = 20;
constexpr std::size_t subscriptions_looked_through = 500;

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

Json reach_view(const Party& party, const PartyReach& reached) {
  Json json = {{"party", party.name},
               {"audience", word_of(party.audience)},
               {"reach", word_of(reached.reach)}};
  if (!reached.by) return json;
  const Subscription& by = *reached.by;
  json["subscription"] = by.id;
  json["receiver"] = receiver_of(by.url);
  json["state"] = word_of(by.state);
  json["state_since"] = format_time(by.state_since);
  if (!by.last_failure.empty()) json["last_failure"] = by.last_failure;
  if (by.attempt > 0) json["next_attempt"] = format_time(by.next_attempt_at);
  return json;
}

Result<std::optional<SubscriptionState>> state_asked(const HttpRequest& request) {
  const auto word = request.parameter("state");
  if (!word) return std::optional<SubscriptionState>();
  const auto state = read_word<SubscriptionState>(*word);
  if (state && *state != SubscriptionState::retired) return state;
  return malformed("parameter-malformed", "state is pending, active, paused or quarantined");
}

// By the attempts that are kept, of so many subscriptions as one answer may look through.
WasDelivered kept_deliveries(const Notifier& notifier, EntryIndex index) {
  return [&notifier, index, left = subscriptions_looked_through](const Subscription& of) mutable {
    if (left == 0) return false;
    --left;
    const auto attempts = notifier.attempts(of.owner, of.id, std::nullopt, delivery_log_rows);
    return attempts && std::any_of(attempts->begin(), attempts->end(), [&](const auto& attempt) {
             return attempt.succeeded && attempt.sequence == index;
           });
  };
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

// What the entry says differs by audience, and some entries say nothing to anybody.
Result<HttpResponse> OversightRoutes::reached(const Call& call) const {
  if (parties == nullptr) {
    return Error{Errc::unavailable, "parties-unavailable", "this service keeps no Parties"};
  }
  const EntryIndex index = TRY(call.entry());
  const Bytes leaf = TRY(call.log.leaf(index));
  const auto to_parties = TRY(event_of(leaf, Audience::parties));
  const auto to_desk = TRY(event_of(leaf, Audience::service_desk));
  std::map<std::string, std::vector<Subscription>> by_owner;
  for (Subscription& one : notifier.all()) by_owner[one.owner].push_back(std::move(one));
  const WasDelivered was_delivered = kept_deliveries(notifier, index);
  Json rows = Json::array();
  Json counts = Json::object();
  for (const std::string_view word : reach_words) counts[std::string(word)] = 0;
  for (const Party& party : parties->list()) {
    const auto& event = party.audience == Audience::parties ? to_parties : to_desk;
    if (!event) continue;
    const PartyReach reached = best_reach(by_owner[party.name], *event, clock.now(), was_delivered);
    rows.push_back(reach_view(party, reached));
    Json& count = counts[std::string(word_of(reached.reach))];
    count = count.get<std::uint64_t>() + 1;
  }
  const auto& event = to_parties ? to_parties : to_desk;
  Json json = {{"entry", index.value},
               {"says_something", event.has_value()},
               {"counts", std::move(counts)},
               {"parties", std::move(rows)}};
  if (event) {
    json["summary"] = event->summary;
    json["time"] = format_time(event->time);
  }
  return json_response(200, json);
}

}  // namespace cpl
