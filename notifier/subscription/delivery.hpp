// The pure half of delivering: what an answer means for a subscription, and when to try again.
#pragma once

#include <variant>

#include "notifier/send/transport.hpp"
#include "notifier/subscription/subscription.hpp"

namespace cpl {

// What was sent besides the events of entries: the checkpoint event and the canary of an interval,
// news of a sister subscription or of a late step, an advisory, a test that the owner asked for,
// and the two steps of verifying a receiver.
struct SentCheckpoint {
  UnixMillis interval;
};
struct SentCanary {
  UnixMillis interval;
};
// All events of a day, up to `last`, if one is of an entry, and to that certificate's end.
struct SentDigest {
  std::optional<EntryIndex> last;
  UnixMillis day;
  EndingPlace endings;
};
struct SentEnding {
  EndingPlace place;
};
struct SentNews {};
struct SentTest {};
struct SentConsent {};
struct SentChallenge {
  std::string challenge;
  UnixMillis expires;
};
struct SentRenewal {};    // Consent asked for again.
using FieldMark = Bytes;  // The first 8 octets of the hash of a sealed text's place in its entry.
struct SentAdvisory {
  EntryIndex entry;
  FieldMark mark;
};
using Sent = std::variant<EntryIndex, SentCheckpoint, SentCanary, SentNews, SentTest, SentConsent,
                          SentChallenge, SentDigest, SentRenewal, SentAdvisory, SentEnding>;
// By the position in the variant, for the delivery log.
inline constexpr std::array<std::string_view, 11> sent_words = {
    "entry",     "checkpoint", "canary",  "news",     "test",  "consent",
    "challenge", "digest",     "renewal", "advisory", "ending"};

bool is_success(const Result<Delivered>& outcome);
// Why it is none.
std::string failure_sentence(const Result<Delivered>& outcome);

// Moves the subscription past what it was sent, or schedules the next attempt; the first success
// ends a quarantine. `spread` is a uniform random number from 0 to 1, so that many endpoints do not
// come back at once. Not for tests and verification, which are no deliveries.
void note_outcome(Subscription& subscription, const Sent& sent, const Result<Delivered>& outcome,
                  UnixMillis now, double spread);

// When the next attempt is due at the latest, as made up now.
UnixMillis latest_attempt(const Subscription& subscription, UnixMillis now);
// How long the registry waits where it could not read what comes next.
inline constexpr std::uint64_t pack_again_millis = 60'000;

// A time from 80 to 120 per cent of the delay from now.
UnixMillis spread_delay(UnixMillis now, std::uint64_t seconds, double spread);

}  // namespace cpl
