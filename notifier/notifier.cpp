#include "notifier/notifier.hpp"

#include <limits>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "notifier/late_consent.hpp"
#include "notifier/mended_times.hpp"
#include "notifier/service_event.hpp"
#include "notifier/verification.hpp"
#include "registry/store_keys.hpp"

namespace cpl {
namespace {

constexpr std::size_t entries_per_pass = 2048;  // So that one far-behind cursor holds up nobody.
constexpr std::chrono::milliseconds idle_wait{60'000};
constexpr std::uint64_t verification_pause_millis = 10'000;
constexpr std::uint64_t pack_again_millis = 60'000;

std::optional<UnixMillis> earlier(std::optional<UnixMillis> one, std::optional<UnixMillis> other) {
  if (one && other) return std::min(*one, *other);
  return one ? one : other;
}

bool is_served(SubscriptionState state) {
  return state == SubscriptionState::active || state == SubscriptionState::quarantined;
}

}  // namespace

double random_spread() {
  return static_cast<double>(read_big_endian(random_bytes(4))) / 4294967296.0;
}

Notifier::Notifier(Store& store, View view, Transport& transport, const Clock& clock,
                   Bytes master_key, NotifierOptions options)
    : store_(store),
      view_(std::move(view)),
      transport_(transport),
      clock_(clock),
      master_key_(std::move(master_key)),
      options_(std::move(options)),
      faults_(options_.tell_fault),
      reader_(options_.events),
      escalation_(options_.escalation),
      advisories_(options_.openings) {}

Result<std::unique_ptr<Notifier>> Notifier::open(Store& store, View view, Transport& transport,
                                                 const Clock& clock, Bytes master_key,
                                                 NotifierOptions options) {
  TRY_VOID(check_advisories_fit(options.events));
  std::unique_ptr<Notifier> notifier(new Notifier(store, std::move(view), transport, clock,
                                                  std::move(master_key), std::move(options)));
  TRY_VOID(notifier->escalation_.load(store));
  TRY_VOID(notifier->advisories_.load(store));
  for (const KeyValue& row : TRY(scan_all(store, "s"))) {
    Row made;
    made.subscription = TRY(decode_subscription(row.value));
    mend_times(made.subscription, clock.now(), notifier->options_.events,
               notifier->options_.canary_interval);
    const RowKey key{made.subscription.owner, made.subscription.id};
    if (made.subscription.state != SubscriptionState::retired) ++notifier->living_;
    notifier->rows_.emplace(key, std::move(made));
  }
  return notifier;
}

Notifier::~Notifier() { stop(); }

void Notifier::start() {
  check(!thread_.joinable());
  thread_ = std::thread([this] { run(); });
}

void Notifier::stop() {
  {
    const std::lock_guard lock(signals_mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  // Attempts in flight call back into this object: it must not go before them.
  std::unique_lock lock(signals_mutex_);
  wake_.wait(lock, [&] { return in_flight_ == 0; });
}

void Notifier::wake() {
  {
    const std::lock_guard lock(signals_mutex_);
    woken_ = true;
  }
  wake_.notify_all();
}

void Notifier::run() {
  while (true) {
    const auto next = run_once();
    std::unique_lock lock(signals_mutex_);
    const std::uint64_t now = clock_.now().value;
    auto wait = idle_wait;
    if (next) {
      wait = std::min(wait, std::chrono::milliseconds(next->value > now ? next->value - now : 0));
    }
    wake_.wait_for(lock, wait, [&] { return stopping_ || woken_ || !outcomes_.empty(); });
    if (stopping_) return;
    woken_ = false;
  }
}

std::optional<UnixMillis> Notifier::run_once() {
  const auto view = view_();
  const UnixMillis now = clock_.now();
  const std::lock_guard lock(mutex_);
  take_in_outcomes();
  escalate(*view, now);
  advisories_.follow();
  auto next = earlier(escalation_.next(now), advisories_.next(now));
  for (auto at = rows_.begin(); at != rows_.end(); at = let_others_in(at)) {
    Row& row = at->second;
    if (is_served(row.subscription.state)) look_for_advisory(row, *view, now);
    start_due(row, *view, now);
    next = earlier(next, due_at(row, *view));
  }
  return next;
}

// An owner's request waits for one row's work at most, and not the longer the more others have. It
// may change rows or take them away: a row that the pass has behind it is seen by the next one,
// since whoever changes one wakes it.
Notifier::Rows::iterator Notifier::let_others_in(Rows::iterator row) {
  if (!mutex_.is_wanted()) return std::next(row);
  const RowKey key = row->first;
  mutex_.unlock();
  mutex_.lock();
  return rows_.upper_bound(key);
}

// When there will be something to do for the row, as far as is known: what the next interval brings
// is found by a pass in it.
std::optional<UnixMillis> Notifier::due_at(const Row& row, const LogView& view) {
  const Subscription& subscription = row.subscription;
  if (row.in_flight) return std::nullopt;
  if (row.test) return row.not_before;
  const bool has_next = subscription.cursor.value < view.size().value ||
                        !subscription.news.empty() || row.outlook.next;
  const bool waits = subscription.state == SubscriptionState::pending ||
                     (is_served(subscription.state) && has_next);
  if (!waits) return std::nullopt;
  const UnixMillis due = std::max(subscription.next_attempt_at, row.not_before);
  const bool waits_for_day = subscription.digest && !row.outlook.next;
  return waits_for_day ? std::max(due, next_digest_day(subscription)) : due;
}

// Of a webhook that takes what it is sent; a mailbox ends what it no longer wants with one click.
bool Notifier::needs_renewal(const Row& row, UnixMillis now) {
  const Subscription& subscription = row.subscription;
  return subscription.state == SubscriptionState::active && subscription.verified &&
         !subscription.url.starts_with(mail_scheme) && now >= row.renewal_not_before &&
         renewal_is_due(*subscription.verified, now);
}

void Notifier::ask_receiver(Row& row, UnixMillis now) {
  Subscription& subscription = row.subscription;
  const bool consents = row.consented || has_late_consent(subscription, now);
  if (!consents) {
    if (const auto until = ask_pace_.ask(subscription.owner, subscription.url, now)) {
      subscription.next_attempt_at = *until;
      return;
    }
  }
  row.verification_not_before = UnixMillis{now.value + verification_pause_millis};
  prepare(
      row,
      consents ? pack_challenge(subscription, now, options_.events) : Parcel{{}, SentConsent{}, {}},
      now);
}

void Notifier::start_due(Row& row, const LogView& view, UnixMillis now) {
  Subscription& subscription = row.subscription;
  if (subscription.rate_max > 0) {
    const auto others = allowed_from_.find(subscription.url);
    if (others != allowed_from_.end()) row.not_before = std::max(row.not_before, others->second);
  }
  if (row.in_flight || now < row.not_before) return;
  if (row.test) {
    const std::string id = *std::exchange(row.test, std::nullopt);
    return prepare(row, pack_test(subscription, id, now, options_.events), now);
  }
  if (now < subscription.next_attempt_at) return;
  if (subscription.state == SubscriptionState::pending) return ask_receiver(row, now);
  if (!is_served(subscription.state)) return;
  if (needs_renewal(row, now)) return prepare(row, {{}, SentRenewal{}, {}}, now);
  auto parcel = next_parcel(row, view, now);
  if (!parcel) {
    faults_.meet(parcel.error(), now);
    subscription.last_failure =
        "the registry could not read what comes next: its operator has been told";
    subscription.next_attempt_at = UnixMillis{now.value + pack_again_millis};
  } else if (*parcel) {
    prepare(row, **std::move(parcel), now);
  }
}

// What is quarantined is probed with the oldest event, and told nothing else while it has one.
Result<std::optional<Parcel>> Notifier::next_parcel(Row& row, const LogView& view, UnixMillis now) {
  Subscription& subscription = row.subscription;
  const EventOptions& events = options_.events;
  if (subscription.state == SubscriptionState::active) {
    if (auto beside = pack_beside(row)) return beside;
  }
  if (subscription.digest) {
    if (auto digest = TRY(next_digest(subscription, view, now))) return digest;
  } else if (const auto event = TRY(next_event(subscription, view))) {
    Bytes body = TRY(reader_.format(*event, subscription.audience, subscription.delivered, view));
    return std::optional(pack_event(event->sequence, std::move(body)));
  }
  if (auto beside = pack_beside(row)) return beside;
  if (auto checkpoint = TRY(pack_checkpoint(subscription, view, now, events))) return checkpoint;
  return pack_canary(subscription, now, options_.canary_interval, events);
}

// What came since the last one, of which the oldest may be more than one message holds.
Result<std::optional<Parcel>> Notifier::next_digest(Subscription& subscription, const LogView& view,
                                                    UnixMillis now) {
  if (digest_day(subscription, now) <= subscription.digest_told) return std::optional<Parcel>();
  Subscription ahead = subscription;
  std::vector<Bytes> events;
  while (events.size() < digest_events_max) {
    const auto event = TRY(next_event(ahead, view));
    if (!event) break;
    events.push_back(TRY(reader_.format(*event, ahead.audience, ahead.delivered, view)));
    ahead.delivered = event->sequence;
    ahead.cursor = EntryIndex{event->sequence.value + 1};
  }
  if (events.empty()) {
    subscription.cursor = ahead.cursor;
    return std::optional<Parcel>();
  }
  return std::optional(pack_digest(subscription, events, *ahead.delivered, now));
}

// The next event that the subscription wants, moving the cursor over what it does not want.
Result<std::shared_ptr<const Event>> Notifier::next_event(Subscription& subscription,
                                                          const LogView& view) {
  EntryIndex& cursor = subscription.cursor;
  for (std::size_t i = 0; i < entries_per_pass && cursor.value < view.size().value; ++i) {
    auto event = TRY(reader_.read(view, cursor, subscription.audience));
    if (event != nullptr && subscription.filter.matches(*event)) return event;
    ++cursor.value;
  }
  return std::shared_ptr<const Event>();
}

void Notifier::prepare(Row& row, Parcel parcel, UnixMillis now) {
  const Subscription& subscription = row.subscription;
  OutgoingMessage message = to_message(
      subscription, parcel, now, {options_.request_origin, consent_address(subscription, parcel)},
      [&](const std::string& id, const std::string& timestamp, BytesView body) {
        return sign(row, id, timestamp, body);
      });
  row.in_flight = true;
  if (subscription.rate_max > 0) {
    row.not_before =
        UnixMillis{now.value + (60'000 + subscription.rate_max - 1) / subscription.rate_max};
    std::erase_if(allowed_from_, [&](const auto& one) { return one.second <= now; });
    allowed_from_[subscription.url] = row.not_before;
  }
  {
    const std::lock_guard lock(signals_mutex_);
    ++in_flight_;
  }
  transport_.send(std::move(message), [this, key = RowKey{subscription.owner, subscription.id},
                                       epoch = row.epoch, now,
                                       sent = std::move(parcel)](Result<Delivered> result) mutable {
    const std::lock_guard lock(signals_mutex_);
    outcomes_.push_back({std::move(key), epoch, now, std::move(sent), std::move(result)});
    --in_flight_;
    wake_.notify_all();
  });
}

std::string Notifier::consent_address(const Subscription& subscription,
                                      const Parcel& parcel) const {
  if (options_.consent_address.empty() || !asks_for_consent(parcel)) return {};
  return options_.consent_address + consent_token(master_key_, subscription);
}

std::string Notifier::sign(Row& row, const std::string& id, const std::string& timestamp,
                           BytesView body) {
  const Subscription& subscription = row.subscription;
  std::string signatures = keys_of(row, subscription.key_generation).sign(id, timestamp, body);
  const UnixMillis now = clock_.now();
  for (const OldKeys& old : subscription.old_keys) {
    if (old.until <= now) continue;
    signatures += " " + keys_of(row, old.generation).sign(id, timestamp, body);
  }
  return signatures;
}

const WebhookKeys& Notifier::keys_of(Row& row, std::uint64_t generation) const {
  if (const auto kept = row.keys.find(generation); kept != row.keys.end()) return kept->second;
  if (row.keys.size() > old_keys_max) row.keys.clear();  // Of rotations long ago.
  auto derived = WebhookKeys::derive(master_key_, row.subscription.id, generation);
  return row.keys.emplace(generation, std::move(derived)).first->second;
}

WebhookKeys Notifier::keys_of(const Subscription& subscription) const {
  return WebhookKeys::derive(master_key_, subscription.id, subscription.key_generation);
}

NotifierStats Notifier::stats() const {
  const std::uint64_t head = view_()->size().value;
  const std::lock_guard lock(mutex_);
  NotifierStats stats;
  stats.delivered = delivered_;
  stats.failed = failed_;
  stats.quarantines = quarantines_;
  stats.recoveries = recoveries_;
  stats.faults = faults_.count();
  stats.untold = untold_;
  for (const auto& [key, row] : rows_) {
    const SubscriptionState state = row.subscription.state;
    if (state != SubscriptionState::retired) ++stats.subscriptions;
    if (state == SubscriptionState::pending) ++stats.pending;
    if (state == SubscriptionState::paused) ++stats.paused;
    if (state == SubscriptionState::quarantined) ++stats.quarantined;
    if (!is_served(state)) continue;
    const std::uint64_t cursor = row.subscription.cursor.value;
    stats.behind_max = std::max(stats.behind_max, head > cursor ? head - cursor : 0);
  }
  return stats;
}

}  // namespace cpl
