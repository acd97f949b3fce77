#include "api/http/caching.hpp"

#include <array>

#include "api/http/conditional.hpp"

namespace cpl {
namespace {

// By the position in Caching.
constexpr std::array<std::string_view, 5> cache_words = {"no-store", "private, no-store",
                                                         "no-cache", "public, max-age=60",
                                                         "public, max-age=31536000, immutable"};

}  // namespace

void set_caching(HttpResponse& response, Caching caching) {
  set_header(response, "Cache-Control",
             std::string(cache_words[static_cast<std::size_t>(caching)]));
  if (caching != Caching::no_store && caching != Caching::for_asker) add_entity_tag(response);
}

}  // namespace cpl
