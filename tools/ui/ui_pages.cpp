#include "tools/ui/ui_pages.hpp"

#include "api/html/assets.hpp"
#include "api/html/error_page.hpp"
#include "api/http/form.hpp"
#include "api/http/problem.hpp"
#include "api/routes/router.hpp"
#include "tools/ui/audit_pages.hpp"
#include "tools/ui/operator.hpp"
#include "tools/ui/prepare.hpp"
#include "tools/ui/sign.hpp"
#include "tools/ui/today.hpp"
#include "tools/ui/tray.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t roles_millis = 60'000;

bool is_read(const HttpRequest& request) {
  return request.method == HttpMethod::get || request.method == HttpMethod::head;
}

Error no_page() {
  return Error{Errc::not_found, "not-found",
               "There is no page at this address. It may be misspelt, or the link is wrong."};
}

HttpResponse asset(const std::string& file) {
  const Asset* const found = find_asset(file);
  if (found == nullptr) return text_response(404, "text/plain", "");
  return text_response(200, found->type, Bytes(found->text));
}

}  // namespace

HttpResponse UiPages::answer(const HttpRequest& request) {
  const auto& segments = request.segments;
  if (segments.size() == 2 && segments[0] == "assets") return asset(segments[1]);
  if (!segments.empty() && segments[0] == "v1") return forwarded(request);
  auto page = page_of(request);
  return page ? shown(*std::move(page)) : refused(page.error());
}

// Asked for anew at times: a charter may have come since.
UiPages::Roles UiPages::roles() {
  const Lock lock(mutex_);
  const UnixMillis now = work_.cli.clock.now();
  if (now < roles_until_) return roles_;
  roles_until_ = UnixMillis{now.value + roles_millis};
  roles_ =
      Roles{.is_signer = !work_.keys.all().empty(), .is_operator = holds_operator_token(work_)};
  if (const CharterInForce charter = charter_in_force(work_)) {
    roles_.is_desk = work_.keys.in(charter->charter, Role::service_desk) != nullptr;
    roles_.is_registrar = work_.keys.in(charter->charter, Role::registrar) != nullptr;
  }
  return roles_;
}

// What pages offer for download. It changes nothing there.
HttpResponse UiPages::forwarded(const HttpRequest& request) const {
  const auto got = is_read(request)
                       ? work_.client.get(request.target)
                       : Result<HttpAnswer>(malformed("method-not-allowed", "reads only"));
  if (!got) return problem_response(got.error(), request.target);
  return text_response(200, got->content_type, got->body);
}

Result<Page> UiPages::page_of(const HttpRequest& request) {
  if (request.segments.empty()) return home(request);
  if (auto page = TRY(page_done_here(request))) return *std::move(page);
  return page_told(request);
}

Result<Page> UiPages::home(const HttpRequest& request) {
  const Roles held = roles();
  if (held.is_desk) return desk_.inbox();
  if (held.is_registrar) return today_page(work_);
  if (held.is_signer) return sign_list_page(work_);
  if (held.is_operator) {
    return operator_home(work_);
  }
  return page_told(request);
}

Result<std::optional<Page>> UiPages::page_done_here(const HttpRequest& request) {
  const auto& segments = request.segments;
  const std::string& first = segments.front();
  if (segments.size() == 1 && first == "today") return std::optional(TRY(today_page(work_)));
  if (segments.size() == 1 && first == "desk") return std::optional(TRY(desk_.inbox()));
  if (segments.size() == 4 && first == "notices" && segments[2] == "receipt") {
    return std::optional(TRY(receipt_page(request)));
  }
  if (first == "sign") return sign_page_of(request);
  if (first == "audit" || first == "operator" || first == "deliveries") {
    std::optional<SentForm> form;
    if (!is_read(request)) form = TRY(parse_sent_form(request));
    const SentForm* const sent = form ? &*form : nullptr;
    if (first == "audit") return audit_page_of(work_, segments, sent);
    return operator_page_of(work_, {.segments = segments, .query = request.query, .form = sent});
  }
  if (first == "tray") return tray_page_of(request);
  if (first == "prepare") return prepare_page_of(request);
  return std::optional<Page>();
}

Result<std::optional<Page>> UiPages::sign_page_of(const HttpRequest& request) const {
  const auto& segments = request.segments;
  if (is_read(request)) {
    if (segments.size() == 1) return std::optional(TRY(sign_list_page(work_)));
    if (segments.size() == 2) return std::optional(TRY(sign_page(work_, segments[1])));
    const bool is_file = segments.size() == 3 && segments[2] == "file";
    if (is_file) return std::optional(TRY(statement_file(work_, segments[1])));
    return std::optional<Page>();
  }
  const SentForm form = TRY(parse_sent_form(request));
  if (segments.size() == 1) return std::optional(TRY(take_statement(work_, form)));
  if (segments.size() != 3) return std::optional<Page>();
  const std::string& name = segments[1];
  const std::string& act = segments[2];
  if (act == "sign") return std::optional(TRY(sign_set_page(work_, name, form)));
  if (act == "send") return std::optional(TRY(send_set_page(work_, name)));
  if (act == "tray") return std::optional(TRY(put_set_into_tray(work_, name, form)));
  if (act == "discard") return std::optional(TRY(discard_set_page(work_, name)));
  if (act == "minutes") return std::optional(TRY(compare_minutes_page(work_, name, form)));
  return std::optional<Page>();
}

Result<std::optional<Page>> UiPages::tray_page_of(const HttpRequest& request) const {
  const auto& segments = request.segments;
  if (is_read(request) || segments.size() != 3) return std::optional<Page>();
  if (segments[2] == "take") return std::optional(TRY(take_from_tray(work_, segments[1])));
  if (segments[2] == "withdraw") return std::optional(TRY(withdraw_page(work_, segments[1])));
  return std::optional<Page>();
}

Result<std::optional<Page>> UiPages::prepare_page_of(const HttpRequest& request) const {
  const auto& segments = request.segments;
  if (segments.size() == 1) return std::optional(prepare_index_page());
  const PreparePage prepare = segments.size() == 2 ? find_prepare_page(segments[1]) : nullptr;
  if (prepare == nullptr) return std::optional<Page>();
  PageRequest page_request;
  page_request.query = request.query;
  if (is_read(request)) return std::optional(TRY(prepare(work_, page_request, nullptr)));
  const SentForm form = TRY(parse_sent_form(request));
  auto prepared = prepare(work_, page_request, &form);
  if (prepared) return std::optional(*std::move(prepared));
  // A mistake is a step back, not an end: the form again, with what was typed.
  for (const auto& [name, value] : form.fields) {
    if (!value.empty() && page_request.asked(name).empty())
      page_request.query.emplace_back(name, value);
  }
  auto again = prepare(work_, page_request, nullptr);
  if (!again) return prepared.error();
  return std::optional(with_mistake(*std::move(again), prepared.error()));
}

Result<Page> UiPages::receipt_page(const HttpRequest& request) {
  const auto status = receipt_status_of(request.segments[3]);
  if (!status) return no_page();
  const std::string& notice = request.segments[1];
  if (is_read(request)) return desk_.prepare(notice, *status, request.query);
  const SentForm form = TRY(parse_sent_form(request));
  return desk_.send(notice, *status, std::string(form.field("number")));
}

Result<PageRequest> UiPages::asked(const HttpRequest& request) const {
  PageRequest asked;
  asked.is_sent = request.method == HttpMethod::post;
  asked.form_key = work_.guard.form_key(request.path());
  HttpParameters given = asked.is_sent ? TRY(parse_form(request.body)) : request.query;
  for (auto& [name, value] : given) {
    if (!value.empty()) asked.query.emplace_back(std::move(name), std::move(value));
  }
  return asked;
}

Result<Page> UiPages::page_told(const HttpRequest& request) const {
  const Path* const path = find_path(request.segments);
  const Route* const route = path == nullptr ? nullptr : path->row(request.method);
  const bool is_here = route != nullptr && route->page != nullptr;
  if (!is_here || route->caller != Caller::everybody) return no_page();
  TRY_VOID(check_query(*route, request));
  PageRequest page_request = TRY(asked(request));
  for (const std::size_t place : path->places) {
    page_request.places.push_back(request.segments[place]);
  }
  return route->page(page_request, work_.source);
}

HttpResponse UiPages::refused(const Error& error) {
  HttpResponse response = shown(error_page(error));
  response.status = problem_response(error, "").status;
  return response;
}

HttpResponse UiPages::shown(Page page) {
  if (page.download) return download_response(*page.download);
  page.is_live = false;  // Whose stream would be another origin's.
  const Roles held = roles();
  OwnMachine own{work_.keys.names(), {}};
  if (held.is_registrar) own.places.push_back({Section::today, "/today", "Today"});
  if (held.is_desk || !held.is_signer) own.places.push_back({Section::desk, "/desk", "Inbox"});
  if (held.is_registrar) own.places.push_back({Section::prepare, "/prepare", "Prepare"});
  if (held.is_signer) own.places.push_back({Section::sign, "/sign", "To sign"});
  own.places.push_back({Section::audit, "/audit", "Audit"});
  if (held.is_operator) own.places.push_back({Section::operate, "/operator", "Operator"});
  SiteFacts site{
      .name = "Certified Products List registry", .origin = {}, .own_machine = std::move(own)};
  const auto head = newest_checkpoint(work_);
  if (head) {
    site.origin = head->origin;
    site.size = head->size.value;
  } else {
    site.refusal = head.error();
  }
  HttpResponse response =
      page.see_other ? text_response(303, "text/plain", "") : framed(page, site);
  if (page.see_other) response.headers.emplace_back("Location", page.see_other->text());
  set_header(response, "Cache-Control", "no-store");
  return response;
}

}  // namespace cpl
