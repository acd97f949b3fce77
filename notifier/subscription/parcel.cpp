#include "notifier/subscription/parcel.hpp"

#include "notifier/subscription/verification.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t test_lifetime_millis = 24 * 3'600'000;

Parcel pack(const Subscription& subscription, const std::string& id, UnixMillis time, Sent sent,
            const EventOptions& options) {
  const TestEvent test{
      id, subscription.id, time, UnixMillis{time.value + test_lifetime_millis}, {}};
  return {id, std::move(sent), format_test_event(test, options)};
}

}  // namespace

Parcel pack_event(EntryIndex sequence, Bytes body) {
  return {"msg_" + format_sequence(sequence), sequence, std::move(body)};
}

Result<std::optional<Parcel>> pack_checkpoint(const Subscription& subscription, const LogView& view,
                                              UnixMillis now, const EventOptions& options) {
  const UnixMillis time = checkpoint_time(now, options);
  const TreeSize size = view.size();
  const bool has_all = subscription.cursor.value >= size.value;
  if (!has_all || size.value == 0 || time <= subscription.checkpoint_told) {
    return std::optional<Parcel>();
  }
  const std::string id =
      "chk_" + format_sequence(EntryIndex{size.value}) + "_" + std::to_string(time.value / 1000);
  Bytes body = TRY(format_checkpoint_event(view, time, subscription.delivered, options));
  return std::optional(Parcel{id, SentCheckpoint{time}, std::move(body)});
}

std::optional<Parcel> pack_canary(const Subscription& subscription, UnixMillis now,
                                  std::chrono::minutes interval, const EventOptions& options) {
  const UnixMillis time = canary_time(subscription, now, interval);
  if (time <= subscription.canary_told) return std::nullopt;
  return pack(subscription, canary_id(subscription, time), time, SentCanary{time}, options);
}

Parcel pack_digest(const std::vector<Bytes>& events, SentDigest sent) {
  Bytes body = "[";
  for (const Bytes& event : events) body += (body.size() == 1 ? "" : ",") + event;
  const std::string id = sent.last ? format_sequence(*sent.last) : sent.endings;
  return {"dig_" + id, std::move(sent), body + "]"};
}

Parcel pack_ending(const CoverEnding& ending, Bytes body) {
  return {"msg_" + ending_id(ending), SentEnding{place_behind(ending)}, std::move(body)};
}

std::optional<Parcel> pack_news(const Subscription& subscription, const EventOptions& options) {
  if (subscription.news.empty()) return std::nullopt;
  const News& news = subscription.news.front();
  return Parcel{news_id(news), SentNews{}, format_news(news, options)};
}

Parcel pack_advisory(const Advisory& advisory, const EventOptions& options) {
  return {advisory_id(advisory), SentAdvisory{advisory.entry, advisory.mark},
          format_advisory(advisory, options)};
}

Parcel pack_test(const Subscription& subscription, const std::string& id, UnixMillis now,
                 const EventOptions& options) {
  return pack(subscription, id, now, SentTest{}, options);
}

Parcel pack_challenge(const Subscription& subscription, UnixMillis now,
                      const EventOptions& options) {
  const std::chrono::milliseconds lifetime = challenge_lifetime;
  const SentChallenge sent{new_challenge(),
                           UnixMillis{now.value + static_cast<std::uint64_t>(lifetime.count())}};
  const std::string id = new_test_id();
  return {id, sent,
          format_test_event({id, subscription.id, now, sent.expires, sent.challenge}, options)};
}

bool asks_for_consent(const Parcel& parcel) {
  return std::holds_alternative<SentConsent>(parcel.sent) ||
         std::holds_alternative<SentRenewal>(parcel.sent);
}

OutgoingMessage to_message(const Subscription& subscription, const Parcel& parcel, UnixMillis now,
                           const RequestNames& names, const SignMessage& sign) {
  OutgoingMessage message;
  message.url = subscription.url;
  message.subscription = subscription.id;
  message.owner = subscription.owner;
  message.audience = subscription.audience;
  message.verified = subscription.verified.has_value();
  message.ticket = subscription.ticket;
  if (asks_for_consent(parcel)) {
    message.method = "OPTIONS";
    if (!names.consent_address.empty()) {
      message.headers.emplace_back("webhook-request-callback", names.consent_address);
    }
  } else {
    const std::string timestamp = std::to_string(now.value / 1000);
    const bool is_batch = std::holds_alternative<SentDigest>(parcel.sent);
    message.headers = {
        {"content-type", is_batch ? "application/cloudevents-batch+json; charset=utf-8"
                                  : "application/cloudevents+json; charset=utf-8"},
        {"webhook-id", parcel.message_id},
        {"webhook-timestamp", timestamp},
        {"webhook-signature", sign(parcel.message_id, timestamp, parcel.body)}};
  }
  message.headers.emplace_back("webhook-request-origin", names.origin);
  message.body = parcel.body;
  return message;
}

}  // namespace cpl
