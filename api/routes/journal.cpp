// What is kept in the journal of what is asked here, and the journal for the operator to read.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/journal.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t lines_default = 50;
constexpr std::uint64_t lines_max = 500;
// What an answer says of what was done. All else may be a secret.
constexpr std::array<std::string_view, 11> told_members = {
    "entry", "kept",   "classification", "readers", "party",  "name",
    "code",  "folder", "size",           "number",  "details"};

std::string what_of(const HttpRequest& request) {
  return std::string(name_of(request.method)) + " " + request.target;
}

Bytes about(const HttpResponse& response) {
  if (response.body == nullptr) return {};
  const auto body = parse_json(*response.body);
  if (!body || !body->is_object()) return {};
  Json told = Json::object();
  for (const std::string_view name : told_members) {
    const auto member = body->find(name);
    if (member != body->end()) told[std::string(name)] = *member;
  }
  return told.empty() ? Bytes() : told.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_reading(const HttpRequest& request) {
  return request.method == HttpMethod::get || request.method == HttpMethod::head;
}

}  // namespace

// A deed is written down before it is done, and what came of it after: if the first cannot be,
// nothing is done.
Result<HttpResponse> JournalRoutes::recorded(const HttpRequest& request,
                                             const std::function<HttpResponse()>& act) {
  if (journal_ == nullptr) return act();
  JournalLine line{"operator", request.peer, what_of(request)};
  if (!is_reading(request)) TRY_VOID(journal_->add(line));
  HttpResponse response = act();
  line.status = response.status;
  if (!is_reading(request)) line.about = about(response);
  const auto kept = journal_->add(line);
  // What was done is done; what was only to be shown is not shown.
  if (!kept && is_reading(request)) return kept.error();
  return response;
}

Result<HttpResponse> JournalRoutes::recorded_of(
    const PartyId& who, const HttpRequest& request,
    const std::function<Result<HttpResponse>(Bytes& about)>& act) {
  Bytes about;
  if (journal_ == nullptr) return act(about);
  if (!act_rate_.allow(who.name, clock_.now())) {
    return Error{Errc::overloaded, "rate-limited",
                 "the tray is used more often than it may be: wait a second"};
  }
  JournalLine line{"party:" + who.name, request.peer, what_of(request)};
  TRY_VOID(journal_->add(line));
  auto outcome = act(about);
  line.status = outcome ? outcome->status : status_of(outcome.error());
  line.about = std::move(about);
  // What was done is done.
  static_cast<void>(journal_->add(line));
  return outcome;
}

Result<void> JournalRoutes::record_opening_read(const HttpRequest& request, const PartyId& reader) {
  if (journal_ == nullptr) return {};
  if (!opening_rate_.allow(reader.name, clock_.now())) {
    return Error{Errc::overloaded, "rate-limited",
                 "sealed texts are read more often than they may: wait a second"};
  }
  return journal_->add({"party:" + reader.name, request.peer, what_of(request), 200});
}

Result<HttpResponse> JournalRoutes::list(const Call& call) const {
  const std::uint64_t limit = TRY(call.number("limit", lines_default, 1, lines_max));
  std::optional<std::uint64_t> before;
  if (call.request.parameter("before")) {
    before = TRY(call.number("before", 0, 1, json_integer_max));
  }
  if (journal_ == nullptr) {
    return Error{Errc::unavailable, "journal-not-kept", "this service keeps no journal"};
  }
  auto lines = TRY(journal_->newest(before, limit));
  const bool more = lines.size() == limit && lines.back()["number"] != 1;
  const Json next = more ? lines.back()["number"] : Json();
  return json_response(200, {{"lines", std::move(lines)}, {"next", next}});
}

}  // namespace cpl
