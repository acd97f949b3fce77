#include "notifier/run/notifier.hpp"

#include <limits>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "notifier/subscription/late_consent.hpp"
#include "notifier/subscription/mended_times.hpp"
#include "notifier/subscription/service_event.hpp"
#include "notifier/subscription/verification.hpp"
#include "registry/base/london.hpp"
#include "registry/log/log_keys.hpp"

namespace cpl {
namespace {

constexpr std::chrono::milliseconds idle_wait{60'000};
constexpr std::size_t entries_per_row = 2048;  // So that one far-behind cursor holds up nobody.

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
      endings_(options_.events.months_ahead),
      escalation_(options_.escalation),
      advisories_(options_.openings),
      lanes_{{{Audience::parties, options_.events}, {Audience::service_desk, options_.events}}} {}

Result<std::unique_ptr<Notifier>> Notifier::open(Store& store, View view, Transport& transport,
                                                 const Clock& clock, Bytes master_key,
                                                 NotifierOptions options) {
  TRY_VOID(check_advisories_fit(options.events));
  std::unique_ptr<Notifier> notifier(new Notifier(store, std::move(view), transport, clock,
                                                  std::move(master_key), std::move(options)));
  const Lock lock(notifier->mutex_);
  TRY_VOID(notifier->escalation_.load(store));
  TRY_VOID(notifier->advisories_.load(store));
  for (const KeyValue& row : TRY(scan_all(store, keyspace::Kind::subscription))) {
    Row made;
    made.subscription = TRY(decode_subscription(row.value));
    mend_times(made.subscription, clock.now(), notifier->options_.events,
               notifier->options_.canary_interval);
    Subscription& subscription = made.subscription;
    if (!is_ending_place(subscription.endings_told)) {
      subscription.endings_told = place_behind(day_told_by(clock.now()));
    }
    RowKey key{subscription.audience, subscription.owner, subscription.id};
    const bool counts = subscription.audience == Audience::parties &&
                        subscription.state != SubscriptionState::retired;
    if (counts) ++notifier->living_;
    notifier->keys_.emplace(key.id, key);
    notifier->rows_.emplace(std::move(key), std::move(made));
  }
  return notifier;
}

Notifier::~Notifier() { stop(); }

void Notifier::start() {
  for (Lane& lane : lanes_) {
    check(!lane.thread.joinable());
    lane.thread = std::thread([this, &lane] { run(lane); });
  }
}

void Notifier::stop() {
  {
    const Lock lock(signals_mutex_);
    stopping_ = true;
  }
  for (Lane& lane : lanes_) {
    lane.wake.notify_all();
    if (lane.thread.joinable()) lane.thread.join();
  }
  // Attempts in flight call back into this object: it must not go before them.
  Lock lock(signals_mutex_);
  idle_.wait(lock, [&]() REQUIRES(signals_mutex_) { return in_flight_ == 0; });
}

void Notifier::wake() {
  const Lock lock(signals_mutex_);
  for (Lane& lane : lanes_) {
    lane.woken = true;
    lane.wake.notify_all();
  }
}

void Notifier::run(Lane& lane) {
  while (true) {
    const auto next = run_once(lane);
    Lock lock(signals_mutex_);
    const std::uint64_t now = clock_.now().value;
    auto wait = idle_wait;
    if (next) {
      wait = std::min(wait, std::chrono::milliseconds(next->value > now ? next->value - now : 0));
    }
    lane.wake.wait_for(lock, wait, [&]() REQUIRES(signals_mutex_) {
      return stopping_ || lane.woken || !lane.outcomes.empty();
    });
    if (stopping_) return;
    lane.woken = false;
  }
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
    if (const auto until = verification_rate_.ask(subscription.owner, subscription.url, now)) {
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

void Notifier::start_due(const Pass& pass, Share& share, Row& row) {
  Subscription& subscription = row.subscription;
  const UnixMillis now = pass.now;
  if (row.in_flight || now < row.not_before) return;
  if (row.test) {
    const std::string id = *std::exchange(row.test, std::nullopt);
    return prepare(row, pack_test(subscription, id, now, options_.events), now);
  }
  if (now < subscription.next_attempt_at) return;
  if (subscription.state == SubscriptionState::pending) return ask_receiver(row, now);
  if (!is_served(subscription.state)) return;
  if (needs_renewal(row, now)) return prepare(row, {{}, SentRenewal{}, {}}, now);
  std::size_t entries_left = entries_per_row;
  auto parcel = next_parcel(pass, entries_left, row);
  share.entries -= std::min(share.entries, entries_per_row - entries_left);
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
Result<std::optional<Parcel>> Notifier::next_parcel(const Pass& pass, std::size_t& entries_left,
                                                    Row& row) {
  Subscription& subscription = row.subscription;
  const LogView& view = pass.view;
  if (subscription.state == SubscriptionState::active) {
    if (auto beside = pack_beside(row)) return beside;
  }
  if (subscription.digest) {
    if (auto digest = TRY(next_digest(pass, entries_left, subscription))) return digest;
  } else {
    const auto event = TRY(next_event(pass, entries_left, subscription));
    if (const auto ending = TRY(next_ending(pass, subscription, event.get()))) {
      return std::optional(pack_ending(*ending, TRY(format(pass, subscription, *ending))));
    }
    if (event == nullptr) return next_beside(pass, row);
    Bytes body = TRY(pass.lane.reader.format(
        *event, subscription.audience,
        {subscription.delivered, subscription.filter.terms_met(*event)}, view));
    return std::optional(pack_event(event->sequence, std::move(body)));
  }
  return next_beside(pass, row);
}

// What may be told to whoever has all that came before it.
Result<std::optional<Parcel>> Notifier::next_beside(const Pass& pass, const Row& row) const {
  const Subscription& subscription = row.subscription;
  const EventOptions& events = options_.events;
  const LogView& view = pass.view;
  if (auto beside = pack_beside(row)) return beside;
  if (subscription.ticket) return std::optional<Parcel>();  // Each of these would open a ticket.
  if (auto checkpoint = TRY(pack_checkpoint(subscription, view, pass.now, events)))
    return checkpoint;
  return pack_canary(subscription, pass.now, options_.canary_interval, events);
}

// What came since the last one, of which the oldest may be more than one message holds, or more
// than one look finds.
Result<std::optional<Parcel>> Notifier::next_digest(const Pass& pass, std::size_t& entries_left,
                                                    Subscription& subscription) {
  if (digest_day(subscription, pass.now) <= subscription.digest_told) {
    return std::optional<Parcel>();
  }
  Subscription ahead = subscription;
  std::optional<EntryIndex> last;
  std::vector<Bytes> events;
  while (events.size() < digest_events_max) {
    const auto event = TRY(next_event(pass, entries_left, ahead));
    if (const auto ending = TRY(next_ending(pass, ahead, event.get()))) {
      events.push_back(TRY(format(pass, ahead, *ending)));
      ahead.endings_told = place_behind(*ending);
      continue;
    }
    if (!event) break;
    events.push_back(TRY(pass.lane.reader.format(
        *event, ahead.audience, {ahead.delivered, ahead.filter.terms_met(*event)}, pass.view)));
    ahead.delivered = event->sequence;
    last = event->sequence;
    ahead.cursor = EntryIndex{event->sequence.value + 1};
  }
  if (events.empty()) {
    subscription.cursor = ahead.cursor;
    return std::optional<Parcel>();
  }
  // Where there may be more, the same day has another.
  const bool is_all =
      events.size() < digest_events_max && ahead.cursor.value >= pass.view.size().value;
  const UnixMillis day = is_all ? digest_day(subscription, pass.now) : subscription.digest_told;
  return std::optional(pack_digest(events, {last, day, ahead.endings_told}));
}

// An entry that is still to be looked at may be of an earlier day.
Result<std::optional<CoverEnding>> Notifier::next_ending(const Pass& pass,
                                                         Subscription& subscription,
                                                         const Event* before) {
  const bool has_looked = before != nullptr || subscription.cursor.value >= pass.view.size().value;
  if (!has_looked || subscription.ticket) return std::optional<CoverEnding>();
  const Date up_to = before != nullptr ? london_day(before->time) : day_told_by(pass.now);
  auto ending =
      TRY(endings_.next(pass.view, subscription.filter, subscription.endings_told, up_to));
  // So that nobody looks again at what the filter does not want.
  if (!ending) subscription.endings_told = std::max(subscription.endings_told, place_behind(up_to));
  return ending;
}

Result<Bytes> Notifier::format(const Pass& pass, const Subscription& subscription,
                               const CoverEnding& ending) const {
  const Event event = event_of(ending, {});
  return format_ending(ending, {subscription.delivered, subscription.filter.terms_met(event)},
                       pass.view, options_.events);
}

bool Notifier::is_told_of(const Subscription& subscription, const Event& event) {
  return subscription.filter.matches(event) && (!subscription.ticket || event.notice);
}

// The next event that the subscription wants, moving the cursor over what it does not want.
Result<std::shared_ptr<const Event>> Notifier::next_event(const Pass& pass,
                                                          std::size_t& entries_left,
                                                          Subscription& subscription) {
  EntryIndex& cursor = subscription.cursor;
  for (; entries_left > 0 && cursor.value < pass.view.size().value; --entries_left) {
    auto event = TRY(pass.lane.reader.read(pass.view, cursor, subscription.audience));
    if (event != nullptr && is_told_of(subscription, *event)) return event;
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
    row.not_before = UnixMillis{now.value + pause_at_rate(subscription.rate_max)};
    std::erase_if(allowed_from_, [&](const auto& one) { return one.second <= now; });
    allowed_from_[{subscription.audience, subscription.owner, subscription.url}] = row.not_before;
  }
  {
    const Lock lock(signals_mutex_);
    ++in_flight_;
  }
  RowKey key{subscription.audience, subscription.owner, subscription.id};
  Lane& lane = lane_of(subscription.audience);
  transport_.send(std::move(message), [this, &lane, own = std::move(key), epoch = row.epoch, now,
                                       sent = std::move(parcel)](Result<Delivered> result) mutable {
    const Lock lock(signals_mutex_);
    lane.outcomes.push_back({std::move(own), epoch, now, std::move(sent), std::move(result)});
    lane.wake.notify_all();
    if (--in_flight_ == 0) idle_.notify_all();
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
  const Lock lock(mutex_);
  NotifierStats stats;
  stats.delivered = delivered_;
  stats.failed = failed_;
  stats.delivery_times = delivery_times_.counts();
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
