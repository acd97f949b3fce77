// A Party's sessions in the pages: who is signed in with its tokens, for it to see and to end.
#pragma once

#include "api/accounts/session_book.hpp"
#include "api/routes/call.hpp"

namespace cpl {

struct SessionRoutes {
  SessionBook& sessions;

  Result<HttpResponse> list(const Call& call) const;
  Result<HttpResponse> end(const Call& call) const;
};

}  // namespace cpl
