// What owners do with their subscriptions.
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "notifier/run/notifier.hpp"
#include "notifier/subscription/service_event.hpp"
#include "registry/log/log_keys.hpp"

namespace cpl {
namespace {

constexpr std::size_t id_size = 10;

Error not_found() {
  return Error{Errc::not_found, "subscription-not-found", "there is no such subscription"};
}

Error wrong_state(const Subscription& subscription, std::string_view what) {
  const auto word = word_of(subscription.state);
  return refuse("subscription-state",
                "the subscription is " + std::string(word) + ": " + std::string(what));
}

bool in_state(const Subscription& subscription, SubscriptionState state) {
  return subscription.state == state;
}

// The first attempt of what comes next.
void begin_anew(Subscription& subscription, UnixMillis now) {
  subscription.attempt = 0;
  subscription.next_attempt_at = now;
}

}  // namespace

Notifier::Rows::iterator Notifier::find_row(const std::string& owner, const std::string& id) {
  const auto found = rows_.find({Audience::parties, owner, id});
  return found != rows_.end() ? found : rows_.find({Audience::service_desk, owner, id});
}
Notifier::Rows::const_iterator Notifier::find_row(const std::string& owner,
                                                  const std::string& id) const {
  const auto found = rows_.find({Audience::parties, owner, id});
  return found != rows_.end() ? found : rows_.find({Audience::service_desk, owner, id});
}

// Whoever has a link may ask: it must not take the longer the more subscriptions there are.
std::optional<Notifier::RowKey> Notifier::key_of(const std::string& id) const {
  const auto key = keys_.find(id);
  if (key == keys_.end()) return std::nullopt;
  return key->second;
}

Result<Subscription> Notifier::alter(const std::string& owner, const std::string& id,
                                     const std::function<Result<void>(Row&)>& change,
                                     const ExtraWrites<Subscription>& extra_writes) {
  const Lock lock(mutex_);
  const auto found = find_row(owner, id);
  if (found == rows_.end()) return not_found();
  Row changed = found->second;
  if (in_state(changed.subscription, SubscriptionState::retired)) {
    return wrong_state(changed.subscription, "make another one");
  }
  TRY_VOID(change(changed));
  changed.outlook = {};
  WriteBatch batch;
  const bool retires = in_state(changed.subscription, SubscriptionState::retired);
  const auto forgotten = retires ? surplus_retired(owner) : std::nullopt;
  if (forgotten) {
    forget_attempts(rows_.at(*forgotten).subscription, batch);
    advisories_.forget(forgotten->id, batch);
    batch.deletes.push_back(store_keys::subscription(forgotten->id));
  }
  batch.put(store_keys::subscription(id), encode(changed.subscription));
  if (extra_writes) extra_writes(changed.subscription, batch);
  TRY_VOID(store_.commit(batch, Durability::synced));
  if (forgotten) {
    keys_.erase(forgotten->id);
    rows_.erase(*forgotten);
  }
  if (retires && changed.subscription.audience == Audience::parties) --living_;
  found->second = std::move(changed);
  wake();
  return found->second.subscription;
}

std::size_t Notifier::count_living(const std::string& owner) const {
  std::size_t count = 0;
  for_rows_of(rows_, owner, [&](const Rows::value_type& row) {
    if (!in_state(row.second.subscription, SubscriptionState::retired)) ++count;
  });
  return count;
}

// However many the Parties have, there is room for the Service Desk's.
Result<void> Notifier::check_room(Audience audience, const std::string& owner) const {
  const bool is_full = audience == Audience::parties && living_ >= options_.subscriptions_max;
  if (!is_full && count_living(owner) < options_.subscriptions_per_owner_max) return {};
  return refuse("subscriptions-full", "there is no room for another subscription");
}

Result<Subscription> Notifier::subscribe(std::string owner, Audience audience,
                                         SubscriptionRequest wish, EntryIndex from,
                                         const ExtraWrites<Subscription>& extra_writes) {
  Row row;
  Subscription& made = row.subscription;
  made.id = "sub_" + to_hex(random_bytes(id_size));
  made.owner = std::move(owner);
  made.audience = audience;
  made.url = std::move(wish.url);
  made.filter = std::move(wish.filter);
  made.created = clock_.now();
  made.state_since = made.created;
  made.checkpoint_told = checkpoint_time(made.created, options_.events);
  made.digest = wish.digest;
  made.ticket = wish.ticket;
  made.digest_told = digest_day(made, made.created);
  made.canary_told = canary_time(made, made.created, options_.canary_interval);
  const auto view = view_();
  made.endings_told = from.value < view->size().value
                          ? TRY(place_before(*view, EntryIndex{from.value + 1}))
                          : place_behind(day_told_by(made.created));
  made.cursor = from;
  made.told_from = from;
  made.next_attempt_at = made.created;
  const Subscription answer = made;
  {
    const Lock lock(mutex_);
    TRY_VOID(check_room(audience, made.owner));
    WriteBatch batch;
    batch.put(store_keys::subscription(made.id), encode(made));
    if (extra_writes) extra_writes(made, batch);
    TRY_VOID(store_.commit(batch, Durability::synced));
    const RowKey key{audience, answer.owner, answer.id};
    keys_.emplace(answer.id, key);
    rows_.emplace(key, std::move(row));
    if (audience == Audience::parties) ++living_;
  }
  wake();
  return answer;
}

std::vector<Subscription> Notifier::kept_of(const std::string& owner) const {
  const Lock lock(mutex_);
  std::vector<Subscription> own;
  for_rows_of(rows_, owner,
              [&](const Rows::value_type& row) { own.push_back(row.second.subscription); });
  return own;
}

std::vector<Subscription> Notifier::of_owner(const std::string& owner) const {
  std::vector<Subscription> own = kept_of(owner);
  std::erase_if(own,
                [](const Subscription& one) { return in_state(one, SubscriptionState::retired); });
  return own;
}

std::vector<Subscription> Notifier::all() const {
  const Lock lock(mutex_);
  std::vector<Subscription> everybodys;
  everybodys.reserve(rows_.size());
  for (const auto& [key, row] : rows_) {
    const Subscription& subscription = row.subscription;
    if (!in_state(subscription, SubscriptionState::retired)) everybodys.push_back(subscription);
  }
  return everybodys;
}

Result<Subscription> Notifier::find_any(const std::string& id) const {
  const Lock lock(mutex_);
  const auto key = keys_.find(id);
  if (key == keys_.end()) return not_found();
  return rows_.at(key->second).subscription;
}

Result<Subscription> Notifier::find(const std::string& owner, const std::string& id) const {
  const Lock lock(mutex_);
  const auto found = find_row(owner, id);
  if (found == rows_.end()) return not_found();
  return found->second.subscription;
}

Result<void> Notifier::retire(const std::string& owner, const std::string& id, const Guard& guard,
                              const std::string& why) {
  TRY(alter(owner, id, [&](Row& row) -> Result<void> {
    if (guard) TRY_VOID(guard(row.subscription));
    set_state(row.subscription, SubscriptionState::retired, clock_.now());
    if (!why.empty()) row.subscription.last_failure = why;
    row.subscription.news.clear();
    row.test.reset();
    ++row.epoch;
    return {};
  }));
  return {};
}

// The longest retired, where there is no room for one more.
std::optional<Notifier::RowKey> Notifier::surplus_retired(const std::string& owner) const {
  std::size_t retired = 0;
  const Rows::value_type* oldest = nullptr;
  for_rows_of(rows_, owner, [&](const Rows::value_type& row) {
    const Subscription& subscription = row.second.subscription;
    if (!in_state(subscription, SubscriptionState::retired)) return;
    ++retired;
    const bool is_older =
        oldest == nullptr || subscription.state_since < oldest->second.subscription.state_since;
    if (is_older) oldest = &row;
  });
  if (retired < options_.retired_per_owner_max) return std::nullopt;
  return oldest->first;
}

Result<Subscription> Notifier::verify(const std::string& owner, const std::string& id) {
  return alter(owner, id, [&](Row& row) -> Result<void> {
    Subscription& subscription = row.subscription;
    if (!in_state(subscription, SubscriptionState::pending)) {
      return wrong_state(subscription, "its receiver needs no verifying now");
    }
    subscription.next_attempt_at = std::max(clock_.now(), row.verification_not_before);
    return {};
  });
}

Result<Subscription> Notifier::pause(const std::string& owner, const std::string& id) {
  return alter(owner, id, [&](Row& row) -> Result<void> {
    set_state(row.subscription, SubscriptionState::paused, clock_.now());
    return {};
  });
}

Result<Subscription> Notifier::resume(const std::string& owner, const std::string& id) {
  return alter(owner, id, [&](Row& row) -> Result<void> {
    Subscription& subscription = row.subscription;
    if (in_state(subscription, SubscriptionState::pending)) {
      return wrong_state(subscription, "its receiver must be verified first");
    }
    if (in_state(subscription, SubscriptionState::paused)) {
      set_state(subscription,
                subscription.verified ? SubscriptionState::active : SubscriptionState::pending,
                clock_.now());
    }
    begin_anew(subscription, clock_.now());
    if (in_state(subscription, SubscriptionState::pending)) {
      subscription.next_attempt_at =
          std::max(subscription.next_attempt_at, row.verification_not_before);
    }
    return {};
  });
}

Result<Subscription> Notifier::rotate(const std::string& owner, const std::string& id,
                                      std::chrono::seconds grace,
                                      const ExtraWrites<Subscription>& extra_writes) {
  const auto change = [&](Row& row) -> Result<void> {
    Subscription& subscription = row.subscription;
    const UnixMillis now = clock_.now();
    std::erase_if(subscription.old_keys, [&](const OldKeys& old) { return old.until <= now; });
    if (grace == std::chrono::seconds::zero()) {
      subscription.old_keys.clear();  // Whoever stole them signs for nobody any more.
    } else if (subscription.old_keys.size() >= old_keys_max) {
      return refuse("rotations-too-many",
                    "five older keys still sign: wait, or rotate with a grace of 0, which ends "
                    "them all");
    } else {
      const std::chrono::milliseconds millis = grace;
      subscription.old_keys.push_back(
          {subscription.key_generation,
           UnixMillis{now.value + static_cast<std::uint64_t>(millis.count())}});
    }
    ++subscription.key_generation;
    return {};
  };
  return alter(owner, id, change, extra_writes);
}

Result<std::string> Notifier::test(const std::string& owner, const std::string& id,
                                   const ExtraWrites<std::string>& extra_writes) {
  const std::string test_id = new_test_id();
  const auto change = [&](Row& row) -> Result<void> {
    if (!row.subscription.verified) {
      return wrong_state(row.subscription, "its receiver must be verified first");
    }
    if (row.test) return refuse("test-waiting", "another test waits to be sent");
    row.test = test_id;
    return {};
  };
  TRY(alter(owner, id, change, [&](const Subscription&, WriteBatch& batch) {
    if (extra_writes) extra_writes(test_id, batch);
  }));
  return test_id;
}

Result<Subscription> Notifier::replay(const std::string& owner, const std::string& id,
                                      EntryIndex from,
                                      const ExtraWrites<Subscription>& extra_writes) {
  const Subscription now = TRY(find(owner, id));
  const auto view = view_();
  const auto previous =
      TRY(index_of(now.audience).previous(*view, now.filter, std::min(from, now.cursor)));
  const EndingPlace endings =
      from.value < view->size().value ? TRY(place_before(*view, EntryIndex{from.value + 1})) : "";
  const auto change = [&](Row& row) -> Result<void> {
    Subscription& subscription = row.subscription;
    if (from > subscription.cursor) {
      return refuse("cursor-ahead", "entry " + std::to_string(from.value) +
                                        " is beyond the subscription's cursor, which is " +
                                        std::to_string(subscription.cursor.value));
    }
    subscription.cursor = from;
    subscription.told_from = std::min(subscription.told_from, from);
    subscription.delivered = previous;
    if (!endings.empty()) subscription.endings_told = std::min(subscription.endings_told, endings);
    if (in_state(subscription, SubscriptionState::pending)) return {};
    ++row.epoch;
    begin_anew(subscription, clock_.now());
    return {};
  };
  return alter(owner, id, change, extra_writes);
}

Result<Subscription> Notifier::change(const std::string& owner, const std::string& id,
                                      const std::optional<std::string>& url,
                                      const std::optional<EventFilter>& filter,
                                      const Guard& guard) {
  return alter(owner, id, [&](Row& row) -> Result<void> {
    Subscription& subscription = row.subscription;
    if (guard) TRY_VOID(guard(subscription));
    if (filter && to_json(*filter) != to_json(subscription.filter)) {
      subscription.filter = *filter;
      subscription.told_from = subscription.cursor;
    }
    if (filter) ++row.epoch;
    if (!url || *url == subscription.url) return {};
    subscription.url = *url;
    subscription.digest = subscription.digest && url->starts_with(mail_scheme);
    subscription.ticket = subscription.ticket && url->starts_with(mail_scheme);
    subscription.verified.reset();
    subscription.consented_late.reset();
    subscription.rate_max = 0;
    subscription.last_failure.clear();
    if (!in_state(subscription, SubscriptionState::paused)) {
      set_state(subscription, SubscriptionState::pending, clock_.now());
    }
    begin_anew(subscription, std::max(clock_.now(), row.verification_not_before));
    row.consented = false;
    row.test.reset();
    row.not_before = UnixMillis{0};
    ++row.epoch;
    return {};
  });
}

EventIndex& Notifier::index_of(Audience audience) {
  return audience == Audience::service_desk ? desk_index_ : parties_index_;
}

Result<Preview> Notifier::preview(Audience audience, const EventFilter& filter, UnixMillis since,
                                  std::size_t newest_max) {
  return cpl::preview(*view_(), index_of(audience), filter, since, newest_max);
}

Result<std::vector<DeliveryAttempt>> Notifier::attempts(const std::string& owner,
                                                        const std::string& id,
                                                        std::optional<std::uint64_t> before,
                                                        std::uint64_t limit) const {
  const Subscription subscription = TRY(find(owner, id));
  return read_attempts(*store_.snapshot(), subscription, before, limit);
}

}  // namespace cpl
