// Events that tell of no change of the log, as CloudEvents: tests, news of a subscription and of a
// step that is late, and advisories. They have no sequence and no proof, and types of their own, so
// that none is taken for a change of the list.
#pragma once

#include "notifier/subscription/delivery.hpp"

namespace cpl {

struct TestEvent {
  std::string id;  // "tst_" and 26 characters.
  std::string subscription;
  UnixMillis time;
  UnixMillis expires;
  std::string challenge;  // Empty: there is nothing to answer.
};

// That a restricted text of an entry may be read now.
struct Advisory {
  EntryIndex entry;
  FieldMark mark;  // Of the text's place in the entry, which the event does not name.
  std::string classification;
  UnixMillis since;  // When it became readable.
};

// A new id for a test event; the same one for the canary of one interval, however often it is sent.
std::string new_test_id();
std::string canary_id(const Subscription& subscription, UnixMillis interval);

Bytes format_test_event(const TestEvent& test, const EventOptions& options);

std::string news_id(const News& news);
Bytes format_news(const News& news, const EventOptions& options);

FieldMark mark_of(std::string_view field);
std::string advisory_id(const Advisory& advisory);
// One type, one sentence and one size for every class: spaces behind the event, which JSON allows,
// make it `advisory_size` octets. Nothing of the text is in it.
inline constexpr std::size_t advisory_size = 2048;
Bytes format_advisory(const Advisory& advisory, const EventOptions& options);
// Whether an advisory fits, with these addresses.
Result<void> check_advisories_fit(const EventOptions& options);

// When the day began whose digest is due: each subscription has a minute of its own.
UnixMillis digest_day(const Subscription& subscription, UnixMillis now);
// When the next digest is due, after the one that was told.
UnixMillis next_digest_day(const Subscription& subscription);

// When the interval began whose canary is due: each subscription has a minute of its own, so that
// they do not all go out at once.
UnixMillis canary_time(const Subscription& subscription, UnixMillis now,
                       std::chrono::minutes interval);

}  // namespace cpl
