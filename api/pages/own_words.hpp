// What a Party's own pages say of its subscriptions and their deliveries.
#pragma once

#include "api/pages/state_words.hpp"

namespace cpl {

StateWords subscription_state(std::string_view state);
StateWords attempt_outcome(Said attempt);
StateWords report_state(Said report);

bool is_mailbox(std::string_view url);
// "Webhook", "Mailbox, one message a day"
std::string_view receiver_kind(Said subscription);
// "https://party.example/hooks", "team@party.example"
std::string_view receiver_address(std::string_view url);
// The entry of a sequence: 42 of "00000000000000000042".
std::optional<std::uint64_t> entry_of(Said sequence);
// What was sent: "entry 1507", "your test"
std::string sent_words(Said attempt);
// A failure as a sentence of its own.
std::string failure_words(std::string_view failure);
// What the Party can do about a failed attempt.
std::string attempt_advice(Said attempt);

}  // namespace cpl
