// Whether a receiver wants our notices, before the first is sent: it consents to our origin
// (CloudEvents 1.0, HTTP webhook, abuse protection), then echoes a signed challenge, which only one
// that this service's requests reach can do. Pure. The errors' sentences are for the owner: until
// the receiver is verified they do not tell why a host was not reached, so that nobody maps a
// network through us.
#pragma once

#include "notifier/send/transport.hpp"
#include "registry/base/time.hpp"

namespace cpl {

inline constexpr std::chrono::minutes challenge_lifetime{15};

// 32 random octets in base64url.
std::string new_challenge();

// The requests a minute that the receiver allows, 0 for any number.
Result<std::uint64_t> consent_of(const Result<Delivered>& answer, std::string_view origin);
// That it gave the challenge back, in time.
Result<void> check_echo(const Result<Delivered>& answer, std::string_view challenge,
                        UnixMillis expires, UnixMillis now);

// A receiver is asked for its consent again before the 90 days that one holds for are over.
bool renewal_is_due(UnixMillis verified, UnixMillis now);
bool consent_is_over(UnixMillis verified, UnixMillis now);
inline constexpr std::uint64_t renewal_pause_millis = 86'400'000;   // After one that failed.
inline constexpr std::uint64_t verification_pause_millis = 10'000;  // Whoever asks for it.

// Between two requests to a receiver that allows so many a minute.
inline std::uint64_t pause_at_rate(std::uint64_t per_minute) {
  return (60'000 + per_minute - 1) / per_minute;
}

// The error of a mailbox that is sent no more codes today.
inline constexpr std::string_view mailbox_asked_often = "mailbox-asked-often";

// When to ask again after so many attempts that failed.
UnixMillis next_verification(std::uint64_t failed, UnixMillis now, double spread);

}  // namespace cpl
