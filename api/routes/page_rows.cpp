// The rows of the table that are for people: the registry's pages, and a Party's own. Programs find
// the same under /v1.
#include "api/routes/page_rows.hpp"

#include <array>

#include "api/pages/pages.hpp"
#include "api/routes/pages.hpp"
#include "api/routes/rows.hpp"
#include "api/routes/sign_in.hpp"

namespace cpl {
namespace {

template <auto Function>
Result<HttpResponse> shown(Services& services, const Call& call) {
  return show_page(services, call, Function);
}
template <auto Function>
constexpr Route page(std::string_view pattern, std::string_view query = {}) {
  return open_get(pattern, shown<Function>)
      .giving(html_type)
      .asking(query)
      .with(&Route::page, static_cast<PageFunction>(Function));
}
// A form too long for an address. Who sends it changes nothing.
template <auto Function>
constexpr Route asked_page(std::string_view pattern) {
  return open_post(pattern, shown<Function>)
      .at(RateClass::queued)
      .giving("text/html text/csv")
      .taking(form_type)
      .with(&Route::page, static_cast<PageFunction>(Function));
}
// For browsers alone: from our own pages, and never kept.
constexpr Route form_of(Caller caller, std::string_view pattern, PageFunction page,
                        Handler handler) {
  return for_some(caller, HttpMethod::post, pattern, handler)
      .giving(html_type)
      .taking(form_type)
      .with(&Route::page, page);
}
template <auto Function>
constexpr Route visitors_page(std::string_view pattern, std::string_view query = {}) {
  return page<Function>(pattern, query)
      .with(&Route::caller, Caller::visitor)
      .held(Caching::for_asker);
}
template <auto Function>
constexpr Route own_page(std::string_view pattern, std::string_view query = {}) {
  return page<Function>(pattern, query)
      .with(&Route::caller, Caller::viewer)
      .held(Caching::for_asker);
}
template <auto Function>
constexpr Route own_form(std::string_view pattern) {
  return form_of(Caller::viewer, pattern, static_cast<PageFunction>(Function), shown<Function>);
}

constexpr auto public_rows = std::to_array<Route>(
    {page<search_page>("/search", "q"),
     page<forecast_page>("/forecast", "manufacturer_id device_type"),
     page<lookup_page>("/lookup"),
     asked_page<lookup_page>("/lookup"),
     page<manufacturer_page>("/manufacturers/{number}"),
     page<models_page>("/models",
                       "q device_type manufacturer_id status cover_ends_by after day month year"),
     page<model_page>("/models/{model}", "day month year"),
     page<changes_page>("/changes", "before"),
     page<entry_page>("/entries/{index}"),
     page<notices_page>("/notices", "state before"),
     page<notice_page>("/notices/{index}"),
     page<performance_page>("/performance", "from to"),
     page<decisions_page>("/decisions", "standing open before"),
     page<decision_page>("/decisions/{index}"),
     page<agenda_page>("/agenda", "day month year"),
     page<meetings_page>("/meetings"),
     page<meeting_page>("/meetings/{meeting}"),
     page<proposals_page>("/proposals"),
     page<actions_page>("/actions", "state after"),
     page<specifications_page>("/specifications"),
     page<loadings_page>("/loadings", "before"),
     page<extracts_page>("/extracts"),
     page<extract_difference_page>("/extracts/compare", "from to"),
     page<extract_page>("/extracts/{version}"),
     page<log_page>("/log"),
     page<keys_page>("/log/keys"),
     page<consistency_page>("/log/consistency", "from to"),
     page<check_page>("/check", "model notice"),
     page<help_page>("/help"),
     page<help_words_page>("/help/words"),
     page<help_follow_page>("/help/follow"),
     page<help_certificates_page>("/help/certificates"),
     page<help_submission_page>("/help/submission"),
     page<developers_page>("/developers"),
     page<accessibility_page>("/accessibility")});

constexpr auto own_rows = std::to_array<Route>(
    {visitors_page<sign_in_page>("/sign-in", "to"),
     form_of(Caller::visitor, "/sign-in", sign_in_page, sign_in),
     form_of(Caller::viewer, "/sign-out", signed_out_page, sign_out),
     page<signed_out_page>("/signed-out"),
     own_page<me_page>("/me"),
     own_form<me_page>("/me"),
     own_page<new_subscription_page>("/me/subscriptions/new"),
     own_form<new_subscription_page>("/me/subscriptions/new"),
     own_page<subscription_page>("/me/subscriptions/{id}", "done"),
     own_form<subscription_page>("/me/subscriptions/{id}"),
     own_page<change_subscription_page>("/me/subscriptions/{id}/change"),
     own_form<change_subscription_page>("/me/subscriptions/{id}/change"),
     own_page<end_subscription_page>("/me/subscriptions/{id}/end"),
     own_form<end_subscription_page>("/me/subscriptions/{id}/end"),
     own_page<attempts_page>("/me/subscriptions/{id}/attempts", "state day month year before"),
     own_page<attempt_page>("/me/subscriptions/{id}/attempts/{number}"),
     own_page<openings_page>("/me/openings"),
     own_page<opening_page>("/me/openings/{index}", "as").giving("text/html application/json"),
     own_page<new_report_page>("/report", "model"),
     own_form<new_report_page>("/report"),
     own_page<report_page>("/reports/{number}")});

}  // namespace

std::span<const Route> page_rows() {
  static const std::vector<Route> all = [] {
    std::vector<Route> rows(public_rows.begin(), public_rows.end());
    rows.insert(rows.end(), own_rows.begin(), own_rows.end());
    return rows;
  }();
  return all;
}

}  // namespace cpl
