#include "api/routes/api.hpp"

#include <nlohmann/json.hpp>

#include "api/http/client_address.hpp"
#include "api/http/conditional.hpp"
#include "api/http/cross_origin.hpp"
#include "api/http/gzip.hpp"
#include "api/routes/described_path.hpp"
#include "api/routes/read.hpp"
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/query/evidence_builder.hpp"

namespace cpl {

extern const std::string_view openapi_document;  // api/openapi.json

namespace {

Error not_found() {
  return Error{Errc::not_found, "not-found",
               "there is nothing at this path; / names those there are"};
}

bool is_read(const HttpRequest& request) {
  return request.method == HttpMethod::get || request.method == HttpMethod::head;
}

bool is_path(const HttpRequest& request, std::initializer_list<std::string_view> path) {
  return std::equal(request.segments.begin(), request.segments.end(), path.begin(), path.end());
}

bool is_below(const HttpRequest& request, std::initializer_list<std::string_view> path) {
  return request.segments.size() >= path.size() &&
         std::equal(path.begin(), path.end(), request.segments.begin());
}

bool is_changes(const HttpRequest& request) {
  return is_path(request, {"v1", "changes"}) || is_path(request, {"v1", "changes", "stream"});
}

// Who asks decides the answer, so it is nobody else's and never kept.
bool is_openings(const HttpRequest& request) {
  const auto& path = request.segments;
  return path.size() == 4 && path[0] == "v1" && path[1] == "entries" && path[3] == "openings";
}

// What people follow from a mail or an answer: who holds the link may act.
bool is_link(const HttpRequest& request) {
  return is_below(request, {"u"}) || is_below(request, {"v1", "validate"});
}

// What only some may ask for, or whoever holds a link.
bool is_for_few(const HttpRequest& request) {
  return is_below(request, {"v1", "operator"}) || is_below(request, {"v1", "subscriptions"}) ||
         is_below(request, {"v1", "reports"}) || is_openings(request) || is_link(request) ||
         is_path(request, {"metrics"});
}

// What the registry holds, and not how it fares.
bool is_content(const HttpRequest& request) {
  const auto& path = request.segments;
  return !path.empty() && (path[0] == "checkpoint" || path[0] == "tile" || path[0] == "v1");
}

// Hash tiles do not shrink; bundles are text.
bool may_be_packed(const HttpRequest& request) {
  return request.target.starts_with("/tile/entries/");
}
bool wants_packed(const HttpRequest& request) {
  return may_be_packed(request) && accepts_gzip(request.headers.list("accept-encoding"));
}

// Of the answer that is kept. No target holds a space, so the second is no other target's name.
std::string name_of(const HttpRequest& request) {
  return wants_packed(request) ? request.target + " gzip" : request.target;
}

// What is found with a few looks into the store, or none. Anything else may take long, and anything
// that is new is taken for that.
bool is_quick(const HttpRequest& request) {
  const auto& path = request.segments;
  if (!is_read(request)) return false;
  if (path.empty()) return true;
  if (path.size() == 1)
    return path[0] == "healthz" || path[0] == "readyz" || path[0] == "checkpoint";
  if (path[0] == "tile") return path[1] != "entries";
  if (path[0] != "v1") return false;
  if (path.size() == 2) return path[1] == "openapi.json";
  const bool is_one = path[1] == "models" || path[1] == "entries";
  return is_one && (path.size() == 3 || (path.size() == 4 && path[3] == "leaf"));
}

void pack(HttpResponse& response) {
  response.body = std::make_shared<const Bytes>(gzip(*response.body));
  response.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace

Api::Api(Log& log, Sequencer& sequencer, Notifier& notifier, const Clock& clock, ApiOptions options)
    : log_(log),
      sequencer_(sequencer),
      notifier_(notifier),
      clock_(clock),
      options_(std::move(options)),
      published_(options_.published ? options_.published : [&log] { return log.view(); }),
      faults_(options_.tell_fault),
      feed_(options_.events, options_.cache_octets_max / 4),
      stream_limits_(options_.stream_limits),
      desk_(options_.desk),
      cache_(options_.cache_octets_max),
      statement_rate_(options_.statement_rate),
      reads_(options_.read_threads == 0 ? nullptr
                                        : std::make_unique<ReadPool>(ReadPool::Options{
                                              .threads = options_.read_threads})) {}

HttpResponse Api::problem(const Error& error) const {
  if (is_fault(error)) faults_.meet(error, clock_.now());
  return problem_response(error, options_.problem_base);
}

void Api::handle(HttpRequest request, HttpReply reply) {
  const bool is_personal = is_for_few(request);
  if (!is_personal) reply = open_to_scripts(std::move(reply));
  if (request.method == HttpMethod::options) return reply(options(request, is_personal));
  if (!request.query.empty()) {
    if (auto refused = refuse_query(request)) {
      return reply(is_personal ? for_them_alone(*std::move(refused)) : *std::move(refused));
    }
  }
  if (is_path(request, {"v1", "statements"}) && request.method == HttpMethod::post) {
    return post_statement(request, std::move(reply));
  }
  if (is_path(request, {"v1", "statements", "batch"}) && request.method == HttpMethod::post) {
    return post_statement_batch(request, std::move(reply));
  }
  if (is_path(request, {"v1", "statements", "check"}) && request.method == HttpMethod::post) {
    auto checked = check_statement(request);
    return reply(checked ? *std::move(checked) : problem(checked.error()));
  }
  if (is_path(request, {"v1", "extracts"}) && request.method == HttpMethod::post) {
    return post_extract(request, std::move(reply));
  }
  if (reads_ == nullptr || is_quick(request)) return answer(request, reply);
  // Of changes several forms have one name.
  if (is_read(request) && !is_changes(request)) {
    if (auto response = kept(request)) return reply(*std::move(response));
  }
  const auto waiting = std::make_shared<const HttpRequest>(std::move(request));
  const bool taken = reads_->run(address_group(waiting->peer),
                                 [this, waiting, reply] { answer(*waiting, reply); });
  if (!taken) {
    reply(problem(Error{Errc::unavailable, "too-much-asked",
                        "more is asked for at present than the registry can look up: try again in "
                        "a second"}));
  }
}

// On the caller's thread, to its end.
void Api::answer(const HttpRequest& request, const HttpReply& reply) {
  // What everybody reads is asked for too often to be looked up first.
  if (is_for_few(request) || !is_read(request)) {
    if (auto refused = refuse_method(request)) return reply(*std::move(refused));
  }
  if (is_below(request, {"v1", "operator"})) {
    return reply(recorded(request, [&] { return act_as_operator(request); }));
  }
  if (is_below(request, {"v1", "subscriptions"})) return reply(subscriptions(request));
  if (is_openings(request)) return reply(openings(request));
  if (is_below(request, {"v1", "reports"})) return reply(reports(request));
  if (request.segments.size() == 2 && request.segments[0] == "u") {
    return reply(unsubscribe(request));
  }
  if (request.segments.size() == 3 && request.segments[0] == "v1" &&
      request.segments[1] == "validate") {
    return reply(consent(request));
  }
  if (is_path(request, {"readyz"})) return reply(readiness(request));
  if (is_path(request, {"metrics"})) return reply(metrics_for(request));
  reply(is_changes(request) ? changes(request) : read(request));
}

// Where the path does not take the method, or is none.
std::optional<HttpResponse> Api::refuse_method(const HttpRequest& request) const {
  const DescribedPath* const path = described_path(request.segments);
  if (path == nullptr) return problem(not_found());
  if (path->allows(request.method)) return std::nullopt;
  HttpResponse response = problem(Error{Errc::invalid, "method-not-allowed",
                                        "this path takes " + path->allowed + ", and no more"});
  response.headers.emplace_back("Allow", path->allowed);
  return response;
}

// What the path does not take is a mistake, not a wish. Of a path that is none another refusal
// comes.
std::optional<HttpResponse> Api::refuse_query(const HttpRequest& request) const {
  const DescribedPath* const path = described_path(request.segments);
  if (path == nullptr) return std::nullopt;
  const auto checked = check_query(*path, request);
  if (checked) return std::nullopt;
  return problem(checked.error());
}

HttpResponse Api::options(const HttpRequest& request, bool is_personal) const {
  const DescribedPath* const path = described_path(request.segments);
  if (path == nullptr) return problem(not_found());
  return options_response(path->allowed,
                          is_personal ? Scripts::of_our_own_pages : Scripts::of_all_pages);
}

// What is read of a log that was rolled back, damaged or contradicted may be old, or not all.
void Api::mark_not_ready(HttpResponse& response) const {
  if (const auto refused = log_.refusal()) {
    response.headers.emplace_back("CPL-Not-Ready", refused->code);
  }
}

// The answer that was given before, where it still holds.
std::optional<HttpResponse> Api::kept(const HttpRequest& request) const {
  auto found = cache_.find(name_of(request), log_.view()->size());
  if (!found) return std::nullopt;
  if (log_.is_halted()) mark_not_ready(*found);
  return conditional(request, *std::move(found));
}

HttpResponse Api::read(const HttpRequest& request) {
  if (auto found = kept(request)) return *std::move(found);
  const auto view = log_.view();
  const bool packed = wants_packed(request);
  const std::string name = name_of(request);
  const auto published = options_.published ? options_.published() : view;
  const Read read{request, *view, *published, options_};
  auto response = route(read);
  if (!response && response.error().code == "not-found") {
    if (auto refused = refuse_method(request)) return *std::move(refused);
  }
  if (!response) return problem(response.error());
  if (may_be_packed(request)) response->headers.emplace_back("Vary", "Accept-Encoding");
  if (packed) pack(*response);
  if (is_content(request)) make_revalidable(*response);
  if (read.keep == Read::Keep::for_ever) cache_.keep(name, {}, *response);
  if (read.keep == Read::Keep::at_size) cache_.keep(name, view->size(), *response);
  if (log_.is_halted()) mark_not_ready(*response);
  return conditional(request, *std::move(response));
}

Result<HttpResponse> Api::route(const Read& read) const {
  const auto& segments = read.request.segments;
  if (segments.empty()) {
    return text_response(200, "text/plain; charset=utf-8",
                         "Certified Products List registry\n\n"
                         "/checkpoint           the log's signed size and root\n"
                         "/tile/...             the log, as C2SP tlog-tiles\n"
                         "/v1/models            the list\n"
                         "/v1/charter           who may sign what, and the rules' values\n"
                         "/v1/notices           removals under way\n"
                         "/v1/decisions         decisions of the Panel\n"
                         "/v1/meetings          minutes\n"
                         "/v1/changes           what changed, by cursor\n"
                         "/v1/changes/stream    the same as server-sent events\n"
                         "/v1/feed.atom         the same for feed readers\n"
                         "/v1/extracts          the complete list, signed: JSON, CSV, XLSX\n"
                         "/v1/openapi.json     all of this for programs: OpenAPI 3.1\n"
                         "/healthz /readyz /metrics\n");
  }
  if (segments[0] == "checkpoint" || segments[0] == "tile") return route_log(read);
  if (segments[0] == "v1") return route_v1(read, Path(segments).subspan(1));
  if (is_path(read.request, {"healthz"})) return text_response(200, "text/plain", "ok\n");
  return not_found();
}

Result<HttpResponse> Api::route_log(const Read& read) const {
  if (read.request.segments[0] == "checkpoint") {
    if (read.request.segments.size() != 1) return not_found();
    const Bytes& note = read.published.checkpoint_note();
    if (note.empty()) {
      if (const auto refused = refusal()) return *refused;
      return Error{Errc::unavailable, "not-published-yet",
                   "the witnesses have not cosigned a checkpoint of this log yet"};
    }
    auto response = text_response(200, "text/plain; charset=utf-8", note);
    response.headers[1].second = "no-cache";
    read.keep_published();
    return response;
  }
  // The raw path: a tile has one spelling, which decoding must not widen.
  const std::string_view path = std::string_view(read.request.target).substr(1);
  const auto tile = parse_tile_path(path);
  if (!tile) return not_found();
  auto response = text_response(200, "application/octet-stream", TRY(read.log.tile(*tile)));
  response.headers[1].second = "public, max-age=31536000, immutable";
  read.keep = tile->width == tile_width ? Read::Keep::for_ever : Read::Keep::at_size;
  return response;
}

Result<HttpResponse> Api::route_v1(const Read& read, Path path) const {
  if (path.empty()) return not_found();
  const std::string& what = path[0];
  const Path rest = path.subspan(1);
  if (what == "entries") return rest.empty() ? get_entries(read) : get_entry(read, rest);
  if (what == "charter" && rest.empty()) return get_charter(read);
  if (what == "models") return rest.empty() ? get_models(read) : get_model(read, rest);
  if (what == "notices") return rest.empty() ? get_notices(read) : get_notice(read, rest);
  if (what == "decisions") return get_decisions(read, rest);
  if (what == "meetings") return get_meetings(read, rest);
  if (what == "changes" && rest.empty()) return get_changes(read);
  if (what == "feed.atom" && rest.empty()) return get_feed(read);
  if (what == "feed" && rest.size() == 2 && rest[0] == "archive") {
    return get_feed_archive(read, rest.subspan(1));
  }
  if (what == "extracts" && rest.empty()) return get_extracts(read);
  if (what == "extracts" && rest.size() == 1) return get_extract(read, rest[0]);
  if (what == "openapi.json" && rest.empty()) {
    return text_response(200, "application/vnd.oai.openapi+json;version=3.1",
                         Bytes(openapi_document));
  }
  if (what.starts_with("extract.") && rest.empty()) return get_extract(read, what);
  return not_found();
}

}  // namespace cpl
