#include "api/routes/viewing.hpp"

#include "api/http/cookie.hpp"
#include "api/routes/services.hpp"

namespace cpl {

std::optional<Viewing> viewing_of(Services& services, const HttpRequest& request) {
  if (const auto secret = cookie_of(request, session_cookie)) {
    if (auto session = services.sessions.use(*secret)) {
      return Viewing{std::move(session->party), std::move(session->id)};
    }
  }
  const auto& parties = services.options.parties;
  const std::string& subject = request.client_certificate_subject;
  if (subject.empty() || !parties) return std::nullopt;
  auto party = parties->authenticate_certificate(subject);
  if (!party) return std::nullopt;
  return Viewing{*std::move(party), {}};
}

}  // namespace cpl
