// What came of an attempt: the subscription moves on, or waits, and its log says so.
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "notifier/run/notifier.hpp"
#include "notifier/subscription/late_consent.hpp"
#include "notifier/subscription/verification.hpp"
#include "registry/log/log_keys.hpp"

namespace cpl {
namespace {

constexpr std::size_t news_max = 20;

bool is_verification(const Sent& sent) {
  return std::holds_alternative<SentConsent>(sent) || std::holds_alternative<SentChallenge>(sent);
}

}  // namespace

// All that came since the last pass in one batch: to commit each alone costs more than to judge it.
void Notifier::take_in_outcomes(Lane& lane) {
  std::deque<Outcome> outcomes;
  {
    const Lock lock(signals_mutex_);
    outcomes.swap(lane.outcomes);
  }
  if (outcomes.empty()) return;
  WriteBatch batch;
  for (const Outcome& outcome : outcomes) take_in(outcome, batch);
  // A lost row means that an event is delivered twice; that needs no wait for the disk.
  if (const auto stored = store_.commit(batch, Durability::buffered); !stored) ++failed_;
}

void Notifier::take_in(const Outcome& outcome, WriteBatch& batch) {
  const auto found = rows_.find(outcome.key);
  if (found == rows_.end()) return;
  Row& row = found->second;
  Subscription& subscription = row.subscription;
  row.in_flight = false;
  tell_operator(outcome);
  const SubscriptionState before = subscription.state;
  const bool was_verified = subscription.verified.has_value();
  if (outcome.epoch == row.epoch) {
    judge(row, outcome);
    const auto* advisory = std::get_if<SentAdvisory>(&outcome.parcel.sent);
    if (advisory != nullptr && is_success(outcome.result)) note_advised(row, *advisory, batch);
  }
  const UnixMillis now = clock_.now();
  std::erase_if(subscription.old_keys, [&](const OldKeys& old) { return old.until <= now; });

  log_attempt(subscription, attempt_of(row, outcome, was_verified), batch);
  if (before == SubscriptionState::active && subscription.state == SubscriptionState::quarantined) {
    ++quarantines_;
    notify_siblings(*found, NewsKind::quarantined, batch);
  } else if (before == SubscriptionState::quarantined &&
             subscription.state == SubscriptionState::active) {
    ++recoveries_;
    notify_siblings(*found, NewsKind::recovered, batch);
  }
  if (before == SubscriptionState::active && subscription.state == SubscriptionState::pending) {
    notify_siblings(*found, NewsKind::lapsed, batch);
  }
  batch.put(store_keys::subscription(subscription.id), encode(subscription));
}

// Whom the registry does not reach by its own fault, and that the Service Desk is not reached.
void Notifier::tell_operator(const Outcome& outcome) {
  if (outcome.result) return;
  const Error& error = outcome.result.error();
  if (error.code == "mail-server-unreachable") {
    faults_.tell("mail is not sent: " + error.detail, clock_.now());
  } else if (outcome.key.audience == Audience::service_desk) {
    faults_.tell(
        "the Service Desk's receiver of " + outcome.key.id + " was not reached: " + error.detail,
        clock_.now());
  }
}

void Notifier::judge(Row& row, const Outcome& outcome) {
  const Sent& sent = outcome.parcel.sent;
  if (is_verification(sent)) return judge_verification(row, outcome);
  if (std::holds_alternative<SentRenewal>(sent)) return judge_renewal(row, outcome);
  if (std::holds_alternative<SentTest>(sent)) return;  // Its log is all that a test leaves.
  const bool success = is_success(outcome.result);
  note_outcome(row.subscription, sent, outcome.result, clock_.now(), options_.spread());
  // Whoever reads the metrics is not told that there are advisories.
  if (std::holds_alternative<SentAdvisory>(sent)) return;
  ++(success ? delivered_ : failed_);
  if (success) delivery_times_.add(outcome.result->took);
}

void Notifier::judge_verification(Row& row, const Outcome& outcome) {
  Subscription& subscription = row.subscription;
  const UnixMillis now = clock_.now();
  if (std::holds_alternative<SentConsent>(outcome.parcel.sent)) {
    const auto rate = consent_of(outcome.result, options_.request_origin);
    if (!rate && has_late_consent(subscription, now)) {  // Given while this was under way.
      subscription.next_attempt_at = now;
      return;
    }
    if (!rate) return verification_failed(row, reason_told(outcome, rate.error()));
    subscription.rate_max = *rate;
    row.consented = true;
    subscription.next_attempt_at = now;
    return;
  }
  // One challenge, one answer: whatever comes of it, the next attempt has another.
  row.consented = false;
  const auto& sent = std::get<SentChallenge>(outcome.parcel.sent);
  const auto echoed = check_echo(outcome.result, sent.challenge, sent.expires, now);
  if (!echoed) return verification_failed(row, reason_told(outcome, echoed.error()));
  subscription.verified = now;
  subscription.consented_late.reset();
  subscription.attempt = 0;
  subscription.next_attempt_at = now;
  subscription.last_failure.clear();
  // Paused meanwhile, it waits for its owner.
  if (subscription.state == SubscriptionState::pending) {
    set_state(subscription, SubscriptionState::active, now);
  }
}

// In the laboratory there is no network that anybody could map through us.
Error Notifier::reason_told(const Outcome& outcome, const Error& usual) const {
  if (options_.lab_mode && !outcome.result) return outcome.result.error();
  return usual;
}

// Deliveries go on while it holds; when it is over the receiver is verified like a new one.
void Notifier::judge_renewal(Row& row, const Outcome& outcome) {
  Subscription& subscription = row.subscription;
  const UnixMillis now = clock_.now();
  const auto rate = consent_of(outcome.result, options_.request_origin);
  if (rate) {
    subscription.verified = now;
    subscription.rate_max = *rate;
    return;
  }
  row.renewal_not_before = UnixMillis{now.value + renewal_pause_millis};
  if (!subscription.verified || !consent_is_over(*subscription.verified, now)) return;
  subscription.verified.reset();
  set_state(subscription, SubscriptionState::pending, now);
  verification_failed(row, rate.error());
}

void Notifier::verification_failed(Row& row, const Error& error) {
  Subscription& subscription = row.subscription;
  row.consented = false;
  ++subscription.attempt;
  subscription.last_failure = error.detail;
  subscription.next_attempt_at =
      next_verification(subscription.attempt, clock_.now(), options_.spread());
}

// Where there is no room the oldest news of a subscription make way, whose state can be looked up;
// the first may be under way and stays, and no late step is forgotten for another one. Whether the
// news were taken.
bool Notifier::add_news(Subscription& subscription, News news, WriteBatch& batch) {
  auto& waiting = subscription.news;
  if (waiting.size() >= news_max) {
    const auto oldest = std::find_if(waiting.begin() + 1, waiting.end(), [](const News& one) {
      return std::holds_alternative<StateNews>(one);
    });
    if (oldest == waiting.end()) return false;
    waiting.erase(oldest);
  }
  waiting.push_back(std::move(news));
  batch.put(store_keys::subscription(subscription.id), encode(subscription));
  return true;
}

// The owner hears of it where it still hears of anything.
void Notifier::notify_siblings(const Rows::value_type& row, NewsKind kind, WriteBatch& batch) {
  const std::string& id = row.first.id;
  for_rows_of(rows_, row.first.owner, [&](Rows::value_type& one) {
    Subscription& sister = one.second.subscription;
    if (one.first.id == id || sister.state != SubscriptionState::active) return;
    if (sister.ticket) return;  // It would open a ticket of no notice.
    add_news(sister, StateNews{id, kind, clock_.now()}, batch);
  });
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
  } else if (std::holds_alternative<SentRenewal>(sent)) {
    attempt.succeeded = row.subscription.verified && *row.subscription.verified >= outcome.started;
    if (!attempt.succeeded) attempt.failure = "the receiver did not renew its consent";
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
