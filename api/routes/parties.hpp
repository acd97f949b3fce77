// Accounts of Parties, which only the operator makes, and whose tokens are shown once; and whether
// each of them got the event of an entry.
#pragma once

#include "api/accounts/party_book.hpp"
#include "api/routes/call.hpp"
#include "api/routes/desk_metrics.hpp"
#include "notifier/run/notifier.hpp"

namespace cpl {

struct PartyRoutes {
  const std::shared_ptr<PartyBook> book;  // Null: none are kept here.
  Notifier& notifier;
  const Clock& clock;
  const DeskOptions& desk;

  Result<HttpResponse> list(const Call& call) const;
  Result<HttpResponse> get(const Call& call) const;
  Result<void> add(const Call& call, const Answer& answer) const;
  Result<void> add_token(const Call& call, const Answer& answer) const;
  Result<HttpResponse> revoke_token(const Call& call) const;
  Result<HttpResponse> describe(const Call& call) const;
  Result<HttpResponse> remove(const Call& call) const;
  Result<HttpResponse> deliveries(const Call& call) const;

 private:
  Result<PartyBook*> book_here() const;
};

}  // namespace cpl
