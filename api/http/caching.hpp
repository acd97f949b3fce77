// How long a client or a proxy may hold an answer.
#pragma once

#include "api/http/http.hpp"

namespace cpl {

enum class Caching : std::uint8_t {
  no_store,    // It tells of this moment.
  for_asker,   // Who asks decides the answer: it is nobody else's, and is never kept.
  revalidate,  // Held as long as its tag is the present one.
  minute,
  for_ever,
};

// In place of what Cache-Control said before; for what may be held, with a tag.
void set_caching(HttpResponse& response, Caching caching);

}  // namespace cpl
