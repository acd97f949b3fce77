// The notifier: reads the log from each subscription's cursor and drives its deliveries, at least
// once and in order. It owns no queue; a wake-up that is lost delays, and loses nothing.
#pragma once

#include <condition_variable>
#include <deque>
#include <thread>

#include "notifier/delivery.hpp"
#include "notifier/webhook_signature.hpp"
#include "registry/clock.hpp"
#include "registry/store.hpp"

namespace cpl {

struct NotifierOptions {
  EventOptions events;
  std::string request_origin;  // The host name that receivers are told: WebHook-Request-Origin.
  std::size_t subscriptions_max = 10'000;
  std::size_t subscriptions_per_owner_max = 100;
};

struct NotifierStats {
  std::uint64_t subscriptions = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t delivered = 0;  // Since the start, as is the next.
  std::uint64_t failed = 0;
  std::uint64_t behind_max = 0;  // Entries between the head and the slowest cursor.
};

class Notifier {
 public:
  using View = std::function<std::shared_ptr<const LogView>()>;

  // The references outlive the notifier. `master_key` is the notices' own secret.
  static Result<std::unique_ptr<Notifier>> open(Store& store, View view, Transport& transport,
                                                const Clock& clock, Bytes master_key,
                                                NotifierOptions options);
  ~Notifier();  // Stops.
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  void start();
  void stop();  // Waits for the attempts in flight.
  void wake();  // Any thread: the log grew.
  // One pass: takes in outcomes, starts what is due. The time of the next due attempt, if any. The
  // thread calls this, and a simulator instead of it.
  std::optional<UnixMillis> run_once();

  // For the API; any thread. `from` is the first entry to tell of.
  Result<Subscription> subscribe(std::string owner, Audience audience, std::string url,
                                 EventFilter filter, EntryIndex from);
  std::vector<Subscription> of_owner(std::string_view owner) const;
  std::optional<Subscription> find(std::string_view owner, std::string_view id) const;
  Result<void> unsubscribe(std::string_view owner, std::string_view id);
  WebhookKeys keys_of(const Subscription& subscription) const;
  NotifierStats stats() const;

 private:
  struct Row {
    Subscription subscription;
    bool in_flight = false;
    bool retired = false;
  };
  struct Outcome {
    std::string id;
    Sent sent;
    Result<Delivered> result;
  };

  // What a pass has found to send; handed over when the lock is released.
  using Attempts = std::vector<std::pair<OutgoingMessage, Transport::Done>>;

  Notifier(Store& store, View view, Transport& transport, const Clock& clock, Bytes master_key,
           NotifierOptions options);
  void run();
  std::optional<UnixMillis> collect(Attempts& attempts);
  void take_in(const Outcome& outcome);
  void start_due(Row& row, const LogView& view, UnixMillis now, Attempts& attempts);
  Result<std::optional<Event>> next_event(Subscription& subscription, const LogView& view);
  struct Parcel {
    std::string message_id;  // The receivers' key against duplicates.
    Sent sent;
    Result<Bytes> body;
  };
  Parcel pack(const Row& row, const Event& event, const LogView& view) const;
  std::optional<Parcel> pack_checkpoint(const Row& row, const LogView& view, UnixMillis now) const;
  void prepare(Row& row, const Parcel& parcel, UnixMillis now, Attempts& attempts);
  void store_row(const Subscription& subscription);

  Store& store_;  // Constant after construction, as the next five.
  const View view_;
  Transport& transport_;
  const Clock& clock_;
  const Bytes master_key_;
  const NotifierOptions options_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::map<std::string, Row, std::less<>> rows_;  // Guarded by mutex_, as is all below.
  std::deque<Outcome> outcomes_;
  std::size_t in_flight_ = 0;
  bool woken_ = false;
  bool stopping_ = false;
  std::uint64_t delivered_ = 0;
  std::uint64_t failed_ = 0;
  std::thread thread_;
};

}  // namespace cpl
