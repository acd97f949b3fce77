// The work around the list: versions loaded, actions, meetings to come, removals proposed,
// specifications, counts.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/reads.hpp"
#include "api/routes/views.hpp"
#include "registry/query/entry_signers.hpp"
#include "registry/query/proposals.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t actions_page_default = 100;
constexpr std::uint64_t actions_page_max = 500;
constexpr std::size_t actions_scanned_max = 20'000;
constexpr std::size_t calendars_max = 100;

Json date_or_null(const std::optional<Date>& date) { return date ? Json(date->text()) : Json(); }

// What the minutes that raised it say, and what was said last.
class ActionWords {
 public:
  explicit ActionWords(const LogView& log) : log_(log) {}

  Result<Json> of(const ActionRecord& record) {
    Json words;
    for (const EntryIndex index : record.entries) {
      const StatementBody& body = *TRY(body_of(index));
      const auto* minutes = std::get_if<Minutes>(&body);
      if (minutes == nullptr) continue;
      for (const MinutesAction& action : minutes->actions) {
        if (action.ref == record.ref) words = to_json(action.text);
      }
    }
    return words;
  }

  Result<Json> last(const ActionRecord& record) {
    const StatementBody& body = *TRY(body_of(record.entries.back()));
    if (const auto* update = std::get_if<ActionUpdate>(&body)) return to_json(update->why);
    if (const auto* minutes = std::get_if<Minutes>(&body)) {
      for (const MinutesOutstanding& outstanding : minutes->outstanding) {
        if (outstanding.ref == record.ref && outstanding.text) return to_json(*outstanding.text);
      }
    }
    return Json();
  }

 private:
  // Minutes hold many actions: each is read once.
  Result<const StatementBody*> body_of(EntryIndex index) {
    auto found = read_.find(index);
    if (found == read_.end()) {
      found = read_.emplace(index, TRY(read_entry(log_, index)).statement.body).first;
    }
    return &found->second;
  }

  const LogView& log_;
  std::map<EntryIndex, StatementBody> read_;
};

Result<Json> action_json(const ActionRecord& record, ActionWords& words) {
  Json entries = Json::array();
  for (const EntryIndex entry : record.entries) entries.push_back(entry.value);
  Json text = TRY(words.of(record));
  Json last_said = TRY(words.last(record));
  return Json{{"body", record.body},
              {"ref", record.ref},
              {"state", word_of(record.state)},
              {"owner", record.owner ? Json(*record.owner) : Json()},
              {"due", date_or_null(record.due)},
              {"text", std::move(text)},
              {"last_said", std::move(last_said)},
              {"entries", entries},
              {"closed_by", index_or_null(record.closed_by)}};
}

Json proposal_json(const ProposedRemoval& one) {
  return {{"model", one.model.text()},
          {"body", one.meeting.body},
          {"meeting", one.meeting.meeting},
          {"date", date_or_null(one.date)},
          {"paper", one.paper.value},
          {"basis", to_string(one.basis)},
          {"why", to_json(one.why)},
          {"outcome", word_of(one.outcome)},
          {"decision", index_or_null(one.decision)}};
}

}  // namespace

Result<HttpResponse> list_actions(const Call& call) {
  const std::uint64_t limit = TRY(call.number("limit", actions_page_default, 1, actions_page_max));
  const std::uint64_t skip = TRY(call.number("after", 0, 0, actions_scanned_max));
  std::optional<ActionState> wanted;
  if (const auto word = call.request.parameter("state")) {
    wanted = read_word<ActionState>(*word);
    if (!wanted) return malformed("parameter-malformed", "state must be open or closed");
  }
  Json actions = Json::array();
  ActionWords words(call.log);
  std::uint64_t place = 0;
  bool more = false;
  for (const WorkRecord& record :
       TRY(call.log.list().work_after(WorkKind::action, {}, actions_scanned_max))) {
    const auto& action = std::get<ActionRecord>(record);
    if (wanted && action.state != *wanted) continue;
    if (place++ < skip) continue;
    more = actions.size() == limit;
    if (more) break;
    actions.push_back(TRY(action_json(action, words)));
  }
  call.keep = Call::Keep::at_size;
  return json_response(200, {{"log_size", call.log.size().value},
                             {"next", more ? Json(skip + actions.size()) : Json()},
                             {"actions", std::move(actions)}});
}

Result<HttpResponse> list_planned_meetings(const Call& call) {
  Json calendars = Json::array();
  for (const WorkRecord& record :
       TRY(call.log.list().work_after(WorkKind::calendar, {}, calendars_max))) {
    const auto& [entry, calendar] = std::get<CalendarRecord>(record);
    Json json = to_json(StatementBody(calendar));
    json["entry"] = entry.value;
    calendars.push_back(std::move(json));
  }
  call.keep = Call::Keep::at_size;
  return json_response(200,
                       {{"log_size", call.log.size().value}, {"calendars", std::move(calendars)}});
}

Result<HttpResponse> list_proposals(const Call& call) {
  Json proposals = Json::array();
  for (const ProposedRemoval& one : TRY(proposed_removals(call.log))) {
    proposals.push_back(proposal_json(one));
  }
  call.keep = Call::Keep::at_size;
  return json_response(200,
                       {{"log_size", call.log.size().value}, {"proposals", std::move(proposals)}});
}

Result<HttpResponse> get_specifications(const Call& call) {
  call.keep = Call::Keep::at_size;
  Json json = {{"log_size", call.log.size().value},
               {"entry", Json()},
               {"version", 0},
               {"rows", Json::array()}};
  const auto record = TRY(work_of<SpecificationsRecord>(call.log.list(), specifications_key()));
  if (record) {
    json.update(to_json(StatementBody(record->specifications)));
    json["entry"] = record->entry.value;
  }
  return json_response(200, json);
}

}  // namespace cpl
