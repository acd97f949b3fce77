// Who looks at pages in a browser, where it is known: a Party by a session that its token began, or
// by its client certificate.
#pragma once

#include "api/accounts/party.hpp"
#include "api/http/http.hpp"

namespace cpl {

struct Services;

inline constexpr std::string_view session_cookie = "__Host-cpl";

struct Viewing {
  PartyId party;
  std::string session;  // Its id; empty: the certificate speaks.

  // For whom forms are sealed. No session's id is a Party's name.
  std::string whom() const { return session.empty() ? "party:" + party.name : session; }
};

std::optional<Viewing> viewing_of(Services& services, const HttpRequest& request);

}  // namespace cpl
