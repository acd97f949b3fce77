// What became of each attempt, for the subscription's owner alone: the newest two hundred, kept in
// the same batch as the subscription itself.
#pragma once

#include "notifier/subscription/delivery.hpp"
#include "registry/store/store.hpp"

namespace cpl {

inline constexpr std::uint64_t delivery_log_rows = 200;

struct DeliveryAttempt {
  std::uint64_t number = 0;  // Counts up from 0, for each subscription.
  UnixMillis at;             // When it began.
  std::string what;          // One of sent_words.
  std::string message;       // The webhook-id; empty for the request for consent, which has none.
  std::optional<EntryIndex> sequence;
  std::uint64_t request_octets = 0;
  bool succeeded = false;
  unsigned status = 0;  // 0: there was no answer.
  std::string failure;  // A sentence.
  std::string answer;   // The beginning of the answer's body, escaped.
  std::optional<std::uint64_t> took_millis;
  std::optional<UnixMillis> next_attempt_at;
};

// Of another's octets, so much as fits a line, in printable ASCII.
std::string escaped_head(BytesView octets);

// Puts the attempt under the subscription's next number, and takes away what is too old.
void log_attempt(Subscription& subscription, DeliveryAttempt attempt, WriteBatch& batch);
// Takes away all of it.
void forget_attempts(const Subscription& subscription, WriteBatch& batch);

// The newest first; those with a number below `before`, if given.
Result<std::vector<DeliveryAttempt>> read_attempts(const StoreView& store,
                                                   const Subscription& subscription,
                                                   std::optional<std::uint64_t> before,
                                                   std::uint64_t limit);

}  // namespace cpl
