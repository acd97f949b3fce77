// The HTTP API as a function from a request to an answer: no socket, no framework. Reads go to the
// newest published view of the log and never wait for a write. What there is to ask for is said by
// the table of routes; here is what happens to a request, in which order.
#pragma once

#include "api/http/response_cache.hpp"
#include "api/routes/services.hpp"

namespace cpl {

class Api {
 public:
  // The references outlive the API.
  Api(Log& log, Sequencer& sequencer, Notifier& notifier, const Clock& clock, ApiOptions options);

  void handle(HttpRequest request, HttpReply reply);  // Any thread; `reply` runs exactly once.

  ~Api() { finish(); }
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  // Waits for what is in hand on threads of its own, and for its reply: an extract's publication,
  // long reads. What waits for those is dropped.
  void finish();

  // More lines for /metrics, from the server that owns the sockets.
  void set_extra_metrics(std::function<std::string()> extra);

 private:
  // A request and the row of the table that it is for.
  struct Routed {
    HttpRequest request;
    const Path& path;
    const Route& route;
    std::optional<Viewing> viewing = std::nullopt;  // Who looks at a page, where it is known.
  };

  HttpResponse options_of(const Path* path);
  HttpResponse refusal_at(const HttpRequest& request, const Route* route, const Error& error,
                          const Viewing* viewing = nullptr);
  HttpResponse refuse_path(const HttpRequest& request);
  HttpResponse refuse_method(const HttpRequest& request, const Path& path);
  std::string kept_name(const Routed& routed) const;
  Result<void> check_request(const Routed& routed) const;
  void reply_in_turn(Routed routed, const HttpReply& reply);
  void answer(const Routed& routed, const HttpReply& reply);
  HttpResponse response_to(const Routed& routed);
  HttpResponse called(const Routed& routed, Call& call);
  Result<HttpResponse> viewed(const Routed& routed, Call& call);
  // What was answered before, where it still holds.
  std::optional<HttpResponse> kept(const Routed& routed) const;
  HttpResponse finished(const Routed& routed, const Call& call, HttpResponse response);

  Log& log_;
  Services services_;
  ResponseCache cache_;
};

}  // namespace cpl
