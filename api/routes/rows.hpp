// What rows of the table are put together from.
#pragma once

#include "api/routes/services.hpp"

namespace cpl {

inline constexpr std::string_view html_type = "text/html";
inline constexpr std::string_view form_type = "application/x-www-form-urlencoded";

// A function that needs the call alone.
template <auto Function>
Result<HttpResponse> of_call(Services& /*services*/, const Call& call) {
  return Function(call);
}

// A function of one of the groups.
template <auto Group, auto Function>
Result<HttpResponse> by(Services& services, const Call& call) {
  return ((services.*Group).*Function)(call);
}
template <auto Group, auto Function>
Result<void> makes_by(Services& services, const Call& call, const Answer& answer) {
  return ((services.*Group).*Function)(call, answer);
}
template <auto Group, auto Function>
void later_by(Services& services, const HttpRequest& request, Finish finish) {
  ((services.*Group).*Function)(request, std::move(finish));
}

// Rows, by who may send the request; the rest is said by what follows them.
constexpr Route open_get(std::string_view pattern, Handler handler) {
  return {.method = HttpMethod::get,
          .pattern = pattern,
          .caller = Caller::everybody,
          .caching = Caching::revalidate,
          .rate = RateClass::queued,
          .handler = handler};
}
constexpr Route open_post(std::string_view pattern, Handler handler) {
  return {.method = HttpMethod::post,
          .pattern = pattern,
          .caller = Caller::everybody,
          .caching = Caching::no_store,
          .rate = RateClass::metered,
          .handler = handler};
}
constexpr Route for_some(Caller caller, HttpMethod method, std::string_view pattern,
                         Handler handler) {
  return {.method = method,
          .pattern = pattern,
          .caller = caller,
          .caching = Caching::for_asker,
          .rate = RateClass::queued,
          .handler = handler};
}

}  // namespace cpl
