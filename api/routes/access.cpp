#include "api/routes/access.hpp"

#include "api/http/bearer.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

bool is_of(const std::optional<Hash>& token, const std::optional<Hash>& known) {
  return token && known && equal_in_constant_time(token->view(), known->view());
}

Error operator_not_configured() {
  return Error{Errc::unauthorized, "operator-not-configured",
               "this service has no operator's token: make one with cpl key token, put its hash "
               "into the service's configuration under [operator], and start the service again"};
}

}  // namespace

Result<PartyId> AccessCheck::party(const HttpRequest& request) const {
  const auto token = bearer_token_hash(request);
  const std::string& subject = request.client_certificate_subject;
  if (token && parties_) {
    if (auto party = parties_->authenticate(*token)) return *std::move(party);
  }
  if (!subject.empty() && parties_) {
    if (auto party = parties_->authenticate_certificate(subject)) return *std::move(party);
  }
  if (token) {
    return credentials_unknown(
        "this token is of no Party here, or was revoked: ask the registry's operator for another");
  }
  if (!subject.empty()) {
    return credentials_unknown("the certificate of " + subject +
                               " speaks for no Party here: ask the registry's operator");
  }
  return credentials_missing("the token that the registry's operator gave you");
}

Result<void> AccessCheck::operator_(const HttpRequest& request) const {
  const auto token = bearer_token_hash(request);
  if (is_of(token, operator_token_sha256_)) return {};
  if (!operator_token_sha256_) return operator_not_configured();
  if (token) return credentials_unknown("this is not the operator's token");
  return credentials_missing("the operator's token");
}

Result<void> AccessCheck::caretaker(const HttpRequest& request) const {
  const auto token = bearer_token_hash(request);
  if (is_of(token, operator_token_sha256_) || is_of(token, metrics_token_sha256_)) return {};
  if (!operator_token_sha256_) return operator_not_configured();
  if (token) return credentials_unknown("this is neither the operator's token nor the metrics one");
  return credentials_missing("the operator's token, or the one for metrics");
}

}  // namespace cpl
