// The table of routes. Each row of api/openapi.json has one here, and the other way round.
#include <array>

#include "api/pages/pages.hpp"
#include "api/routes/page_rows.hpp"
#include "api/routes/pages.hpp"
#include "api/routes/reads.hpp"
#include "api/routes/rows.hpp"

namespace cpl {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view text_type = "text/plain";
constexpr std::string_view change_types =
    "application/json application/cloudevents-batch+json application/x-ndjson";
constexpr std::string_view extract_types =
    "application/json text/csv "
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet "
    "application/pkcs7-signature";

constexpr Route holder(HttpMethod method, std::string_view pattern, Handler handler) {
  return for_some(Caller::link, method, pattern, handler);
}
constexpr Route party_only(HttpMethod method, std::string_view pattern, Handler handler) {
  return for_some(Caller::party, method, pattern, handler);
}
constexpr Route caretaker_only(std::string_view pattern, Handler handler) {
  return for_some(Caller::caretaker, HttpMethod::get, pattern, handler);
}
constexpr Route operator_only(HttpMethod method, std::string_view pattern, Handler handler) {
  return for_some(Caller::operator_, method, pattern, handler);
}

constexpr auto log_rows = std::to_array<Route>(
    {open_get("/checkpoint", by<&Services::operation, &OperationRoutes::checkpoint>)
         .at(RateClass::quick)
         .giving(text_type)
         .told("the log's signed size and root"),
     open_get("/tile/{path}", of_call<get_tile>)
         .held(Caching::for_ever)
         .at(RateClass::quick)
         .giving("application/octet-stream")
         .told("the log, as C2SP tlog-tiles"),
     open_post("/v1/statements", later_by<&Services::statements, &StatementRoutes::post>)
         .taking(text_type),
     open_post("/v1/statements/check", by<&Services::statements, &StatementRoutes::judge>)
         .taking(text_type),
     open_post("/v1/statements/batch",
               later_by<&Services::statements, &StatementRoutes::post_batch>)
         .taking(json_type),
     open_get("/v1/entries", of_call<list_entries>).asking("from limit type signed_by since until"),
     open_get("/v1/entries/{index}", of_call<get_entry>)
         .held(Caching::for_ever)
         .at(RateClass::quick),
     open_get("/v1/entries/{index}/leaf", of_call<get_leaf>).at(RateClass::quick).giving(text_type),
     open_get("/v1/entries/{index}/proof", of_call<get_entry_proof>).giving(text_type),
     open_get("/v1/entries/{index}/evidence", of_call<get_entry_evidence>),
     open_get("/v1/log/consistency", of_call<get_consistency>).asking("from to"),
     open_get("/v1/keys", of_call<list_keys>).told("whose keys counted, and when"),
     open_get("/v1/status", by<&Services::status, &StatusRoute::get>)
         .at(RateClass::quick)
         .told("how the registry stands, and who has cosigned its log"),
     open_get("/v1/charter", of_call<get_charter>)
         .told("who may sign what, and the rules' values")});

constexpr auto list_rows = std::to_array<Route>(
    {open_get("/v1/models", by<&Services::models, &ModelRoutes::list>)
         .asking("q device_type manufacturer_id status limit after at time cover_ends_by")
         .told("the list"),
     open_get("/v1/search", of_call<find_any>)
         .asking("q")
         .told("a number, a name or a hash, looked up everywhere"),
     open_get("/v1/models/{model}", by<&Services::models, &ModelRoutes::get>)
         .at(RateClass::quick)
         .asking("at time"),
     open_get("/v1/models/{model}/history", of_call<get_model_history>),
     open_get("/v1/models/{model}/chain", of_call<get_model_chain>),
     open_get("/v1/models/{model}/similar", of_call<get_similar_models>),
     open_post("/v1/models/lookup", of_call<look_models_up>)
         .at(RateClass::queued)
         .taking(json_type),
     open_post("/v1/models/impact", by<&Services::deployed, &DeployedRoutes::impact>)
         .at(RateClass::queued)
         .taking(json_type),
     open_get("/v1/deployed", by<&Services::deployed, &DeployedRoutes::get>)
         .told("how many devices the DCC counted, by model"),
     open_get("/v1/deployed/{index}", by<&Services::deployed, &DeployedRoutes::file>)
         .held(Caching::for_ever)
         .giving("text/csv"),
     open_post("/v1/deployed/{index}", by<&Services::deployed, &DeployedRoutes::bring>)
         .taking("text/csv"),
     open_get("/v1/models/{model}/upgrades", of_call<get_model_upgrades>),
     open_get("/v1/forecast", by<&Services::forecast, &ForecastRoute::get>)
         .asking("months manufacturer_id device_type")
         .told("certificates of listed models that end, by month"),
     open_get("/v1/models/{model}/evidence", by<&Services::models, &ModelRoutes::evidence>)
         .asking("at time"),
     open_get("/v1/notices", by<&Services::notices, &NoticeRoutes::list>)
         .asking("state limit before")
         .told("removals under way"),
     open_get("/v1/notices/{index}", by<&Services::notices, &NoticeRoutes::get>),
     open_get("/v1/notices/{index}/evidence", by<&Services::notices, &NoticeRoutes::evidence>),
     open_get("/v1/notices/{index}/verdict", by<&Services::notices, &NoticeRoutes::verdict>),
     open_get("/v1/performance", by<&Services::notices, &NoticeRoutes::performance>)
         .asking("from to")
         .told("how the clocks of removals were kept"),
     open_get("/v1/decisions", by<&Services::decisions, &DecisionRoutes::list>)
         .asking("standing open limit before")
         .told("decisions of the Panel"),
     open_get("/v1/decisions/{index}", by<&Services::decisions, &DecisionRoutes::get>),
     open_get("/v1/decisions/{index}/evidence", of_call<get_decision_evidence>),
     open_get("/v1/meetings", of_call<list_meetings>).told("minutes"),
     open_get("/v1/meetings/{meeting}", of_call<get_meeting>),
     open_get("/v1/calendars", of_call<list_planned_meetings>).told("meetings that are to come"),
     open_get("/v1/proposals", of_call<list_proposals>)
         .told("removals proposed to meetings, and what became of them"),
     open_get("/v1/actions", of_call<list_actions>)
         .asking("state limit after")
         .told("actions that minutes gave"),
     open_get("/v1/specifications", of_call<get_specifications>)
         .told("technical specifications, and the days on which they end")});

constexpr auto change_rows = std::to_array<Route>(
    {open_get("/v1/changes", by<&Services::changes, &ChangeRoutes::list>)
         .asking("after limit wait follow types manufacturer_ids device_types models hardware")
         .varying(change_types)
         .told("what changed, by cursor"),
     open_get("/v1/changes/months", of_call<list_change_months>).asking("from to"),
     open_get("/v1/changes/stream", by<&Services::changes, &ChangeRoutes::stream>)
         .held(Caching::no_store)
         .asking("after last_event_id lastEventId named types manufacturer_ids device_types models "
                 "hardware")
         .giving("text/event-stream")
         .told("the same as server-sent events"),
     open_get("/v1/feed.atom", by<&Services::feeds, &FeedRoutes::newest>)
         .held(Caching::minute)
         .asking("types manufacturer_ids device_types models hardware")
         .giving("application/atom+xml")
         .told("the same for feed readers"),
     open_get("/v1/feed/archive/{page}.atom", by<&Services::feeds, &FeedRoutes::archive>)
         .held(Caching::for_ever)
         .asking("types manufacturer_ids device_types models hardware")
         .giving("application/atom+xml"),
     open_get("/v1/extracts", by<&Services::extracts, &ExtractRoutes::list>)
         .asking("after limit")
         .told("the complete list, signed: JSON, CSV, XLSX"),
     open_get("/v1/loadings", by<&Services::extracts, &ExtractRoutes::loadings>)
         .asking("after limit")
         .told("which versions the DCC's systems have loaded, and when each is due"),
     open_post("/v1/extracts", later_by<&Services::extracts, &ExtractRoutes::publish>)
         .taking(json_type),
     open_get("/v1/extract.{file}", by<&Services::extracts, &ExtractRoutes::get>)
         .giving(extract_types),
     open_get("/v1/extracts/{a}/difference/{b}",
              by<&Services::extracts, &ExtractRoutes::difference>)
         .held(Caching::for_ever),
     open_get("/v1/extracts/{version}.{file}", by<&Services::extracts, &ExtractRoutes::get>)
         .held(Caching::for_ever)
         .giving(extract_types)});

constexpr auto service_rows = std::to_array<Route>(
    {open_get("/", get_index)
         .at(RateClass::quick)
         .giving("text/plain text/html")
         .with(&Route::varies, true)
         .with(&Route::page, static_cast<PageFunction>(home_page)),
     open_get("/assets/{file}", of_call<get_asset>)
         .held(Caching::for_ever)
         .at(RateClass::quick)
         .giving("text/css text/javascript image/svg+xml"),
     open_get("/v1/openapi.json", of_call<get_description>)
         .at(RateClass::quick)
         .giving("application/vnd.oai.openapi+json")
         .told("all of this for programs: OpenAPI 3.1"),
     open_get("/healthz", of_call<get_health>)
         .held(Caching::no_store)
         .at(RateClass::quick)
         .giving(text_type)
         .told("that the service answers"),
     open_get("/readyz", by<&Services::operation, &OperationRoutes::readiness>)
         .held(Caching::no_store)
         .at(RateClass::quick)
         .giving(text_type)
         .told("whether it takes statements"),
     caretaker_only("/metrics", by<&Services::operation, &OperationRoutes::metrics>)
         .giving(text_type)
         .told("figures for the operator"),
     holder(HttpMethod::get, "/v1/validate/{token}",
            by<&Services::consents, &ConsentRoutes::show_consent>)
         .giving(html_type),
     holder(HttpMethod::post, "/v1/validate/{token}",
            by<&Services::consents, &ConsentRoutes::consent>)
         .giving(html_type),
     holder(HttpMethod::get, "/u/{token}",
            by<&Services::consents, &ConsentRoutes::show_unsubscribe>)
         .giving(html_type),
     holder(HttpMethod::post, "/u/{token}", by<&Services::consents, &ConsentRoutes::unsubscribe>)
         .giving(html_type)
         .taking("application/x-www-form-urlencoded multipart/form-data")});

constexpr auto party_rows = std::to_array<Route>(
    {party_only(HttpMethod::get, "/v1/subscriptions",
                by<&Services::subscriptions, &SubscriptionRoutes::list>),
     party_only(HttpMethod::post, "/v1/subscriptions",
                makes_by<&Services::subscriptions, &SubscriptionRoutes::create>)
         .taking(json_type),
     party_only(HttpMethod::post, "/v1/subscriptions/preview",
                by<&Services::subscriptions, &SubscriptionRoutes::preview>)
         .taking(json_type),
     party_only(HttpMethod::get, "/v1/subscriptions/{id}",
                by<&Services::subscriptions, &SubscriptionRoutes::get>),
     party_only(HttpMethod::patch, "/v1/subscriptions/{id}",
                by<&Services::subscriptions, &SubscriptionRoutes::change>)
         .taking(json_type),
     party_only(HttpMethod::delete_, "/v1/subscriptions/{id}",
                by<&Services::subscriptions, &SubscriptionRoutes::retire>)
         .giving(""),
     party_only(HttpMethod::post, "/v1/subscriptions/{id}/verify",
                by<&Services::subscriptions, &SubscriptionRoutes::verify>),
     party_only(HttpMethod::post, "/v1/subscriptions/{id}/confirm",
                by<&Services::subscriptions, &SubscriptionRoutes::confirm>)
         .taking(json_type),
     party_only(HttpMethod::post, "/v1/subscriptions/{id}/pause",
                by<&Services::subscriptions, &SubscriptionRoutes::pause>),
     party_only(HttpMethod::post, "/v1/subscriptions/{id}/resume",
                by<&Services::subscriptions, &SubscriptionRoutes::resume>),
     party_only(HttpMethod::post, "/v1/subscriptions/{id}/rotate",
                makes_by<&Services::subscriptions, &SubscriptionRoutes::rotate>)
         .taking(json_type),
     party_only(HttpMethod::post, "/v1/subscriptions/{id}/test",
                makes_by<&Services::subscriptions, &SubscriptionRoutes::test>),
     party_only(HttpMethod::post, "/v1/subscriptions/{id}/replay",
                makes_by<&Services::subscriptions, &SubscriptionRoutes::replay>)
         .taking(json_type),
     party_only(HttpMethod::get, "/v1/subscriptions/{id}/deliveries",
                by<&Services::subscriptions, &SubscriptionRoutes::deliveries>)
         .asking("limit before outcome since"),
     party_only(HttpMethod::get, "/v1/subscriptions/{id}/deliveries/{number}",
                by<&Services::subscriptions, &SubscriptionRoutes::delivery>),
     party_only(HttpMethod::get, "/v1/reports", by<&Services::reports, &ReportRoutes::list_own>)
         .asking("after limit"),
     party_only(HttpMethod::post, "/v1/reports", makes_by<&Services::reports, &ReportRoutes::send>)
         .taking(json_type),
     party_only(HttpMethod::get, "/v1/reports/{number}",
                by<&Services::reports, &ReportRoutes::get_own>),
     party_only(HttpMethod::get, "/v1/openings", by<&Services::openings, &OpeningRoutes::list_own>),
     party_only(HttpMethod::get, "/v1/entries/{index}/openings",
                by<&Services::openings, &OpeningRoutes::read>),
     party_only(HttpMethod::get, "/v1/sessions", by<&Services::own_sessions, &SessionRoutes::list>),
     party_only(HttpMethod::delete_, "/v1/sessions/{id}",
                by<&Services::own_sessions, &SessionRoutes::end>)
         .giving("")});

constexpr auto tray_rows = std::to_array<Route>(
    {party_only(HttpMethod::get, "/v1/tray", by<&Services::tray, &TrayRoutes::list>),
     party_only(HttpMethod::post, "/v1/tray", by<&Services::tray, &TrayRoutes::put>)
         .asking("submits")
         .taking(text_type),
     party_only(HttpMethod::get, "/v1/tray/{id}", by<&Services::tray, &TrayRoutes::get>),
     party_only(HttpMethod::post, "/v1/tray/{id}/signatures",
                by<&Services::tray, &TrayRoutes::sign>)
         .taking(text_type),
     party_only(HttpMethod::delete_, "/v1/tray/{id}", by<&Services::tray, &TrayRoutes::withdraw>)
         .giving("")});

constexpr auto operator_rows = std::to_array<Route>(
    {operator_only(HttpMethod::get, "/v1/operator/parties",
                   by<&Services::parties, &PartyRoutes::list>),
     operator_only(HttpMethod::post, "/v1/operator/parties",
                   makes_by<&Services::parties, &PartyRoutes::add>)
         .taking(json_type),
     operator_only(HttpMethod::get, "/v1/operator/parties/{name}",
                   by<&Services::parties, &PartyRoutes::get>),
     operator_only(HttpMethod::delete_, "/v1/operator/parties/{name}",
                   by<&Services::parties, &PartyRoutes::remove>),
     operator_only(HttpMethod::post, "/v1/operator/parties/{name}/details",
                   by<&Services::parties, &PartyRoutes::describe>)
         .taking(json_type),
     operator_only(HttpMethod::get, "/v1/operator/entries/{index}/deliveries",
                   by<&Services::parties, &PartyRoutes::deliveries>),
     operator_only(HttpMethod::post, "/v1/operator/parties/{name}/tokens",
                   makes_by<&Services::parties, &PartyRoutes::add_token>)
         .taking(json_type),
     operator_only(HttpMethod::delete_, "/v1/operator/parties/{name}/tokens/{id}",
                   by<&Services::parties, &PartyRoutes::revoke_token>),
     operator_only(HttpMethod::get, "/v1/operator/subscriptions",
                   by<&Services::oversight, &OversightRoutes::list>)
         .asking("state owner"),
     operator_only(HttpMethod::get, "/v1/operator/subscriptions/{id}/deliveries",
                   by<&Services::oversight, &OversightRoutes::deliveries>)
         .asking("limit"),
     operator_only(HttpMethod::post, "/v1/operator/subscriptions/{id}/retry",
                   by<&Services::oversight, &OversightRoutes::retry>),
     operator_only(HttpMethod::post, "/v1/operator/subscriptions/{id}/replay",
                   makes_by<&Services::oversight, &OversightRoutes::replay>)
         .taking(json_type),
     operator_only(HttpMethod::get, "/v1/operator/openings",
                   by<&Services::openings, &OpeningRoutes::list>),
     operator_only(HttpMethod::post, "/v1/operator/openings",
                   by<&Services::openings, &OpeningRoutes::keep>)
         .taking(json_type),
     operator_only(HttpMethod::delete_, "/v1/operator/openings/{index}",
                   by<&Services::openings, &OpeningRoutes::destroy>)
         .asking("field")
         .giving(""),
     operator_only(HttpMethod::get, "/v1/operator/reports",
                   by<&Services::reports, &ReportRoutes::list_all>)
         .asking("waiting after limit"),
     operator_only(HttpMethod::get, "/v1/operator/reports/{number}",
                   by<&Services::reports, &ReportRoutes::get_any>),
     operator_only(HttpMethod::post, "/v1/operator/reports/{number}/answers",
                   makes_by<&Services::reports, &ReportRoutes::answer_one>)
         .taking(json_type),
     operator_only(HttpMethod::get, "/v1/operator/journal",
                   by<&Services::journal, &JournalRoutes::list>)
         .asking("before limit"),
     operator_only(HttpMethod::post, "/v1/operator/backups",
                   by<&Services::operation, &OperationRoutes::back_up>)});

// Who asks is seen before a row's function is called at once, and not where the answer comes later;
// and what is made once for each Idempotency-Key is made for somebody who is known.
constexpr bool is_guarded(const Route& route) {
  if (std::holds_alternative<AnswersLater>(route.handler)) {
    return route.caller == Caller::everybody;
  }
  if (std::holds_alternative<Makes>(route.handler)) {
    return route.caller == Caller::party || route.caller == Caller::operator_;
  }
  return true;
}
constexpr bool are_guarded(std::span<const Route> rows) {
  return std::all_of(rows.begin(), rows.end(), is_guarded);
}
static_assert(are_guarded(log_rows) && are_guarded(list_rows) && are_guarded(change_rows) &&
              are_guarded(service_rows) && are_guarded(party_rows) && are_guarded(tray_rows) &&
              are_guarded(operator_rows));

}  // namespace

std::span<const Route> routes() {
  static const std::vector<Route> all = [] {
    std::vector<Route> rows;
    for (const std::span<const Route> group : std::initializer_list<std::span<const Route>>{
             log_rows, list_rows, change_rows, service_rows, party_rows, tray_rows, operator_rows,
             page_rows()}) {
      rows.insert(rows.end(), group.begin(), group.end());
    }
    return rows;
  }();
  return all;
}

}  // namespace cpl
