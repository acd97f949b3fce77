// What came of an attempt: the subscription moves on, or waits, and its log says so.
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "notifier/notifier.hpp"
#include "notifier/verification.hpp"
#include "registry/store_keys.hpp"

namespace cpl {
namespace {

constexpr std::size_t news_max = 20;

bool is_verification(const Sent& sent) {
  return std::holds_alternative<SentConsent>(sent) || std::holds_alternative<SentChallenge>(sent);
}

}  // namespace

void Notifier::take_in(const Outcome& outcome) {
  const auto found = rows_.find(outcome.key);
  if (found == rows_.end()) return;
  Row& row = found->second;
  Subscription& subscription = row.subscription;
  row.in_flight = false;
  const SubscriptionState before = subscription.state;
  const bool was_verified = subscription.verified.has_value();
  if (outcome.epoch == row.epoch) judge(row, outcome);
  const UnixMillis now = clock_.now();
  std::erase_if(subscription.old_keys, [&](const OldKeys& old) { return old.until <= now; });

  WriteBatch batch;
  log_attempt(subscription, attempt_of(row, outcome, was_verified), batch);
  if (before == SubscriptionState::active && subscription.state == SubscriptionState::quarantined) {
    ++quarantines_;
    tell_sisters(*found, NewsKind::quarantined, batch);
  } else if (before == SubscriptionState::quarantined &&
             subscription.state == SubscriptionState::active) {
    ++recoveries_;
    tell_sisters(*found, NewsKind::recovered, batch);
  }
  batch.put(store_keys::subscription(subscription.id), encode(subscription));
  // A lost row means that an event is delivered twice; that needs no wait for the disk.
  if (const auto stored = store_.commit(batch, Durability::buffered); !stored) ++failed_;
}

void Notifier::judge(Row& row, const Outcome& outcome) {
  const Sent& sent = outcome.parcel.sent;
  if (is_verification(sent)) return judge_verification(row, outcome);
  if (std::holds_alternative<SentTest>(sent)) return;  // Its log is all that a test leaves.
  const bool success = is_success(outcome.result);
  note_outcome(row.subscription, sent, outcome.result, clock_.now(), options_.spread());
  ++(success ? delivered_ : failed_);
}

void Notifier::judge_verification(Row& row, const Outcome& outcome) {
  Subscription& subscription = row.subscription;
  const UnixMillis now = clock_.now();
  if (std::holds_alternative<SentConsent>(outcome.parcel.sent)) {
    const auto rate = consent_of(outcome.result, options_.request_origin);
    if (!rate) return verification_failed(row, rate.error());
    subscription.rate_max = *rate;
    row.consented = true;
    subscription.next_attempt_at = now;
    return;
  }
  // One challenge, one answer: whatever comes of it, the next attempt has another.
  row.consented = false;
  const auto& sent = std::get<SentChallenge>(outcome.parcel.sent);
  const auto echoed = check_echo(outcome.result, sent.challenge, sent.expires, now);
  if (!echoed) return verification_failed(row, echoed.error());
  subscription.verified = now;
  subscription.attempt = 0;
  subscription.next_attempt_at = now;
  subscription.last_failure.clear();
  set_state(subscription, SubscriptionState::active, now);
}

void Notifier::verification_failed(Row& row, const Error& error) {
  Subscription& subscription = row.subscription;
  row.consented = false;
  ++subscription.attempt;
  subscription.last_failure = error.detail;
  subscription.next_attempt_at =
      next_verification(subscription.attempt, clock_.now(), options_.spread());
}

// The owner hears of it where it still hears of anything.
void Notifier::tell_sisters(const Rows::value_type& row, NewsKind kind, WriteBatch& batch) {
  const auto& [owner, id] = row.first;
  for (auto at = rows_.lower_bound({owner, ""}); at != rows_.end() && at->first.first == owner;
       ++at) {
    Subscription& sister = at->second.subscription;
    if (at->first.second == id || sister.state != SubscriptionState::active) continue;
    if (sister.news.size() >= news_max) sister.news.erase(sister.news.begin() + 1);
    sister.news.push_back({id, kind, clock_.now()});
    batch.put(store_keys::subscription(sister.id), encode(sister));
  }
}

// Until the receiver is verified the owner is not shown what a stranger's host says, nor how long
// it took to say it.
DeliveryAttempt Notifier::attempt_of(const Row& row, const Outcome& outcome, bool was_verified) {
  const Sent& sent = outcome.parcel.sent;
  DeliveryAttempt attempt;
  attempt.at = outcome.started;
  attempt.what = sent_words[sent.index()];
  attempt.message = outcome.parcel.message_id;
  if (const auto* entry = std::get_if<EntryIndex>(&sent)) attempt.sequence = *entry;
  if (const auto* digest = std::get_if<SentDigest>(&sent)) attempt.sequence = digest->last;
  attempt.request_octets = outcome.parcel.body.size();
  if (outcome.result) attempt.status = outcome.result->status;
  if (is_verification(sent)) {
    attempt.succeeded = row.consented || row.subscription.verified.has_value();
    if (!attempt.succeeded) attempt.failure = row.subscription.last_failure;
  } else {
    attempt.succeeded = is_success(outcome.result);
    if (!attempt.succeeded) attempt.failure = failure_sentence(outcome.result);
  }
  if (outcome.result && was_verified) {
    attempt.answer = escaped_head(outcome.result->body);
    attempt.took_millis = static_cast<std::uint64_t>(outcome.result->took.count());
  }
  if (!attempt.succeeded && attempt.failure.empty()) {
    attempt.failure = "the subscription was changed meanwhile";
  }
  const bool is_retried =
      !attempt.succeeded && !std::holds_alternative<SentTest>(sent) && outcome.epoch == row.epoch;
  if (is_retried) attempt.next_attempt_at = row.subscription.next_attempt_at;
  return attempt;
}

}  // namespace cpl
