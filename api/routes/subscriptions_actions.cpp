// What owners do with a subscription, and what became of its deliveries.
#include <nlohmann/json.hpp>

#include "api/feed/filter_query.hpp"
#include "api/routes/api.hpp"
#include "api/routes/idempotency.hpp"
#include "api/routes/subscription_view.hpp"
#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t grace_seconds_default = 24 * 3600;
constexpr auto grace_seconds_max =
    static_cast<std::uint64_t>(std::chrono::seconds(grace_max).count());
constexpr std::size_t code_size_max = 16;
constexpr std::uint64_t deliveries_default = 50;
constexpr std::uint64_t preview_days_default = 90;
constexpr std::uint64_t preview_days_max = 3660;
constexpr std::uint64_t preview_newest = 10;
constexpr std::uint64_t day_millis = 24 * 3'600'000;

// An action without members may be asked for without a body.
Result<Json> body_of(const HttpRequest& request) {
  if (request.body.empty()) return Json::object();
  return parse_json(request.body);
}

Result<void> complete(FieldReader& reader, const FieldErrors& errors) {
  reader.done();
  if (errors.empty()) return {};
  return malformed("validation-failed", "the request is not as it must be: " + describe(errors));
}

Result<std::optional<std::uint64_t>> number_of(const HttpRequest& request, std::string_view name) {
  const auto text = request.parameter(name);
  if (!text) return std::optional<std::uint64_t>();
  const auto number = from_decimal(*text);
  if (number) return number;
  return malformed("parameter-malformed", std::string(name) + " is a decimal number");
}

}  // namespace

// /v1/subscriptions/{id}/{action}
Result<HttpResponse> Api::act_on_subscription(const HttpRequest& request, const PartyId& owner) {
  const std::string& id = request.segments[2];
  const std::string& action = request.segments[3];
  // Each time that these are done something more comes of it.
  using Doing = Result<void> (Api::*)(const HttpRequest&, const PartyId&, const Answer&);
  constexpr std::array<std::pair<std::string_view, Doing>, 3> done_once = {
      {{"rotate", &Api::rotate_keys}, {"test", &Api::send_test}, {"replay", &Api::replay_from}}};
  for (const auto& [name, doing] : done_once) {
    if (action != name) continue;
    return once(request, principal_of(owner), [&, doing = doing](const Answer& answer) {
      return (this->*doing)(request, owner, answer);
    });
  }
  // The rest bring about a state, and may be asked for twice.
  if (action == "confirm") return confirm_mailbox(request, owner);
  const Json json = TRY(body_of(request));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  TRY_VOID(complete(reader, errors));
  if (action == "verify") return subscription_response(TRY(notifier_.verify(owner.name, id)));
  if (action == "pause") return subscription_response(TRY(notifier_.pause(owner.name, id)));
  if (action == "resume") return subscription_response(TRY(notifier_.resume(owner.name, id)));
  return Error{Errc::not_found, "not-found",
               "a subscription takes verify, confirm, pause, resume, rotate, test and replay"};
}

Result<void> Api::rotate_keys(const HttpRequest& request, const PartyId& owner,
                              const Answer& answer) {
  const Json json = TRY(body_of(request));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  const std::chrono::seconds grace(reader.optional_integer("grace_seconds", 0, grace_seconds_max)
                                       .value_or(grace_seconds_default));
  TRY_VOID(complete(reader, errors));
  const auto tell = [&](const Subscription& rotated, WriteBatch& batch) {
    answer(response_with_keys(200, rotated), batch);
  };
  TRY(notifier_.rotate(owner.name, request.segments[2], grace, tell));
  return {};
}

Result<void> Api::send_test(const HttpRequest& request, const PartyId& owner,
                            const Answer& answer) {
  const Json json = TRY(body_of(request));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  TRY_VOID(complete(reader, errors));
  const auto tell = [&](const std::string& event, WriteBatch& batch) {
    answer(json_response(202, {{"event", event}}), batch);
  };
  TRY(notifier_.test(owner.name, request.segments[2], tell));
  return {};
}

Result<void> Api::replay_from(const HttpRequest& request, const PartyId& owner,
                              const Answer& answer) {
  const Json json = TRY(body_of(request));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  const EntryIndex from{reader.integer("from", 0, json_integer_max)};
  TRY_VOID(complete(reader, errors));
  const auto tell = [&](const Subscription& moved, WriteBatch& batch) {
    answer(subscription_response(moved), batch);
  };
  TRY(notifier_.replay(owner.name, request.segments[2], from, tell));
  return {};
}

Result<HttpResponse> Api::confirm_mailbox(const HttpRequest& request, const PartyId& owner) {
  const Json json = TRY(body_of(request));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  const std::string code = reader.text("code", code_size_max);
  TRY_VOID(complete(reader, errors));
  const Subscription own = TRY(notifier_.find(owner.name, request.segments[2]));
  if (options_.mail == nullptr) return refuse("code-not-awaited", "this registry sends no mail");
  TRY_VOID(options_.mail->confirm(own.id, code));
  return json_response(202, {{"id", own.id}});
}

Result<HttpResponse> Api::preview_subscription(const HttpRequest& request, const PartyId& owner) {
  const Json json = TRY(body_of(request));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  EventFilter filter;
  if (reader.has("filter"))
    filter = read_wished_filter(reader.object("filter"), "#/filter", errors);
  const std::uint64_t days =
      reader.optional_integer("days", 1, preview_days_max).value_or(preview_days_default);
  TRY_VOID(complete(reader, errors));
  const std::uint64_t now = clock_.now().value;
  const UnixMillis since{now - std::min(now, days * day_millis)};
  const Preview seen = TRY(notifier_.preview(owner.audience, filter, since, preview_newest));
  return json_response(200, preview_view(seen, since, options_.events.type_prefix));
}

Result<HttpResponse> Api::get_deliveries(const HttpRequest& request, const PartyId& owner) const {
  const std::uint64_t limit = TRY(number_of(request, "limit")).value_or(deliveries_default);
  const auto before = TRY(number_of(request, "before"));
  if (limit == 0 || limit > delivery_log_rows) {
    return malformed("parameter-malformed",
                     "limit is a number from 1 to " + std::to_string(delivery_log_rows));
  }
  const auto attempts = TRY(notifier_.attempts(owner.name, request.segments[2], before, limit));
  Json body = {{"deliveries", Json::array()}};
  for (const DeliveryAttempt& attempt : attempts) {
    body["deliveries"].push_back(attempt_view(attempt));
  }
  // Behind these there may be more.
  if (attempts.size() == limit) body["before"] = attempts.back().number;
  return json_response(200, body);
}

}  // namespace cpl
