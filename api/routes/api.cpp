#include "api/routes/api.hpp"

#include "api/http/client_address.hpp"
#include "api/http/conditional.hpp"
#include "api/http/cross_origin.hpp"
#include "api/http/form.hpp"
#include "api/http/gzip.hpp"
#include "api/routes/not_ready.hpp"
#include "api/routes/pages.hpp"
#include "api/routes/row_answer.hpp"
#include "api/routes/sign_in.hpp"
#include "registry/base/clock.hpp"

namespace cpl {
namespace {

bool is_read(HttpMethod method) { return method == HttpMethod::get || method == HttpMethod::head; }

bool is_public_read(const Route& route) {
  return route.caller == Caller::everybody && route.method == HttpMethod::get;
}

// Whether scripts of other sites may see that answer: what everybody may read, and that there is
// nothing to read.
bool is_open_to_scripts(HttpMethod method, const Path* path) {
  if (path == nullptr) return is_read(method);
  const Route* const route = path->row(method == HttpMethod::options ? HttpMethod::get : method);
  return route != nullptr && is_public_read(*route) && route->page == nullptr;
}

// Some answers of such a route may be kept.
bool may_be_kept(const Route& route) {
  return is_public_read(route) && route.caching != Caching::no_store;
}

// Hash tiles do not shrink, and are found at once; bundles are text, and so are pages.
bool is_bundle(const HttpRequest& request) { return request.target.starts_with("/tile/entries/"); }
bool may_be_packed(const Route& route, const HttpRequest& request) {
  return route.page != nullptr || is_bundle(request) || request.target.starts_with("/assets/");
}
bool wants_packed(const Route& route, const HttpRequest& request) {
  return may_be_packed(route, request) && accepts_gzip(request.headers.list("accept-encoding"));
}

void pack(HttpResponse& response) {
  response.body = std::make_shared<const Bytes>(gzip(*response.body));
  response.headers.emplace_back("Content-Encoding", "gzip");
}

bool gives_evidence(const Route& route) { return route.pattern.ends_with("/evidence"); }

// Where a page tells who looks at it, the browser must be one that a page of ours has sent.
bool is_for_own_pages(const Route& route) {
  return route.caller == Caller::visitor || route.caller == Caller::viewer;
}

Error too_much_asked() {
  return Error{Errc::unavailable, "too-much-asked",
               "more is asked for at present than the registry can look up: try again in a second"};
}

const Viewing* viewing_or_null(const std::optional<Viewing>& viewing) {
  return viewing ? &*viewing : nullptr;
}

}  // namespace

Api::Api(Log& log, Sequencer& sequencer, Notifier& notifier, const Clock& clock, ApiOptions options)
    : log_(log),
      services_(log, sequencer, notifier, clock, std::move(options)),
      cache_(services_.options.cache_octets_max) {
  services_.tray.submit_complete();
}

void Api::set_extra_metrics(std::function<std::string()> extra) {
  services_.operation.extra_metrics = std::move(extra);
}

void Api::finish() {
  if (services_.reads) services_.reads->stop();
  services_.extracts.wait();
}

void Api::handle(HttpRequest request, HttpReply reply) {
  const Path* const path = find_path(request.segments);
  if (is_open_to_scripts(request.method, path)) reply = open_to_scripts(std::move(reply));
  if (request.method == HttpMethod::options) return reply(options_of(path));
  const Route* const route = path == nullptr ? nullptr : path->row(request.method);
  const bool is_only_page = route != nullptr && route->page != nullptr && !route->varies;
  const bool is_off = is_only_page && !services_.options.pages.enabled;
  if (path == nullptr || is_off) return reply(refuse_path(request));
  if (route == nullptr) return reply(refuse_method(request, *path));
  Routed routed{std::move(request), *path, *route};
  if (route->page != nullptr) routed.viewing = viewing_of(services_, routed.request);
  if (const auto checked = check_request(routed); !checked) {
    HttpResponse refusal =
        refusal_at(routed.request, route, checked.error(), viewing_or_null(routed.viewing));
    if (route->caller != Caller::everybody) set_caching(refusal, Caching::for_asker);
    return reply(std::move(refusal));
  }
  reply_in_turn(std::move(routed), reply);
}

// What takes long waits for its turn, and the thread of the connection for nothing.
void Api::reply_in_turn(Routed routed, const HttpReply& reply) {
  const RateClass rate = routed.route.rate;
  const bool is_quick = rate == RateClass::quick && !is_bundle(routed.request);
  if (services_.reads == nullptr || is_quick || rate == RateClass::metered) {
    return answer(routed, reply);
  }
  if (auto response = kept(routed)) return reply(*std::move(response));
  const auto waiting = std::make_shared<const Routed>(std::move(routed));
  const bool taken = services_.reads->run(address_group(waiting->request.peer),
                                          [this, waiting, reply] { answer(*waiting, reply); });
  if (!taken) reply(services_.problems.response(too_much_asked()));
}

// A page for who asks for one, where there are pages; for programs a problem.
HttpResponse Api::refusal_at(const HttpRequest& request, const Route* route, const Error& error,
                             const Viewing* viewing) {
  const bool is_for_people = route != nullptr && route->page != nullptr && asks_for_page(request);
  return is_for_people ? show_error(services_, error, viewing) : services_.problems.response(error);
}

HttpResponse Api::options_of(const Path* path) {
  if (path == nullptr) return services_.problems.response(no_such_path());
  const bool open = is_open_to_scripts(HttpMethod::get, path);
  return options_response(path->allowed, open ? Scripts::of_all_pages : Scripts::of_our_own_pages);
}

// There is nothing there. Outside of what is for programs, who may be a person is told as one.
HttpResponse Api::refuse_path(const HttpRequest& request) {
  const bool is_for_programs = !request.segments.empty() && request.segments.front() == "v1";
  if (services_.options.pages.enabled && !is_for_programs && asks_for_page(request)) {
    const auto viewing = viewing_of(services_, request);
    return show_error(services_, no_such_page(), viewing_or_null(viewing));
  }
  return services_.problems.response(no_such_path());
}

HttpResponse Api::refuse_method(const HttpRequest& request, const Path& path) {
  const Route* const route = path.row(HttpMethod::get);
  HttpResponse response = refusal_at(request, route, method_not_allowed(path));
  set_header(response, "Allow", path.allowed);
  return response;
}

// What can be seen before anybody looks who asks.
Result<void> Api::check_request(const Routed& routed) const {
  const auto& [request, path, route, viewing] = routed;
  if (!is_read(request.method)) {
    const std::string& own = services_.options.public_url;
    TRY_VOID(is_for_own_pages(route) ? require_own_page(request, own)
                                     : refuse_other_sites(request, own));
  }
  TRY_VOID(check_query(route, request));
  return check_media_types(route, request);
}

// On the caller's thread, to its end.
void Api::answer(const Routed& routed, const HttpReply& reply) {
  const auto* const later = std::get_if<AnswersLater>(&routed.route.handler);
  if (later == nullptr) return reply(response_to(routed));
  (*later)(services_, routed.request, [this, reply](Result<HttpResponse> outcome) {
    reply(outcome ? *std::move(outcome) : services_.problems.response(outcome.error()));
  });
}

HttpResponse Api::response_to(const Routed& routed) {
  if (auto found = kept(routed)) return *std::move(found);
  const auto view = log_.view();
  const auto published = services_.options.published ? services_.options.published() : view;
  Call call{.request = routed.request,
            .path = routed.path,
            .log = *view,
            .published = *published,
            .viewing = viewing_or_null(routed.viewing)};
  return finished(routed, call, called(routed, call));
}

// Who asks is seen here; what the operator does is written down.
HttpResponse Api::called(const Routed& routed, Call& call) {
  const auto response_of = [&](Result<HttpResponse> outcome) {
    return outcome ? *std::move(outcome)
                   : refusal_at(routed.request, &routed.route, outcome.error(), call.viewing);
  };
  const auto run = [&] {
    const UptimeStopwatch watch;
    const auto began = watch.elapsed();
    HttpResponse response = response_of(answer_of_row(services_, routed.route, call));
    if (gives_evidence(routed.route) && response.status == 200) {
      services_.evidence_times.add(watch.elapsed() - began);
    }
    return response;
  };
  switch (routed.route.caller) {
    case Caller::everybody:
    case Caller::link:
    case Caller::visitor:
      return run();
    case Caller::viewer:
      return response_of(viewed(routed, call));
    case Caller::party: {
      auto party = services_.access.party(call.request);
      if (!party) return response_of(party.error());
      call.party = *std::move(party);
      return run();
    }
    case Caller::caretaker: {
      const auto known = services_.access.caretaker(call.request);
      return known ? run() : response_of(known.error());
    }
    case Caller::operator_: {
      const auto known = services_.access.operator_(call.request);
      if (!known) return response_of(known.error());
      return response_of(services_.journal.recorded(call.request, run));
    }
  }
  return run();
}

// A page of a Party's own. Who is not signed in is asked to, and comes back to where they wanted.
Result<HttpResponse> Api::viewed(const Routed& routed, Call& call) {
  if (call.viewing == nullptr) {
    if (is_read(routed.request.method)) return sign_in_first(routed.request);
    return session_ended();
  }
  if (!is_read(routed.request.method)) {
    const HttpParameters form = TRY(parse_form(routed.request.body));
    TRY_VOID(services_.form_seal.check_sent(call.viewing->whom(), routed.request.path(),
                                            form_field(form, "form")));
  }
  call.party = call.viewing->party;
  return answer_of_row(services_, routed.route, call);
}

// Of an answer that is kept. No target holds a space, so no two names are the same.
std::string Api::kept_name(const Routed& routed) const {
  const auto& [request, path, route, viewing] = routed;
  std::string name = request.target;
  if (route.varies) name += " " + request.headers.list("accept");
  // What a page says of the log beside its size.
  if (route.page != nullptr) name += " " + page_stamp(services_);
  if (wants_packed(route, request)) name += " gzip";
  return name;
}

std::optional<HttpResponse> Api::kept(const Routed& routed) const {
  if (!may_be_kept(routed.route) || routed.viewing) return std::nullopt;
  auto found = cache_.find(kept_name(routed), log_.view()->size());
  if (!found) return std::nullopt;
  mark_not_ready(*found, log_);
  return conditional(routed.request, *std::move(found));
}

// What of an answer follows from its row: how long it may be held, here and by the client.
HttpResponse Api::finished(const Routed& routed, const Call& call, HttpResponse response) {
  const auto& [request, path, route, viewing] = routed;
  if (route.caller != Caller::everybody || viewing) {
    set_caching(response, Caching::for_asker);
    return response;
  }
  if (response.status >= 400 || !is_read(request.method)) return response;
  if (may_be_packed(route, request)) response.headers.emplace_back("Vary", "Accept-Encoding");
  if (wants_packed(route, request)) pack(response);
  set_caching(response, call.caching.value_or(route.caching));
  const bool may_stay = may_be_kept(route) && response.status == 200;
  if (may_stay && call.keep != Call::Keep::no) {
    const bool for_ever = call.keep == Call::Keep::for_ever;
    cache_.keep(kept_name(routed), for_ever ? std::nullopt : std::optional(call.log.size()),
                response);
  }
  mark_not_ready(response, log_);
  return conditional(request, std::move(response));
}

}  // namespace cpl
