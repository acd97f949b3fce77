// What Parties and the Service Desk report, and what they are answered. A report is shown to who
// sent it and to the operator; nobody else's answer tells that it exists.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/reports.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t reports_page_default = 50;
constexpr std::uint64_t reports_page_max = 100;

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

Result<void> answer_report(ReportBook& book, const LogView& log, UnixMillis now, const Call& call,
                           const Answer& answer) {
  const std::uint64_t number = TRY(number_in_path(call.segment()));
  ReportAnswer given = TRY(read_report_answer(TRY(parse_json(call.request.body)), now));
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

// How many, and after which one.
struct PageWanted {
  std::uint64_t limit;
  std::uint64_t after;
};

Result<PageWanted> page_wanted(const Call& call) {
  const std::uint64_t limit = TRY(call.number("limit", reports_page_default, 1, reports_page_max));
  const std::uint64_t after = TRY(call.number("after", 0, 0, json_integer_max));
  return PageWanted{limit, after};
}

}  // namespace

Result<ReportBook*> ReportRoutes::book_here() const {
  if (book != nullptr) return book.get();
  return Error{Errc::unavailable, "reports-unavailable", "this service takes no reports"};
}

Result<void> ReportRoutes::send(const Call& call, const Answer& answer) const {
  return send_report(*TRY(book_here()), call.log, *call.party, call.request, answer);
}

Result<HttpResponse> ReportRoutes::list_own(const Call& call) const {
  const ReportBook& reports = *TRY(book_here());
  const auto [limit, after] = TRY(page_wanted(call));
  return page_response(limit, reports.of_owner(*call.party, after, limit + 1));
}

Result<HttpResponse> ReportRoutes::get_own(const Call& call) const {
  const ReportBook& reports = *TRY(book_here());
  const std::uint64_t number = TRY(number_in_path(call.segment()));
  return json_response(200, to_json(TRY(reports.find(*call.party, number))));
}

Result<HttpResponse> ReportRoutes::list_all(const Call& call) const {
  const ReportBook& reports = *TRY(book_here());
  const bool waiting = TRY(waiting_only(call.request));
  const auto [limit, after] = TRY(page_wanted(call));
  return page_response(limit, reports.list(after, limit + 1, waiting));
}

Result<HttpResponse> ReportRoutes::get_any(const Call& call) const {
  const ReportBook& reports = *TRY(book_here());
  return json_response(200, to_json(TRY(reports.find(TRY(number_in_path(call.segment()))))));
}

Result<void> ReportRoutes::answer_one(const Call& call, const Answer& answer) const {
  return answer_report(*TRY(book_here()), call.log, clock.now(), call, answer);
}

}  // namespace cpl
