#include "notifier/notifier.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/store_keys.hpp"

namespace cpl {
namespace {

constexpr std::size_t id_size = 10;
constexpr std::size_t window_size = 256;     // Entries read at a time.
constexpr std::size_t windows_per_pass = 8;  // So that one far-behind cursor holds up nobody.
constexpr std::chrono::milliseconds idle_wait{60'000};

double random_spread() {
  return static_cast<double>(read_big_endian(random_bytes(4))) / 4294967296.0;
}

}  // namespace

Notifier::Notifier(Store& store, View view, Transport& transport, const Clock& clock,
                   Bytes master_key, NotifierOptions options)
    : store_(store),
      view_(std::move(view)),
      transport_(transport),
      clock_(clock),
      master_key_(std::move(master_key)),
      options_(std::move(options)) {}

Result<std::unique_ptr<Notifier>> Notifier::open(Store& store, View view, Transport& transport,
                                                 const Clock& clock, Bytes master_key,
                                                 NotifierOptions options) {
  std::unique_ptr<Notifier> notifier(new Notifier(store, std::move(view), transport, clock,
                                                  std::move(master_key), std::move(options)));
  const auto rows = TRY(
      store.snapshot()->scan("s", store_keys::end_of("s"), notifier->options_.subscriptions_max));
  for (const KeyValue& row : rows) {
    Subscription subscription = TRY(decode_subscription(row.value));
    const std::string id = subscription.id;
    notifier->rows_.emplace(id, Row{std::move(subscription), false, false});
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
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  // Attempts in flight call back into this object: it must not go before them.
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [&] { return in_flight_ == 0; });
}

void Notifier::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_all();
}

void Notifier::run() {
  while (true) {
    const auto next = run_once();
    std::unique_lock lock(mutex_);
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
  Attempts attempts;
  const auto next = collect(attempts);
  for (auto& [message, done] : attempts) transport_.send(std::move(message), std::move(done));
  return next;
}

std::optional<UnixMillis> Notifier::collect(Attempts& attempts) {
  const auto view = view_();
  const UnixMillis now = clock_.now();
  const std::lock_guard lock(mutex_);
  while (!outcomes_.empty()) {
    Outcome outcome = std::move(outcomes_.front());
    outcomes_.pop_front();
    take_in(outcome);
  }
  std::optional<UnixMillis> next;
  for (auto& [id, row] : rows_) {
    if (row.in_flight || row.retired) continue;
    if (row.subscription.next_attempt_at <= now) start_due(row, *view, now, attempts);
    const bool waits = !row.in_flight && row.subscription.cursor.value < view->size().value;
    if (waits && (!next || row.subscription.next_attempt_at < *next)) {
      next = row.subscription.next_attempt_at;
    }
  }
  return next;
}

void Notifier::take_in(const Outcome& outcome) {
  const auto found = rows_.find(outcome.id);
  if (found == rows_.end()) return;
  Row& row = found->second;
  row.in_flight = false;
  if (row.retired) {
    rows_.erase(found);
    return;
  }
  const std::uint64_t before = row.subscription.deliveries;
  note_outcome(row.subscription, outcome.sent, outcome.result, clock_.now(), random_spread());
  ++(row.subscription.deliveries > before ? delivered_ : failed_);
  store_row(row.subscription);
}

void Notifier::start_due(Row& row, const LogView& view, UnixMillis now, Attempts& attempts) {
  const auto event = next_event(row.subscription, view);
  if (!event) {
    row.subscription.last_failure = event.error().detail;
    row.subscription.next_attempt_at = UnixMillis{now.value + 60'000};
    return;
  }
  if (*event) return prepare(row, pack(row, **event, view), now, attempts);
  if (auto parcel = pack_checkpoint(row, view, now)) {
    prepare(row, *std::move(parcel), now, attempts);
  }
}

// The next event that the subscription wants, moving the cursor over what it does not want.
Result<std::optional<Event>> Notifier::next_event(Subscription& subscription, const LogView& view) {
  for (std::size_t window = 0; window < windows_per_pass; ++window) {
    const auto leaves = TRY(view.leaves(subscription.cursor, window_size));
    if (leaves.empty()) return std::optional<Event>();
    for (const Bytes& leaf : leaves) {
      auto event = TRY(event_of(leaf, subscription.audience));
      if (event && subscription.filter.matches(*event)) return event;
      ++subscription.cursor.value;
    }
  }
  return std::optional<Event>();
}

Notifier::Parcel Notifier::pack(const Row& row, const Event& event, const LogView& view) const {
  return {"msg_" + format_sequence(event.sequence), event.sequence,
          format_event(event, row.subscription.delivered, view, options_.events)};
}

// Once in each interval, to whoever has all that came before it.
std::optional<Notifier::Parcel> Notifier::pack_checkpoint(const Row& row, const LogView& view,
                                                          UnixMillis now) const {
  const UnixMillis time = checkpoint_time(now, options_.events);
  const TreeSize size = view.size();
  const bool has_all = row.subscription.cursor.value >= size.value;
  if (!has_all || size.value == 0 || time <= row.subscription.checkpoint_told) return std::nullopt;
  return Parcel{
      "chk_" + format_sequence(EntryIndex{size.value}) + "_" + std::to_string(time.value / 1000),
      time, format_checkpoint_event(view, time, row.subscription.delivered, options_.events)};
}

void Notifier::prepare(Row& row, const Parcel& parcel, UnixMillis now, Attempts& attempts) {
  const auto& [id, sent, body] = parcel;
  if (!body) {
    row.subscription.last_failure = body.error().detail;
    row.subscription.next_attempt_at = UnixMillis{now.value + 60'000};
    return;
  }
  const std::string timestamp = std::to_string(now.value / 1000);
  OutgoingMessage message;
  message.url = row.subscription.url;
  message.headers = {{"content-type", "application/cloudevents+json; charset=utf-8"},
                     {"webhook-id", id},
                     {"webhook-timestamp", timestamp},
                     {"webhook-signature", keys_of(row.subscription).sign(id, timestamp, *body)},
                     {"webhook-request-origin", options_.request_origin}};
  message.body = *body;
  row.in_flight = true;
  ++in_flight_;
  attempts.emplace_back(std::move(message), [this, subscription = row.subscription.id,
                                             told = sent](Result<Delivered> result) {
    const std::lock_guard lock(mutex_);
    outcomes_.push_back({subscription, told, std::move(result)});
    --in_flight_;
    wake_.notify_all();
  });
}

// A lost row means that an event is delivered twice; that needs no wait for the disk.
void Notifier::store_row(const Subscription& subscription) {
  WriteBatch batch;
  batch.put(store_keys::subscription(subscription.id), encode(subscription));
  if (const auto stored = store_.commit(batch, Durability::buffered); !stored) ++failed_;
}

Result<Subscription> Notifier::subscribe(std::string owner, Audience audience, std::string url,
                                         EventFilter filter, EntryIndex from) {
  Subscription row;
  row.id = "sub_" + to_hex(random_bytes(id_size));
  row.owner = std::move(owner);
  row.audience = audience;
  row.url = std::move(url);
  row.filter = std::move(filter);
  row.created = clock_.now();
  row.checkpoint_told = checkpoint_time(row.created, options_.events);
  row.cursor = from;
  row.next_attempt_at = row.created;
  {
    const std::lock_guard lock(mutex_);
    const auto own = std::count_if(rows_.begin(), rows_.end(), [&](const auto& pair) {
      return pair.second.subscription.owner == row.owner;
    });
    if (rows_.size() >= options_.subscriptions_max ||
        static_cast<std::size_t>(own) >= options_.subscriptions_per_owner_max) {
      return refuse("subscriptions-full", "there is no room for another subscription");
    }
    WriteBatch batch;
    batch.put(store_keys::subscription(row.id), encode(row));
    TRY_VOID(store_.commit(batch, Durability::synced));
    rows_.emplace(row.id, Row{row, false, false});
  }
  wake();
  return row;
}

std::vector<Subscription> Notifier::of_owner(std::string_view owner) const {
  const std::lock_guard lock(mutex_);
  std::vector<Subscription> own;
  for (const auto& [id, row] : rows_) {
    if (row.subscription.owner == owner && !row.retired) own.push_back(row.subscription);
  }
  return own;
}

std::optional<Subscription> Notifier::find(std::string_view owner, std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = rows_.find(id);
  if (found == rows_.end() || found->second.retired) return std::nullopt;
  if (found->second.subscription.owner != owner) return std::nullopt;
  return found->second.subscription;
}

Result<void> Notifier::unsubscribe(std::string_view owner, std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto found = rows_.find(id);
  if (found == rows_.end() || found->second.retired || found->second.subscription.owner != owner) {
    return Error{Errc::not_found, "subscription-not-found", "there is no such subscription"};
  }
  WriteBatch batch;
  batch.deletes.push_back(store_keys::subscription(id));
  TRY_VOID(store_.commit(batch, Durability::synced));
  if (found->second.in_flight) {
    found->second.retired = true;
  } else {
    rows_.erase(found);
  }
  return {};
}

WebhookKeys Notifier::keys_of(const Subscription& subscription) const {
  return WebhookKeys::derive(master_key_, subscription.id, subscription.key_generation);
}

NotifierStats Notifier::stats() const {
  const std::uint64_t head = view_()->size().value;
  const std::lock_guard lock(mutex_);
  NotifierStats stats;
  stats.subscriptions = rows_.size();
  stats.delivered = delivered_;
  stats.failed = failed_;
  for (const auto& [id, row] : rows_) {
    if (row.subscription.state == SubscriptionState::quarantined) ++stats.quarantined;
    const std::uint64_t cursor = row.subscription.cursor.value;
    stats.behind_max = std::max(stats.behind_max, head > cursor ? head - cursor : 0);
  }
  return stats;
}

}  // namespace cpl
