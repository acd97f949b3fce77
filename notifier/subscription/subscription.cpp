#include "notifier/subscription/subscription.hpp"

#include <nlohmann/json.hpp>

#include "registry/statement/statement.hpp"

namespace cpl {
namespace {

constexpr std::size_t url_size_max = 2048;
constexpr std::size_t list_max = 100;

}  // namespace

void set_state(Subscription& subscription, SubscriptionState state, UnixMillis now) {
  if (subscription.state == state) return;
  subscription.state = state;
  subscription.state_since = now;
}

namespace {

Json news_json(const StateNews& news) {
  return {{"subscription", news.subscription}, {"kind", word_of(news.kind)}, {"at", news.at.value}};
}
Json news_json(const ClockNews& news) {
  return {{"notice", news.notice.value},
          {"step", word_of(news.step)},
          {"models", news.models},
          {"due", news.due.value},
          {"at", news.at.value}};
}

}  // namespace

Bytes encode(const Subscription& subscription) {
  Json json = {{"id", subscription.id},
               {"owner", subscription.owner},
               {"audience", word_of(subscription.audience)},
               {"url", subscription.url},
               {"filter", to_json(subscription.filter)},
               {"created", subscription.created.value},
               {"key_generation", subscription.key_generation},
               {"state", word_of(subscription.state)},
               {"state_since", subscription.state_since.value},
               {"rate_max", subscription.rate_max},
               {"cursor", subscription.cursor.value},
               {"told_from", subscription.told_from.value},
               {"attempt", subscription.attempt},
               {"next_attempt_at", subscription.next_attempt_at.value},
               {"checkpoint_told", subscription.checkpoint_told.value},
               {"canary_told", subscription.canary_told.value},
               {"deliveries", subscription.deliveries},
               {"attempts_logged", subscription.attempts_logged}};
  if (!subscription.endings_told.empty()) json["endings_told"] = subscription.endings_told;
  if (subscription.ticket) json["style"] = "ticket";
  if (subscription.digest) json["digest_told"] = subscription.digest_told.value;
  if (subscription.verified) json["verified"] = subscription.verified->value;
  if (subscription.consented_late) json["consented_late"] = subscription.consented_late->value;
  if (subscription.delivered) json["delivered"] = subscription.delivered->value;
  if (!subscription.last_failure.empty()) json["last_failure"] = subscription.last_failure;
  for (const OldKeys& keys : subscription.old_keys) {
    json["old_keys"].push_back({{"generation", keys.generation}, {"until", keys.until.value}});
  }
  for (const News& news : subscription.news) {
    json["news"].push_back(std::visit([](const auto& one) { return news_json(one); }, news));
  }
  return canonical_json(json);
}

namespace {

UnixMillis read_millis(FieldReader& reader, std::string_view name) {
  return UnixMillis{reader.integer(name, 0, json_integer_max)};
}
// What rows of an earlier version do not have.
std::uint64_t read_newer(FieldReader& reader, std::string_view name) {
  return reader.optional_integer(name, 0, json_integer_max).value_or(0);
}

News read_news(FieldReader& item) {
  if (item.has("notice")) {
    const EntryIndex notice{item.integer("notice", 0, json_integer_max)};
    const auto step = item.word<DeskStep>("step");
    const std::uint64_t models = item.integer("models", 0, json_integer_max);
    const UnixMillis due = read_millis(item, "due");
    return ClockNews{notice, step, models, due, read_millis(item, "at")};
  }
  std::string subscription = item.text("subscription", 64);
  const auto kind = item.word<NewsKind>("kind");
  return StateNews{std::move(subscription), kind, read_millis(item, "at")};
}

void read_lists(FieldReader& reader, Subscription& row, FieldErrors& errors) {
  const auto each = [&](std::string_view name, const auto& take) {
    if (!reader.has(name)) return;
    for (const Json& item : reader.array(name, 1, list_max)) {
      FieldReader of_item(item, reader.pointer_to(name), errors);
      take(of_item);
      of_item.done();
    }
  };
  each("old_keys", [&](FieldReader& item) {
    const std::uint64_t generation = item.integer("generation", 0, json_integer_max);
    row.old_keys.push_back({generation, read_millis(item, "until")});
  });
  each("news", [&](FieldReader& item) { row.news.push_back(read_news(item)); });
}

void read_progress(FieldReader& reader, Subscription& row) {
  row.cursor = EntryIndex{reader.integer("cursor", 0, json_integer_max)};
  row.endings_told = reader.optional_text("endings_told", 100).value_or("");
  row.told_from = EntryIndex{read_newer(reader, "told_from")};
  row.attempt = reader.integer("attempt", 0, json_integer_max);
  row.next_attempt_at = read_millis(reader, "next_attempt_at");
  row.deliveries = reader.integer("deliveries", 0, json_integer_max);
  row.checkpoint_told = UnixMillis{read_newer(reader, "checkpoint_told")};
  row.canary_told = UnixMillis{read_newer(reader, "canary_told")};
  row.attempts_logged = read_newer(reader, "attempts_logged");
  row.digest = reader.has("digest_told");
  row.digest_told = UnixMillis{read_newer(reader, "digest_told")};
  if (const auto index = reader.optional_integer("delivered", 0, json_integer_max)) {
    row.delivered = EntryIndex{*index};
  }
  row.last_failure = reader.optional_text("last_failure", 1000).value_or("");
}

}  // namespace

Result<Subscription> decode_subscription(BytesView value) {
  const Json json = TRY(parse_json(value));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  Subscription row;
  row.id = reader.text("id", 64);
  row.owner = reader.text("owner", 100);
  row.audience = reader.word<Audience>("audience");
  row.url = reader.text("url", url_size_max);
  row.filter = read_filter(reader.object("filter"), "#/filter", errors);
  row.created = read_millis(reader, "created");
  row.key_generation = reader.integer("key_generation", 0, json_integer_max);
  row.state = reader.word<SubscriptionState>("state");
  row.state_since = UnixMillis{read_newer(reader, "state_since")};
  row.rate_max = read_newer(reader, "rate_max");
  if (reader.has("style")) row.ticket = reader.word("style", mailbox_styles) == 1;
  if (const auto at = reader.optional_integer("verified", 0, json_integer_max)) {
    row.verified = UnixMillis{*at};
  }
  if (const auto at = reader.optional_integer("consented_late", 0, json_integer_max)) {
    row.consented_late = UnixMillis{*at};
  }
  read_progress(reader, row);
  read_lists(reader, row, errors);
  reader.done();
  if (!errors.empty()) return corrupt("a stored subscription is wrong: " + describe(errors));
  // One from before receivers were asked has still to be.
  const bool is_sending =
      row.state == SubscriptionState::active || row.state == SubscriptionState::quarantined;
  if (is_sending && !row.verified) row.state = SubscriptionState::pending;
  return row;
}

}  // namespace cpl
