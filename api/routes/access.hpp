// Who sent a request: a Party by its token or certificate, the operator, or whoever may read the
// figures. Any thread.
#pragma once

#include "api/accounts/party_book.hpp"
#include "api/http/http.hpp"

namespace cpl {

class AccessCheck {
 public:
  AccessCheck(std::shared_ptr<const PartyBook> parties, std::optional<Hash> operator_token_sha256,
              std::optional<Hash> metrics_token_sha256)
      : parties_(std::move(parties)),
        operator_token_sha256_(operator_token_sha256),
        metrics_token_sha256_(metrics_token_sha256) {}

  Result<PartyId> party(const HttpRequest& request) const;
  Result<void> operator_(const HttpRequest& request) const;
  Result<void> caretaker(const HttpRequest& request) const;  // The operator, or who reads metrics.

 private:
  const std::shared_ptr<const PartyBook> parties_;  // Null: nobody is known.
  const std::optional<Hash> operator_token_sha256_;
  const std::optional<Hash> metrics_token_sha256_;
};

}  // namespace cpl
