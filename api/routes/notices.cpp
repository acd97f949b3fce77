// Notices, decisions and meetings: "is this removal genuine?", and on whose word.
#include <nlohmann/json.hpp>

#include "api/routes/read.hpp"
#include "api/routes/views.hpp"
#include "registry/evidence/verdict.hpp"
#include "registry/query/evidence_builder.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t notices_page_default = 100;
constexpr std::uint64_t notices_page_max = 500;
constexpr std::size_t notices_scanned_max = 20'000;  // Per request; `next` goes on from there.
constexpr std::size_t meetings_max = 10'000;

// Which notices are wanted: those in one state, or those that nobody has finished with.
class StateFilter {
 public:
  static Result<StateFilter> parse(std::optional<std::string_view> word) {
    StateFilter filter;
    if (!word) return filter;
    filter.open_ = *word == "open";
    const auto known = std::find(notice_state_words.begin(), notice_state_words.end(), *word);
    if (known != notice_state_words.end()) {
      filter.state_ = static_cast<NoticeState>(known - notice_state_words.begin());
    }
    if (filter.open_ || filter.state_) return filter;
    return malformed("parameter-malformed",
                     "state must be issued, received, validated, rejected, applied or open");
  }

  bool wants(NoticeState state) const {
    if (open_) return state != NoticeState::applied && state != NoticeState::rejected;
    return !state_ || *state_ == state;
  }

 private:
  std::optional<NoticeState> state_;
  bool open_ = false;
};

// A notice with its clocks. How late it is depends on when one looks, so only times are told.
Result<Json> notice_with_clocks(const LogView& log, const NoticeRecord& record,
                                const DeskOptions& desk) {
  Json json = TRY(notice_view(log, record));
  json["clocks"] = Json::array();
  for (const DeskClock& clock : TRY(desk_clocks(log, record, desk.limits, desk.calendar))) {
    json["clocks"].push_back({{"step", desk_step_words[static_cast<std::size_t>(clock.step)]},
                              {"since", format_time(clock.since)},
                              {"due", format_time(clock.due)},
                              {"done", clock.done ? Json(format_time(*clock.done)) : Json()}});
  }
  return json;
}

}  // namespace

Result<HttpResponse> Api::get_notices(const Read& read) const {
  const std::uint64_t limit = TRY(read.number("limit", notices_page_default, 1, notices_page_max));
  const std::uint64_t before =
      TRY(read.number("before", read.log.size().value, 0, json_integer_max));
  const StateFilter state = TRY(StateFilter::parse(read.request.parameter("state")));
  Json notices = Json::array();
  std::optional<EntryIndex> at{EntryIndex{before}};
  bool more = true;
  for (std::size_t scanned = 0; more && notices.size() < limit && scanned < notices_scanned_max;) {
    const auto records = TRY(read.log.list().notices_before(at, notices_page_max));
    more = records.size() == notices_page_max;
    for (const NoticeRecord& record : records) {
      ++scanned;
      at = record.entry;
      if (!state.wants(record.state)) continue;
      notices.push_back(TRY(notice_with_clocks(read.log, record, desk_.options())));
      if (notices.size() == limit) {
        more = true;
        break;
      }
    }
  }
  read.keep = Read::Keep::at_size;
  return json_response(200, {{"log_size", read.log.size().value},
                             {"notices", notices},
                             {"contact", desk_.options().contact},
                             {"calendar",
                              {{"name", desk_.options().calendar.name()},
                               {"version", desk_.options().calendar.version()}}},
                             {"next", more ? Json(at->value) : Json()}});
}

Result<HttpResponse> Api::get_notice(const Read& read, Path path) const {
  const EntryIndex index = TRY(entry_in_path(path[0]));
  const auto record = TRY(read.log.list().notice(index));
  if (!record) {
    TRY(read.log.leaf(index));  // Where there is no such entry, that is said.
    return Error{Errc::not_found, "notice-not-found",
                 "entry " + std::to_string(index.value) + " is not a notice"};
  }
  read.keep = Read::Keep::at_size;
  if (path.size() == 1) {
    return json_response(200, TRY(notice_with_clocks(read.log, *record, desk_.options())));
  }
  read.keep_published();
  TRY_VOID(check_published(read.published, index));
  if (path.size() == 2 && path[1] == "evidence") {
    return text_response(200, "application/json",
                         format_evidence(TRY(build_notice_evidence(read.published, index))));
  }
  if (path.size() == 2 && path[1] == "verdict") return get_verdict(read, index);
  return Error{Errc::not_found, "not-found", "a notice has /evidence and /verdict"};
}

Result<HttpResponse> Api::get_verdict(const Read& read, EntryIndex notice) const {
  const Evidence evidence = TRY(build_notice_evidence(read.published, notice));
  const Verdict verdict =
      judge(evidence, TrustPolicy::of_log(options_.log_key), JudgeOptions{clock_.now()});
  return json_response(200, to_json(verdict));
}

Result<HttpResponse> Api::get_decisions(const Read& read, Path path) const {
  read.keep = Read::Keep::at_size;
  if (path.size() == 1) {
    const EntryIndex index = TRY(entry_in_path(path[0]));
    const auto record = TRY(read.log.list().decision(index));
    if (!record) {
      return Error{Errc::not_found, "decision-not-found",
                   "entry " + std::to_string(index.value) + " is not a decision"};
    }
    return json_response(200, decision_view(*record));
  }
  if (path.size() == 2 && path[1] == "evidence") {
    const EntryIndex index = TRY(entry_in_path(path[0]));
    read.keep_published();
    return text_response(200, "application/json",
                         format_evidence(TRY(build_decision_evidence(read.published, index))));
  }
  if (!path.empty()) return Error{Errc::not_found, "not-found", "a decision has /evidence"};
  const std::uint64_t limit = TRY(read.number("limit", notices_page_default, 1, notices_page_max));
  const std::uint64_t before =
      TRY(read.number("before", read.log.size().value, 0, json_integer_max));
  Json decisions = Json::array();
  for (const auto& record : TRY(read.log.list().decisions_before(EntryIndex{before}, limit))) {
    decisions.push_back(decision_view(record));
  }
  const bool more = decisions.size() == limit;
  const Json next = more ? decisions.back()["entry"] : Json();
  return json_response(
      200, {{"log_size", read.log.size().value}, {"decisions", decisions}, {"next", next}});
}

Result<HttpResponse> Api::get_meetings(const Read& read, Path path) const {
  read.keep = Read::Keep::at_size;
  if (path.size() > 1) return Error{Errc::not_found, "not-found", "a meeting has nothing below it"};
  Json meetings = Json::array();
  for (const MeetingRecord& record : TRY(read.log.list().meetings(meetings_max))) {
    if (!path.empty() && record.meeting.meeting != path[0]) continue;
    meetings.push_back(meeting_view(record));
  }
  if (path.empty()) {
    return json_response(200, {{"log_size", read.log.size().value}, {"meetings", meetings}});
  }
  if (meetings.empty()) {
    return Error{Errc::not_found, "meeting-not-found", "no minutes of that meeting are here"};
  }
  return json_response(200, meetings[0]);
}

}  // namespace cpl
