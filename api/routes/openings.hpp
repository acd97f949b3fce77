// Openings of sealed texts: kept, listed and destroyed by the operator, read by who may.
#pragma once

#include "api/routes/call.hpp"
#include "api/routes/journal.hpp"
#include "notifier/run/notifier.hpp"
#include "registry/shelf/opening_shelf.hpp"

namespace cpl {

struct OpeningRoutes {
  const std::shared_ptr<OpeningShelf> shelf;  // Null: none are kept here.
  Notifier& notifier;
  const Clock& clock;
  JournalRoutes& journal;

  Result<HttpResponse> list(const Call& call) const;
  Result<HttpResponse> keep(const Call& call) const;
  Result<HttpResponse> destroy(const Call& call) const;
  // What a Party may read now: where, and since when. Its words are another request.
  Result<HttpResponse> list_own(const Call& call) const;
  Result<HttpResponse> read(const Call& call) const;

 private:
  Result<OpeningShelf*> shelf_here() const;
};

}  // namespace cpl
