// What owners do with a subscription.
#include <nlohmann/json.hpp>

#include "api/feed/filter_query.hpp"
#include "api/http/problem.hpp"
#include "api/routes/subscription_view.hpp"
#include "api/routes/subscriptions.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t grace_seconds_default = 24 * 3600;
constexpr auto grace_seconds_max =
    static_cast<std::uint64_t>(std::chrono::seconds(grace_max).count());
constexpr std::size_t code_size_max = 16;
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
  return invalid_fields("validation-failed", "the request", errors);
}

// Of an action that has no members.
Result<void> check_empty(const HttpRequest& request) {
  const Json json = TRY(body_of(request));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  return complete(reader, errors);
}

}  // namespace

Result<HttpResponse> SubscriptionRoutes::verify(const Call& call) const {
  TRY_VOID(check_empty(call.request));
  return response_of(TRY(notifier.verify(call.party->name, call.segment())));
}

Result<HttpResponse> SubscriptionRoutes::pause(const Call& call) const {
  TRY_VOID(check_empty(call.request));
  return response_of(TRY(notifier.pause(call.party->name, call.segment())));
}

Result<HttpResponse> SubscriptionRoutes::resume(const Call& call) const {
  TRY_VOID(check_empty(call.request));
  return response_of(TRY(notifier.resume(call.party->name, call.segment())));
}

Result<void> SubscriptionRoutes::rotate(const Call& call, const Answer& answer) const {
  const Json json = TRY(body_of(call.request));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  const std::chrono::seconds grace(reader.optional_integer("grace_seconds", 0, grace_seconds_max)
                                       .value_or(grace_seconds_default));
  TRY_VOID(complete(reader, errors));
  const auto tell = [&](const Subscription& rotated, WriteBatch& batch) {
    answer(response_with_keys(200, rotated), batch);
  };
  TRY(notifier.rotate(call.party->name, call.segment(), grace, tell));
  return {};
}

Result<void> SubscriptionRoutes::test(const Call& call, const Answer& answer) const {
  TRY_VOID(check_empty(call.request));
  const auto tell = [&](const std::string& event, WriteBatch& batch) {
    answer(json_response(202, {{"event", event}}), batch);
  };
  TRY(notifier.test(call.party->name, call.segment(), tell));
  return {};
}

Result<void> SubscriptionRoutes::replay(const Call& call, const Answer& answer) const {
  const Json json = TRY(body_of(call.request));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  const EntryIndex from{reader.integer("from", 0, json_integer_max)};
  TRY_VOID(complete(reader, errors));
  const auto tell = [&](const Subscription& moved, WriteBatch& batch) {
    answer(response_of(moved), batch);
  };
  TRY(notifier.replay(call.party->name, call.segment(), from, tell));
  return {};
}

Result<HttpResponse> SubscriptionRoutes::confirm(const Call& call) const {
  const Json json = TRY(body_of(call.request));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  const std::string code = reader.text("code", code_size_max);
  TRY_VOID(complete(reader, errors));
  const Subscription own = TRY(notifier.find(call.party->name, call.segment()));
  if (mail == nullptr) return refuse("code-not-awaited", "this registry sends no mail");
  TRY_VOID(mail->confirm(own.id, code));
  return json_response(202, {{"id", own.id}});
}

Result<HttpResponse> SubscriptionRoutes::preview(const Call& call) const {
  const Json json = TRY(body_of(call.request));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  EventFilter filter;
  if (reader.has("filter"))
    filter = read_wished_filter(reader.object("filter"), "#/filter", errors);
  const std::uint64_t days =
      reader.optional_integer("days", 1, preview_days_max).value_or(preview_days_default);
  TRY_VOID(complete(reader, errors));
  const std::uint64_t now = clock.now().value;
  const UnixMillis since{now - std::min(now, days * day_millis)};
  const Preview seen = TRY(notifier.preview(call.party->audience, filter, since, preview_newest));
  return json_response(200, preview_view(seen, since, type_prefix));
}

}  // namespace cpl
