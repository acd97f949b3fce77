#include "notifier/subscription/delivery_log.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/log/log_keys.hpp"
#include "registry/store/keyspace.hpp"

namespace cpl {
namespace {

constexpr std::size_t head_octets = 200;

Bytes encode(const DeliveryAttempt& attempt) {
  Json json = {{"at", attempt.at.value},
               {"what", attempt.what},
               {"request_octets", attempt.request_octets},
               {"succeeded", attempt.succeeded},
               {"status", attempt.status}};
  if (!attempt.message.empty()) json["message"] = attempt.message;
  if (attempt.sequence) json["sequence"] = attempt.sequence->value;
  if (!attempt.failure.empty()) json["failure"] = attempt.failure;
  if (!attempt.answer.empty()) json["answer"] = attempt.answer;
  if (attempt.took_millis) json["took_millis"] = *attempt.took_millis;
  if (attempt.next_attempt_at) json["next_attempt_at"] = attempt.next_attempt_at->value;
  return canonical_json(json);
}

Result<DeliveryAttempt> decode(const KeyValue& row) {
  const Json json = TRY(parse_json(row.value));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  DeliveryAttempt attempt;
  attempt.number = keyspace::last_number(row.key);
  attempt.at = UnixMillis{reader.integer("at", 0, json_integer_max)};
  attempt.what = reader.text("what", 40);
  attempt.message = reader.optional_text("message", 100).value_or("");
  if (const auto index = reader.optional_integer("sequence", 0, json_integer_max)) {
    attempt.sequence = EntryIndex{*index};
  }
  attempt.request_octets = reader.integer("request_octets", 0, json_integer_max);
  attempt.succeeded = reader.boolean("succeeded");
  attempt.status = static_cast<unsigned>(reader.integer("status", 0, 999));
  attempt.failure = reader.optional_text("failure", 1000).value_or("");
  attempt.answer = reader.optional_text("answer", 4 * head_octets).value_or("");
  attempt.took_millis = reader.optional_integer("took_millis", 0, json_integer_max);
  if (const auto at = reader.optional_integer("next_attempt_at", 0, json_integer_max)) {
    attempt.next_attempt_at = UnixMillis{*at};
  }
  reader.done();
  if (!errors.empty()) return corrupt("a stored delivery is wrong: " + describe(errors));
  return attempt;
}

}  // namespace

std::string escaped_head(BytesView octets) {
  std::string text;
  for (const char c : octets.substr(0, head_octets)) {
    const bool plain = c >= ' ' && c <= '~' && c != '\\';
    text += plain ? std::string(1, c) : "\\x" + to_hex(BytesView(&c, 1));
  }
  return text;
}

void log_attempt(Subscription& subscription, DeliveryAttempt attempt, WriteBatch& batch) {
  attempt.number = subscription.attempts_logged++;
  batch.put(store_keys::delivery(subscription.id, attempt.number), encode(attempt));
  if (attempt.number < delivery_log_rows) return;
  batch.deletes.push_back(
      store_keys::delivery(subscription.id, attempt.number - delivery_log_rows));
}

void forget_attempts(const Subscription& subscription, WriteBatch& batch) {
  const std::uint64_t end = subscription.attempts_logged;
  for (std::uint64_t number = end - std::min(end, delivery_log_rows); number < end; ++number) {
    batch.deletes.push_back(store_keys::delivery(subscription.id, number));
  }
}

Result<std::vector<DeliveryAttempt>> read_attempts(const StoreView& store,
                                                   const Subscription& subscription,
                                                   std::optional<std::uint64_t> before,
                                                   std::uint64_t limit) {
  const std::uint64_t end =
      std::min(before.value_or(subscription.attempts_logged), subscription.attempts_logged);
  const std::uint64_t begin = end - std::min(end, limit);
  const auto rows = TRY(store.scan(store_keys::delivery(subscription.id, begin),
                                   store_keys::delivery(subscription.id, end), limit));
  std::vector<DeliveryAttempt> attempts;
  for (const KeyValue& row : rows) attempts.push_back(TRY(decode(row)));
  std::reverse(attempts.begin(), attempts.end());
  return attempts;
}

}  // namespace cpl
