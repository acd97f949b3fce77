// How a Party signs in to the pages and out of them. Nobody has a password: its token begins a
// session, or its client certificate speaks for it.
#pragma once

#include "api/routes/call.hpp"

namespace cpl {

// Five tries a minute for an address, as a bucket of seconds.
inline constexpr std::uint64_t sign_in_seconds = 12;
inline constexpr std::uint64_t sign_in_burst_seconds = 5 * sign_in_seconds;

Result<HttpResponse> sign_in(Services& services, const Call& call);
Result<HttpResponse> sign_out(Services& services, const Call& call);

// Whoever asks for a page of a Party's own is asked to sign in, and comes back to it.
HttpResponse sign_in_first(const HttpRequest& request);
Error session_ended();

}  // namespace cpl
