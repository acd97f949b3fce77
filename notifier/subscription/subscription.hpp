// A subscription: a filter and a cursor over the log. Nothing is queued anywhere else, so replay,
// resume after an outage and "dead letter" are all "move the cursor".
#pragma once

#include "notifier/event/cover_endings.hpp"
#include "notifier/event/event_filter.hpp"
#include "registry/base/words.hpp"
#include "registry/query/desk_clock.hpp"

namespace cpl {

// pending -> active <-> paused; active <-> quarantined; any -> retired. Only `active` and
// `quarantined` are sent events: the one as they come, the other once an hour until one is taken.
enum class SubscriptionState : std::uint8_t { pending, active, paused, quarantined, retired };
inline constexpr std::array<std::string_view, 5> subscription_state_words = {
    "pending", "active", "paused", "quarantined", "retired"};
template <>
struct Words<SubscriptionState> {
  static constexpr const auto& list = subscription_state_words;
};

inline constexpr std::size_t old_keys_max = 5;
inline constexpr std::chrono::hours grace_max{7 * 24};  // That they sign beside newer ones.
inline constexpr std::string_view mail_scheme = "mailto:";
// How a mailbox is written to: as a person's, or as a ticket system's.
inline constexpr std::array<std::string_view, 2> mailbox_styles = {"person", "ticket"};

// Keys that a rotation replaced, and how long they still sign beside the new ones.
struct OldKeys {
  std::uint64_t generation = 0;
  UnixMillis until;
};

// What became of another subscription of the same owner, that it should know of.
enum class NewsKind : std::uint8_t { quarantined, recovered, unsubscribed, lapsed };
inline constexpr std::array<std::string_view, 4> news_kind_words = {"quarantined", "recovered",
                                                                    "unsubscribed", "lapsed"};
template <>
struct Words<NewsKind> {
  static constexpr const auto& list = news_kind_words;
};
struct StateNews {
  std::string subscription;
  NewsKind kind{};
  UnixMillis at;
};
// A step of a removal that is late.
struct ClockNews {
  EntryIndex notice;
  DeskStep step{};
  std::uint64_t models = 0;  // That the notice names.
  UnixMillis due;
  UnixMillis at;
};
using News = std::variant<StateNews, ClockNews>;

struct Subscription {
  std::string id;
  std::string owner;  // A Party's name, or the Service Desk's.
  Audience audience{};
  std::string url;
  EventFilter filter;
  UnixMillis created;
  std::uint64_t key_generation = 0;
  std::vector<OldKeys> old_keys;
  bool digest = false;  // One message a day with all its events, at a minute of its own.
  bool ticket = false;  // A ticket system's mailbox: of each notice one thread, and nothing else.

  SubscriptionState state{};
  UnixMillis state_since;
  std::optional<UnixMillis> verified;        // When the receiver at this URL consented.
  std::optional<UnixMillis> consented_late;  // When a person consented for it, before that.
  std::uint64_t rate_max = 0;                // Requests a minute that it allows; 0: any number.

  EntryIndex cursor;                    // The next entry to look at.
  EntryIndex told_from;                 // Of entries before it, this filter was told nothing.
  std::optional<EntryIndex> delivered;  // The last event that was delivered.
  std::uint64_t attempt = 0;            // Failed attempts at what comes next.
  UnixMillis next_attempt_at;
  EndingPlace endings_told;    // The last certificate's end that it was told of, or that is past.
  UnixMillis checkpoint_told;  // The interval whose checkpoint event was delivered last,
  UnixMillis canary_told;      // the one whose canary was,
  UnixMillis digest_told;      // and the day whose digest was.
  std::vector<News> news;      // To be told, the oldest first.
  std::uint64_t deliveries = 0;
  std::uint64_t attempts_logged = 0;  // Rows that its delivery log ever had.
  std::string last_failure;           // A sentence; empty after a success.
};

void set_state(Subscription& subscription, SubscriptionState state, UnixMillis now);

Bytes encode(const Subscription& subscription);
Result<Subscription> decode_subscription(BytesView value);

}  // namespace cpl
