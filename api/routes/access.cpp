#include "api/routes/access.hpp"

#include "api/http/bearer.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

bool is_of(const std::optional<Hash>& token, const std::optional<Hash>& known) {
  return token && known && equal_in_constant_time(token->view(), known->view());
}

}  // namespace

Result<PartyId> AccessCheck::party(const HttpRequest& request) const {
  const auto token = bearer_token_hash(request);
  if (token && parties_) {
    if (auto party = parties_->authenticate(*token)) return *std::move(party);
  }
  if (!request.client_certificate_subject.empty() && parties_) {
    auto party = parties_->authenticate_certificate(request.client_certificate_subject);
    if (party) return *std::move(party);
  }
  return credentials_missing("that the operator gave you, or a client certificate that it knows");
}

Result<void> AccessCheck::operator_(const HttpRequest& request) const {
  if (is_of(bearer_token_hash(request), operator_token_sha256_)) return {};
  return credentials_missing("of the operator");
}

Result<void> AccessCheck::caretaker(const HttpRequest& request) const {
  const auto token = bearer_token_hash(request);
  if (is_of(token, operator_token_sha256_) || is_of(token, metrics_token_sha256_)) return {};
  return credentials_missing("of the operator, or the one for metrics");
}

}  // namespace cpl
