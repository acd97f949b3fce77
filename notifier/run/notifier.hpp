// The notifier: reads the log from each subscription's cursor and drives its deliveries, at least
// once and in order. It owns no queue; a wake-up that is lost delays, and loses nothing.
#pragma once

#include <deque>
#include <thread>
#include <tuple>
#include <unordered_map>

#include "crypto/mutex.hpp"
#include "notifier/event/event_reader.hpp"
#include "notifier/event/preview.hpp"
#include "notifier/run/advisories.hpp"
#include "notifier/run/escalation.hpp"
#include "notifier/run/fair_mutex.hpp"
#include "notifier/subscription/delivery_log.hpp"
#include "notifier/subscription/parcel.hpp"
#include "notifier/subscription/verification_rate_limit.hpp"
#include "notifier/subscription/webhook_signature.hpp"
#include "registry/base/clock.hpp"
#include "registry/base/fault_teller.hpp"
#include "registry/base/histogram.hpp"
#include "registry/store/extra_writes.hpp"

namespace cpl {

double random_spread();

// What the mailbox of a subscription, at this URL, can end its mail with (RFC 8058): without the
// master key nobody can make another's, and an old mailbox's ends nothing of a new one's.
std::string unsubscribe_token(BytesView master_key, const std::string& subscription,
                              std::string_view url);

struct NotifierOptions {
  EventOptions events;
  std::string request_origin;  // The host name that receivers are told: WebHook-Request-Origin.
  std::size_t subscriptions_max = 10'000;
  std::size_t subscriptions_per_owner_max = 100;
  std::size_t retired_per_owner_max = 100;  // Kept to be looked at; older ones are forgotten.
  std::chrono::minutes canary_interval{7 * 24 * 60};
  // From 0 to 1, uniform: what keeps retries apart. A simulator has its own.
  std::function<double()> spread = random_spread;
  EscalationOptions escalation{};
  // "https://cpl.example/v1/validate/", where a token follows; none: nobody consents later.
  std::string consent_address{};
  std::shared_ptr<const OpeningShelf> openings{};  // Null: there are no advisories.
  FaultTeller::Tell tell_fault{};
  // Owners are told why a receiver was not reached before it is verified, too.
  bool lab_mode = false;
};

struct NotifierStats {
  std::uint64_t subscriptions = 0;  // Without the retired ones.
  std::uint64_t pending = 0;
  std::uint64_t paused = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t delivered = 0;  // Since the start, as are the next three.
  std::uint64_t failed = 0;
  std::uint64_t quarantines = 0;
  std::uint64_t recoveries = 0;
  std::uint64_t faults = 0;      // Stored data that could not be read.
  std::uint64_t untold = 0;      // Late steps that somebody should hear of and cannot.
  std::uint64_t behind_max = 0;  // Entries between the head and the slowest cursor that is served.
  // Of what was delivered: from sending it to the receiver's answer, in whole milliseconds.
  HistogramCounts delivery_times{};
};

// What a subscriber wants to be told, and where.
struct SubscriptionRequest {
  std::string url;
  EventFilter filter;
  bool digest = false;  // Once a day, not at once.
  bool ticket = false;  // For a ticket system's mailbox.
};

// What must hold of a subscription for a change to be made, looked at under the lock that makes it.
using Guard = std::function<Result<void>(const Subscription& before)>;

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
  void wake();  // Any thread: the log grew, or an opening is kept.
  // A pass for each audience: takes in outcomes, starts what is due. The time of the next due
  // attempt, if any. The threads do one of them each, and a simulator calls this.
  std::optional<UnixMillis> run_once();

  // For the API; any thread. What is another owner's is not found, just as what never was; what was
  // retired takes no change any more. `from` is the first entry to tell of.
  Result<Subscription> subscribe(std::string owner, Audience audience, SubscriptionRequest wish,
                                 EntryIndex from,
                                 const ExtraWrites<Subscription>& extra_writes = {});
  std::vector<Subscription> of_owner(const std::string& owner) const;  // Without the retired ones.
  std::vector<Subscription> kept_of(const std::string& owner) const;   // With them.
  Result<Subscription> find(const std::string& owner, const std::string& id) const;
  // For whoever looks after the service: everybody's, without the retired ones, by their owners.
  std::vector<Subscription> all() const;
  Result<Subscription> find_any(const std::string& id) const;
  // `why` is what its owner's people read of it, where it was not its owner who did it.
  Result<void> retire(const std::string& owner, const std::string& id, const Guard& guard = {},
                      const std::string& why = {});
  // Asks the receiver now, and not only when the next attempt is due.
  Result<Subscription> verify(const std::string& owner, const std::string& id);
  Result<Subscription> pause(const std::string& owner, const std::string& id);
  // Goes on from where it was paused; a quarantined one is probed at once.
  Result<Subscription> resume(const std::string& owner, const std::string& id);
  // New keys; the old ones sign beside them for so long.
  Result<Subscription> rotate(const std::string& owner, const std::string& id,
                              std::chrono::seconds grace,
                              const ExtraWrites<Subscription>& extra_writes = {});
  // Sends a test event as soon as nothing is under way; its id. A test is in memory only.
  Result<std::string> test(const std::string& owner, const std::string& id,
                           const ExtraWrites<std::string>& extra_writes = {});
  // Moves the cursor back.
  Result<Subscription> replay(const std::string& owner, const std::string& id, EntryIndex from,
                              const ExtraWrites<Subscription>& extra_writes = {});
  // Members that are not given stay. A new URL is verified before anything is sent there.
  Result<Subscription> change(const std::string& owner, const std::string& id,
                              const std::optional<std::string>& url,
                              const std::optional<EventFilter>& filter, const Guard& guard = {});
  Result<Preview> preview(Audience audience, const EventFilter& filter, UnixMillis since,
                          std::size_t newest_max);
  Result<std::vector<DeliveryAttempt>> attempts(const std::string& owner, const std::string& id,
                                                std::optional<std::uint64_t> before,
                                                std::uint64_t limit) const;

  // Whether the event is for that subscription, wherever it stands.
  static bool is_told_of(const Subscription& subscription, const Event& event);

  // By `unsubscribe_token`. Pauses the subscription, and tells its owner's others. Errors:
  // `token-unknown`.
  Result<void> unsubscribe_mailbox(std::string_view token);

  // By `consent_token`. Whether there is anything to consent to, and the consent. Errors:
  // `token-unknown`.
  bool awaits_consent_by(std::string_view token) const;
  Result<void> consent(std::string_view token);

  WebhookKeys keys_of(const Subscription& subscription) const;
  NotifierStats stats() const;

 private:
  struct Row {
    Subscription subscription;
    bool in_flight = false;
    // Grows when the owner changes what is next, so that the outcome of what was under way then
    // moves nothing any more.
    std::uint64_t epoch = 0;
    bool consented = false;              // While pending: the challenge is next.
    UnixMillis not_before;               // What the receiver's rate allows.
    UnixMillis verification_not_before;  // Owners cannot have strangers asked without pause.
    UnixMillis renewal_not_before;       // Once a day is enough.
    std::optional<std::string> test;     // That the owner asked for.
    AdvisoryOutlook outlook;
    // By generation; deriving them costs more than signing.
    std::map<std::uint64_t, WebhookKeys> keys;
  };
  // By owner and id: to look for another's row takes what it takes to look for none.
  struct RowKey {
    Audience audience{};
    std::string owner;
    std::string id;
    auto operator<=>(const RowKey&) const = default;
  };
  using Rows = std::map<RowKey, Row>;
  struct Outcome {
    RowKey key;
    std::uint64_t epoch = 0;
    UnixMillis started;
    Parcel parcel;
    Result<Delivered> result;
  };
  // Who serves one audience: what it waits for of another is the work on one row at most.
  struct Lane {
    Lane(Audience whose, const EventOptions& events) : audience(whose), reader(events) {}

    const Audience audience;
    EventReader reader;                            // With mutex_ held, as the next three.
    std::string last_owner;                        // Whose turn was first,
    std::map<std::string, std::string> last_rows;  // and by owner the row whose turn was last.
    std::optional<UnixMillis> seen;                // By the clock, in the last pass.
    Condition wake;
    std::deque<Outcome> outcomes;  // With signals_mutex_ held, as the next.
    bool woken = false;
    std::thread thread;
  };
  // What one owner may have of a pass before it is the next one's turn.
  struct Share {
    std::size_t starts = 32;
    std::size_t entries = 2048;
  };
  struct Pass {
    Lane& lane;
    const LogView& view;
    UnixMillis now;
    bool clock_went_back = false;
    std::optional<UnixMillis> next{};  // When there is more to do.
  };

  Notifier(Store& store, View view, Transport& transport, const Clock& clock, Bytes master_key,
           NotifierOptions options);
  void run(Lane& lane);
  std::optional<UnixMillis> run_once(Lane& lane);
  std::vector<std::string> owners_in_turn(Lane& lane) const REQUIRES(mutex_);
  void serve_owner(Pass& pass, const std::string& owner) REQUIRES(mutex_);
  void serve(Pass& pass, Share& share, const RowKey& key, Row& row) REQUIRES(mutex_);
  void forget_future(const Pass& pass, Row& row) const REQUIRES(mutex_);
  Lane& lane_of(Audience audience) { return lanes_[static_cast<std::size_t>(audience)]; }
  static bool needs_renewal(const Row& row, UnixMillis now);
  static std::optional<UnixMillis> due_at(const Row& row, const LogView& view);

  Rows::iterator yield_lock(Rows::iterator row) REQUIRES(mutex_);

  void take_in_outcomes(Lane& lane) REQUIRES(mutex_);
  void take_in(const Outcome& outcome, WriteBatch& batch) REQUIRES(mutex_);
  void tell_operator(const Outcome& outcome);
  void judge(Row& row, const Outcome& outcome) REQUIRES(mutex_);
  Error reason_told(const Outcome& outcome, const Error& usual) const;
  void judge_verification(Row& row, const Outcome& outcome) REQUIRES(mutex_);
  void verification_failed(Row& row, const Error& error) REQUIRES(mutex_);
  void judge_renewal(Row& row, const Outcome& outcome) REQUIRES(mutex_);
  static bool add_news(Subscription& subscription, News news, WriteBatch& batch);
  void look_for_advisory(Lane& lane, Row& row, const LogView& view, UnixMillis now)
      REQUIRES(mutex_);
  void note_advised(Row& row, const SentAdvisory& sent, WriteBatch& batch) REQUIRES(mutex_);
  std::optional<Parcel> pack_beside(const Row& row) const REQUIRES(mutex_);
  void escalate(const LogView& view, UnixMillis now) REQUIRES(mutex_);
  bool tell_party(const LateStep& step, WriteBatch& batch) REQUIRES(mutex_);
  void notify_siblings(const Rows::value_type& row, NewsKind kind, WriteBatch& batch)
      REQUIRES(mutex_);
  static DeliveryAttempt attempt_of(const Row& row, const Outcome& outcome, bool was_verified);

  void start_due(const Pass& pass, Share& share, Row& row) REQUIRES(mutex_);
  void ask_receiver(Row& row, UnixMillis now) REQUIRES(mutex_);
  Result<std::optional<Parcel>> next_parcel(const Pass& pass, std::size_t& entries_left, Row& row)
      REQUIRES(mutex_);
  Result<std::optional<Parcel>> next_beside(const Pass& pass, const Row& row) const
      REQUIRES(mutex_);
  Result<std::shared_ptr<const Event>> next_event(const Pass& pass, std::size_t& entries_left,
                                                  Subscription& subscription) REQUIRES(mutex_);
  // The next certificate's end that comes before that event, or before now where there is none.
  Result<std::optional<CoverEnding>> next_ending(const Pass& pass, Subscription& subscription,
                                                 const Event* before) REQUIRES(mutex_);
  Result<Bytes> format(const Pass& pass, const Subscription& subscription,
                       const CoverEnding& ending) const;
  Result<std::optional<Parcel>> next_digest(const Pass& pass, std::size_t& entries_left,
                                            Subscription& subscription) REQUIRES(mutex_);
  void prepare(Row& row, Parcel parcel, UnixMillis now) REQUIRES(mutex_);
  // Empty where the parcel asks for none.
  std::string consent_address(const Subscription& subscription, const Parcel& parcel) const;
  std::string sign(Row& row, const std::string& id, const std::string& timestamp, BytesView body);
  const WebhookKeys& keys_of(Row& row, std::uint64_t generation) const;

  // Whose consent is asked for with that token.
  std::optional<RowKey> asked_with(std::string_view token) const;

  std::optional<RowKey> key_of(const std::string& id) const REQUIRES(mutex_);
  Rows::iterator find_row(const std::string& owner, const std::string& id) REQUIRES(mutex_);
  Rows::const_iterator find_row(const std::string& owner, const std::string& id) const
      REQUIRES(mutex_);
  // Each of the owner's rows, for whatever audience.
  template <class AnyRows, class Use>
  static void for_rows_of(AnyRows& rows, const std::string& owner, const Use& use) {
    for (const Audience audience : {Audience::parties, Audience::service_desk}) {
      for (auto at = rows.lower_bound(RowKey{audience, owner, ""});
           at != rows.end() && at->first.audience == audience && at->first.owner == owner; ++at) {
        use(*at);
      }
    }
  }
  // Changes a copy, which takes the row's place once it is on disk.
  Result<Subscription> alter(const std::string& owner, const std::string& id,
                             const std::function<Result<void>(Row&)>& change,
                             const ExtraWrites<Subscription>& extra_writes = {});
  std::vector<std::string> ticket_owners() const REQUIRES(mutex_);
  std::size_t count_living(const std::string& owner) const REQUIRES(mutex_);
  Result<void> check_room(Audience audience, const std::string& owner) const REQUIRES(mutex_);
  bool is_asked(const Subscription& subscription, std::string_view token) const;
  std::optional<RowKey> surplus_retired(const std::string& owner) const REQUIRES(mutex_);
  EventIndex& index_of(Audience audience);

  Store& store_;  // Constant after construction, as the next five.
  const View view_;
  Transport& transport_;
  const Clock& clock_;
  const Bytes master_key_;
  const NotifierOptions options_;

  FaultTeller faults_;  // Any thread may use these three.
  EventIndex parties_index_{Audience::parties};
  EventIndex desk_index_{Audience::service_desk};
  CoverEndings endings_;

  mutable FairMutex mutex_;
  Rows rows_ GUARDED_BY(mutex_);
  // Of the rows, by subscription.
  std::unordered_map<std::string, RowKey> keys_ GUARDED_BY(mutex_);
  // Those of Parties that are not retired: counting them for one owner would take the longer the
  // more others have.
  std::size_t living_ GUARDED_BY(mutex_) = 0;
  Escalation escalation_ GUARDED_BY(mutex_);
  Advisories advisories_ GUARDED_BY(mutex_);
  VerificationRateLimit verification_rate_ GUARDED_BY(mutex_);
  // When a receiver that allows so many requests a minute takes the next of an owner's, by its URL:
  // what a stranger asks of it is not taken from who was there before.
  std::map<std::tuple<Audience, std::string, std::string>, UnixMillis> allowed_from_
      GUARDED_BY(mutex_);
  std::uint64_t delivered_ GUARDED_BY(mutex_) = 0;
  std::uint64_t failed_ GUARDED_BY(mutex_) = 0;
  Histogram delivery_times_;
  std::uint64_t quarantines_ GUARDED_BY(mutex_) = 0;
  std::uint64_t recoveries_ GUARDED_BY(mutex_) = 0;
  std::uint64_t untold_ GUARDED_BY(mutex_) = 0;

  // Taken last, and for a moment only: the transport's threads, which bring outcomes, do not wait
  // for a pass.
  Mutex signals_mutex_;
  Condition idle_;
  std::size_t in_flight_ GUARDED_BY(signals_mutex_) = 0;
  bool stopping_ GUARDED_BY(signals_mutex_) = false;
  std::array<Lane, audience_words.size()> lanes_;
};

}  // namespace cpl
