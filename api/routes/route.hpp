// A row of the table of routes: which request it is for, who may send it, how long its answer
// holds, how dear it is, and what answers it. The router, Allow, the refusals 404, 405, 406 and
// 415, the text at / and the comparison with api/openapi.json all follow from these rows.
#pragma once

#include <span>
#include <string_view>
#include <variant>

#include "api/http/caching.hpp"
#include "api/http/http.hpp"
#include "api/pages/page_source.hpp"
#include "api/routes/idempotency.hpp"

namespace cpl {

struct Call;
struct Services;

enum class Caller : std::uint8_t {
  everybody,
  link,       // Who holds the link: it was mailed, and its token is in the path.
  party,      // By a bearer token or a client certificate.
  visitor,    // Anybody in a browser, who sends forms from our own pages: to sign in.
  viewer,     // A Party in a browser, by its session or a client certificate.
  caretaker,  // The operator, and whoever has the token for metrics.
  operator_,
};

enum class RateClass : std::uint8_t {
  quick,    // Found with a few looks into the store, on the thread of the connection.
  queued,   // May take long: in turn, on the threads for that.
  metered,  // On the thread of the connection; the handler takes from its sender's bucket.
};

// Ways to answer: at once; so that the same Idempotency-Key gives the same answer; or later, once,
// from any thread.
using Answers = Result<HttpResponse> (*)(Services& services, const Call& call);
using Makes = Result<void> (*)(Services& services, const Call& call, const Answer& answer);
using Finish = std::function<void(Result<HttpResponse>)>;
using AnswersLater = void (*)(Services& services, const HttpRequest& request, Finish finish);

using Handler = std::variant<Answers, Makes, AnswersLater>;

struct Route {
  HttpMethod method;         // GET stands for HEAD, too.
  std::string_view pattern;  // "/v1/feed/archive/{page}.atom"; "{path}" is one segment or more.
  Caller caller;
  Caching caching;  // Of what succeeds, where the handler says nothing else.
  RateClass rate;
  Handler handler;
  std::string_view query = {};                  // Names of parameters, with spaces between.
  std::string_view gives = "application/json";  // Media types, with spaces between.
  std::string_view takes = {};                  // The same, of the body. Empty: any.
  std::string_view about = {};                  // For the text at /.
  bool varies = false;                          // Accept decides which of the types it gives.
  PageFunction page = nullptr;                  // What people look at, where it is for them.

  // The same row, but for one member. It stands before its users: clang wants it so.
  template <class Value>
  constexpr Route with(Value Route::*member, Value value) const {
    Route changed = *this;
    changed.*member = value;
    return changed;
  }
  // The same row, but for that.
  constexpr Route held(Caching so) const { return with(&Route::caching, so); }
  constexpr Route at(RateClass so) const { return with(&Route::rate, so); }
  constexpr Route asking(std::string_view names) const { return with(&Route::query, names); }
  constexpr Route giving(std::string_view types) const { return with(&Route::gives, types); }
  constexpr Route taking(std::string_view types) const { return with(&Route::takes, types); }
  constexpr Route told(std::string_view words) const { return with(&Route::about, words); }
  constexpr Route varying(std::string_view types) const {
    return giving(types).with(&Route::varies, true);
  }
};

// The rows, in the order of the text at /.
std::span<const Route> routes();

}  // namespace cpl
