#include "api/routes/pages.hpp"

#include <nlohmann/json.hpp>

#include "api/html/assets.hpp"
#include "api/html/error_page.hpp"
#include "api/http/form.hpp"
#include "api/http/problem.hpp"
#include "api/pages/pages.hpp"
#include "api/routes/not_ready.hpp"
#include "api/routes/row_answer.hpp"
#include "api/routes/services.hpp"

namespace cpl {
namespace {

// The API's own answers: to what everybody may read, and to the Party that is signed in.
class OwnAnswers final : public PageSource {
 public:
  OwnAnswers(Services& services, const Call& call) : services_(services), call_(call) {}

  Result<ApiAnswer> answer(const ApiRequest& asked) const override {
    const HttpRequest request = TRY(request_of(asked));
    const Path* const found = find_path(request.segments);
    const Route* const route = found == nullptr ? nullptr : found->row(asked.method);
    check(route != nullptr && route->page == nullptr);
    check(route->caller == Caller::everybody || (route->caller == Caller::party && call_.party));
    TRY_VOID(check_query(*route, request));
    const Call inner{.request = request,
                     .path = *found,
                     .log = call_.log,
                     .published = call_.published,
                     .party = call_.party,
                     .viewing = call_.viewing};
    const HttpResponse response = TRY(answer_of_row(services_, *route, inner));
    if (inner.keep == Call::Keep::no) may_stay_ = false;
    return answered_by(response);
  }

  // Whether all that was asked for holds as long as the log has its size.
  bool may_stay() const { return may_stay_; }

 private:
  Result<HttpRequest> request_of(const ApiRequest& asked) const {
    HttpTarget target = TRY(parse_target(asked.path.text()));
    HttpRequest request;
    request.method = asked.method;
    request.target = asked.path.text();
    request.segments = std::move(target.segments);
    request.query = std::move(target.query);
    request.body = asked.body;
    request.peer = call_.request.peer;
    if (!asked.if_match.empty()) request.headers.add("If-Match", asked.if_match);
    if (!asked.key.empty()) request.headers.add("Idempotency-Key", asked.key);
    return request;
  }

  static Result<ApiAnswer> answered_by(const HttpResponse& response) {
    ApiAnswer answered{response.body ? *response.body : Bytes("null"), {}};
    // The one refusal that is an answer: too many are remembered, and when there is room.
    if (response.status == 429) {
      const Json problem = TRY(parse_json(answered.body));
      return Error{Errc::overloaded, problem["code"].get<std::string>(),
                   problem["detail"].get<std::string>()};
    }
    for (const auto& [name, value] : response.headers) {
      if (name == "ETag") answered.tag = value;
    }
    return answered;
  }

  Services& services_;
  const Call& call_;
  mutable bool may_stay_ = true;
};

Viewer viewer_of(const Services& services, const Viewing* viewing) {
  Viewer viewer{.may_sign_in = services.options.parties != nullptr};
  if (viewing != nullptr) {
    viewer.party = viewing->party.name;
    viewer.session = viewing->session;
    viewer.is_service_desk = viewing->party.audience == Audience::service_desk;
  }
  return viewer;
}

Result<PageRequest> page_request(const Services& services, const Call& call) {
  PageRequest request;
  request.is_sent = call.request.method == HttpMethod::post;
  request.viewer = viewer_of(services, call.viewing);
  for (const std::size_t place : call.path.places) {
    request.places.push_back(call.request.segments[place]);
  }
  HttpParameters given = call.request.query;
  if (request.is_sent) given = TRY(parse_form(call.request.body));
  if (call.party) {
    request.form_key = services.form_seal.made(call.viewing->whom(), call.request.path());
    request.sent_form = FormSeal::id_of(form_field(given, "form"));
  }
  for (auto& [name, value] : given) {
    if (!value.empty()) request.query.emplace_back(std::move(name), std::move(value));
  }
  return request;
}

// The witnesses under the published checkpoint, and the oldest of their times.
void put_cosignatures(SiteFacts& site, const Bytes& checkpoint, const std::string& log_name) {
  const auto note = parse_note(checkpoint);
  if (!note) return;
  for (const NoteSignature& line : note->signatures) {
    constexpr std::size_t cosignature_octets = 8 + 64;
    if (line.name == log_name || line.signature.size() != cosignature_octets) continue;
    ++site.cosignatures;
    const UnixMillis time{cosignature_time(line.signature) * 1000};
    site.cosigned = site.cosigned ? std::min(*site.cosigned, time) : time;
  }
}

HttpResponse see_other(const Href& to) {
  HttpResponse response = text_response(303, "text/plain", "");
  response.headers.emplace_back("Location", to.text());
  return response;
}

SiteFacts site_facts(const Services& services, const LogView& log, const LogView& published,
                     const Viewing* viewing) {
  SiteFacts site;
  site.name = services.options.pages.name;
  site.origin = services.options.log_key.name();
  site.help_contact = services.options.pages.help_contact;
  site.size = log.size().value;
  if (site.size > 0) site.cursor = format_sequence(EntryIndex{site.size - 1});
  site.refusal = public_refusal(services.registry_log);
  if (const auto entry = log.size().value == 0 ? Result<Entry>(no_such_page())
                                               : log.entry(EntryIndex{log.size().value - 1})) {
    site.last_entry = entry->time;
  }
  put_cosignatures(site, published.checkpoint_note(), site.origin);
  if (viewing != nullptr) {
    site.signed_in = SignedIn{viewing->party.name, {}};
    if (!viewing->session.empty()) {
      site.signed_in->sign_out_key = services.form_seal.made(viewing->whom(), "/sign-out");
    }
  }
  return site;
}

}  // namespace

Error no_such_page() {
  return Error{Errc::not_found, "not-found",
               "There is no page at this address. It may be misspelt, or the link is wrong."};
}

Result<HttpResponse> show_page(Services& services, const Call& call, PageFunction function) {
  const OwnAnswers source(services, call);
  const Page page = TRY(function(TRY(page_request(services, call)), source));
  if (page.see_other) return see_other(*page.see_other);
  if (page.download) return download_response(*page.download);
  if (source.may_stay()) call.keep = Call::Keep::at_size;
  return show(services, call, page);
}

HttpResponse show(Services& services, const Call& call, const Page& page) {
  return framed(page, site_facts(services, call.log, call.published, call.viewing));
}

HttpResponse show_error(Services& services, const Error& error, const Viewing* viewing) {
  const HttpResponse problem = services.problems.response(error);
  const auto view = services.registry_log.view();
  Error told = error;
  if (is_fault(error))
    told.detail = "The registry cannot read this at present; its operator is told.";
  HttpResponse response = framed(error_page(told), site_facts(services, *view, *view, viewing));
  response.status = problem.status;
  for (const auto& [name, value] : problem.headers) {
    if (name == "Retry-After" || name == "WWW-Authenticate")
      response.headers.emplace_back(name, value);
  }
  return response;
}

std::string page_stamp(const Services& services) {
  const auto published = services.published();
  const std::size_t signatures = std::hash<std::string>()(published->checkpoint_note());
  const auto refused = services.registry_log.refusal();
  return std::to_string(signatures) + (refused ? " " + refused->code : "");
}

Result<HttpResponse> get_index(Services& services, const Call& call) {
  if (services.options.pages.enabled && asks_for_page(call.request)) {
    return show_page(services, call, home_page);
  }
  static const std::string text = index_text();
  return text_response(200, "text/plain; charset=utf-8", text);
}

Result<HttpResponse> get_asset(const Call& call) {
  const Asset* const asset = find_asset(call.segment());
  if (asset == nullptr) return no_such_path();
  call.keep = Call::Keep::for_ever;
  return text_response(200, asset->type, Bytes(asset->text));
}

}  // namespace cpl
