// What Parties and the Service Desk report, and what they are answered. A report is shown to who
// sent it and to the operator; nobody else's answer tells that it exists.
#include <nlohmann/json.hpp>

#include "api/routes/read.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t reports_page_default = 50;
constexpr std::uint64_t reports_page_max = 100;

Error no_reports_kept() {
  return Error{Errc::unavailable, "reports-unavailable", "this service takes no reports"};
}

Result<std::uint64_t> number_in_path(const std::string& segment) {
  const auto number = from_decimal(segment);
  if (number) return *number;
  return Error{Errc::not_found, "report-not-found", "a report's number is counted from 1"};
}

// Of one more than a page holds: whether there are more is seen from it.
HttpResponse page_response(std::uint64_t limit, std::vector<Report> found) {
  const bool more = found.size() > limit;
  if (more) found.pop_back();
  Json reports = Json::array();
  for (const Report& report : found) reports.push_back(to_json(report));
  return json_response(
      200, {{"reports", std::move(reports)}, {"next", more ? Json(found.back().number) : Json()}});
}

HttpResponse made_response(const Report& report, const std::string& location) {
  HttpResponse response = json_response(201, to_json(report));
  response.headers.emplace_back("Location", location + std::to_string(report.number));
  return response;
}

Result<void> send_report(ReportBook& book, const LogView& log, const PartyId& owner,
                         const HttpRequest& request, const Answer& answer) {
  ReportContent content = TRY(read_report_content(TRY(parse_json(request.body))));
  if (!TRY(log.list().model(content.model))) {
    return Error{Errc::not_found, "model-not-found",
                 content.model.text() + " was never on the list"};
  }
  TRY(book.add(owner, std::move(content), [&](const Report& made, WriteBatch& batch) {
    answer(made_response(made, "/v1/reports/"), batch);
  }));
  return {};
}

Result<void> answer_report(ReportBook& book, const LogView& log, UnixMillis now,
                           const HttpRequest& request, const Answer& answer) {
  const std::uint64_t number = TRY(number_in_path(request.segments[3]));
  ReportAnswer given = TRY(read_report_answer(TRY(parse_json(request.body)), now));
  for (const EntryIndex entry : given.entries) TRY(log.leaf(entry));
  TRY(book.answer(number, std::move(given), [&](const Report& answered, WriteBatch& batch) {
    answer(made_response(answered, "/v1/operator/reports/"), batch);
  }));
  return {};
}

Result<bool> waiting_only(const HttpRequest& request) {
  const std::string_view wanted = request.parameter("waiting").value_or("false");
  if (wanted == "true" || wanted == "false") return wanted == "true";
  return malformed("parameter-malformed", "waiting must be true or false");
}

}  // namespace

HttpResponse Api::reports(const HttpRequest& request) {
  const bool is_operators = request.segments[1] == "operator";
  auto response = is_operators ? route_operator_reports(request) : route_reports(request);
  return for_them_alone(response ? *std::move(response) : problem(response.error()));
}

// /v1/reports[/{number}]
Result<HttpResponse> Api::route_reports(const HttpRequest& request) {
  const PartyId owner = TRY(authenticate(request));
  if (!options_.reports) return no_reports_kept();
  ReportBook& book = *options_.reports;
  const auto view = log_.view();
  const Read read{request, *view, *view, options_};
  const Path path = Path(request.segments).subspan(2);
  const bool is_get = request.method == HttpMethod::get || request.method == HttpMethod::head;
  if (path.empty() && request.method == HttpMethod::post) {
    return once(request, principal_of(owner), [&](const Answer& answer) {
      return send_report(book, *view, owner, request, answer);
    });
  }
  if (path.empty() && is_get) {
    const std::uint64_t limit =
        TRY(read.number("limit", reports_page_default, 1, reports_page_max));
    const std::uint64_t after = TRY(read.number("after", 0, 0, json_integer_max));
    return page_response(limit, book.of_owner(owner, after, limit + 1));
  }
  if (path.size() == 1 && is_get) {
    const std::uint64_t number = TRY(number_in_path(path[0]));
    return json_response(200, to_json(TRY(book.find(owner, number))));
  }
  return Error{Errc::invalid, "method-not-allowed", "reports take GET and POST, one of them GET"};
}

// /v1/operator/reports[/{number}[/answers]]
Result<HttpResponse> Api::route_operator_reports(const HttpRequest& request) {
  TRY_VOID(authenticate_operator(request));
  if (!options_.reports) return no_reports_kept();
  ReportBook& book = *options_.reports;
  const auto view = log_.view();
  const Read read{request, *view, *view, options_};
  const Path path = Path(request.segments).subspan(3);
  const bool is_get = request.method == HttpMethod::get || request.method == HttpMethod::head;
  if (path.empty() && is_get) {
    const bool waiting = TRY(waiting_only(request));
    const std::uint64_t limit =
        TRY(read.number("limit", reports_page_default, 1, reports_page_max));
    const std::uint64_t after = TRY(read.number("after", 0, 0, json_integer_max));
    return page_response(limit, book.list(after, limit + 1, waiting));
  }
  if (path.size() == 1 && is_get) {
    const std::uint64_t number = TRY(number_in_path(path[0]));
    return json_response(200, to_json(TRY(book.find(number))));
  }
  if (path.size() == 2 && path[1] == "answers" && request.method == HttpMethod::post) {
    return once(request, operator_principal, [&](const Answer& answer) {
      return answer_report(book, *view, clock_.now(), request, answer);
    });
  }
  return Error{Errc::invalid, "method-not-allowed",
               "reports take GET here, and their answers POST"};
}

}  // namespace cpl
