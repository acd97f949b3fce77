// What is kept in the journal of what is asked here, and the journal for the operator to read.
#pragma once

#include "api/accounts/journal.hpp"
#include "api/http/rate_limiter.hpp"
#include "api/routes/call.hpp"

namespace cpl {

class JournalRoutes {
 public:
  JournalRoutes(std::shared_ptr<Journal> journal, const Clock& clock)
      : journal_(std::move(journal)), clock_(clock) {}

  // Does what the operator asks for, and writes it down.
  Result<HttpResponse> recorded(const HttpRequest& request,
                                const std::function<HttpResponse()>& act);
  // The same of what a holder of a role does in the tray; `act` says what came of it.
  Result<HttpResponse> recorded_of(const PartyId& who, const HttpRequest& request,
                                   const std::function<Result<HttpResponse>(Bytes& about)>& act);
  // Before the texts are shown.
  Result<void> record_opening_read(const HttpRequest& request, const PartyId& reader);

  Result<HttpResponse> list(const Call& call) const;

 private:
  const std::shared_ptr<Journal> journal_;  // Null: none is kept.
  const Clock& clock_;
  // Each act in the tray is written down, twice.
  RateLimiter act_rate_{{.per_second = 5, .burst = 300, .addresses_max = 10'000}};
  // Each reading of openings is written down.
  RateLimiter opening_rate_{{.per_second = 10, .burst = 1'000, .addresses_max = 10'000}};
};

}  // namespace cpl
