// Notices and meetings: "is this removal genuine?", and on whose word.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/notices.hpp"
#include "api/routes/reads.hpp"
#include "api/routes/views.hpp"
#include "registry/evidence/verdict.hpp"
#include "registry/query/entry_signers.hpp"
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
    filter.state_ = read_word<NoticeState>(*word);
    if (filter.open_ || filter.state_) return filter;
    return malformed("parameter-malformed",
                     "state must be issued, received, validated, rejected, applied, withdrawn or "
                     "open");
  }

  bool wants(NoticeState state) const {
    if (open_) return !is_over(state);
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
    json["clocks"].push_back({{"step", word_of(clock.step)},
                              {"since", format_time(clock.since)},
                              {"due", format_time(clock.due)},
                              {"done", clock.done ? Json(format_time(*clock.done)) : Json()}});
  }
  return json;
}

// What the Service Desk answered, beside the numbers of its receipts.
Result<Json> answers_to(const LogView& log, const NoticeRecord& record) {
  Json answers = Json::array();
  for (const EntryIndex index : record.receipts) {
    const ReadEntry read = TRY(read_entry(log, index));
    const auto& [entry, note, statement] = read;
    const auto* receipt = std::get_if<Receipt>(&statement.body);
    if (receipt == nullptr) return corrupt("a notice names a receipt that is none");
    const auto& [notice, status, code, text, applied_at, models] = *receipt;
    const EntrySigners signers = TRY(entry_signers(log, index, note, statement));
    answers.push_back({{"entry", index.value},
                       {"time", format_time_millis(entry.time)},
                       {"status", word_of(status)},
                       {"code", code ? Json(*code) : Json()},
                       {"text", text ? to_json(*text) : Json()},
                       {"applied_at", applied_at ? Json(format_time(*applied_at)) : Json()},
                       {"signed_by", signers.names}});
  }
  return answers;
}

Result<NoticeRecord> record_of_notice(const Call& call) {
  const EntryIndex index = TRY(call.entry());
  auto record = TRY(call.log.list().notice(index));
  if (record) return *std::move(record);
  TRY(call.log.leaf(index));  // Where there is no such entry, that is said.
  return Error{Errc::not_found, "notice-not-found",
               "entry " + std::to_string(index.value) + " is not a notice"};
}

Result<Evidence> notice_evidence(const Call& call) {
  const EntryIndex index = TRY(record_of_notice(call)).entry;
  call.keep_published();
  TRY_VOID(check_published(call.published, index));
  return build_notice_evidence(call.published, index);
}

}  // namespace

Result<HttpResponse> NoticeRoutes::list(const Call& call) const {
  const std::uint64_t limit = TRY(call.number("limit", notices_page_default, 1, notices_page_max));
  const std::uint64_t before =
      TRY(call.number("before", call.log.size().value, 0, json_integer_max));
  const StateFilter state = TRY(StateFilter::parse(call.request.parameter("state")));
  Json notices = Json::array();
  std::optional<EntryIndex> at{EntryIndex{before}};
  bool more = true;
  for (std::size_t scanned = 0; more && notices.size() < limit && scanned < notices_scanned_max;) {
    const auto records = TRY(call.log.list().notices_before(at, notices_page_max));
    more = records.size() == notices_page_max;
    for (const NoticeRecord& record : records) {
      ++scanned;
      at = record.entry;
      if (!state.wants(record.state)) continue;
      notices.push_back(TRY(notice_with_clocks(call.log, record, desk)));
      if (notices.size() == limit) {
        more = true;
        break;
      }
    }
  }
  call.keep = Call::Keep::at_size;
  return json_response(
      200, {{"log_size", call.log.size().value},
            {"notices", notices},
            {"contact", desk.contact},
            {"calendar", {{"name", desk.calendar.name()}, {"version", desk.calendar.version()}}},
            {"next", more ? Json(at->value) : Json()}});
}

Result<HttpResponse> NoticeRoutes::get(const Call& call) const {
  const NoticeRecord record = TRY(record_of_notice(call));
  call.keep = Call::Keep::at_size;
  Json json = TRY(notice_with_clocks(call.log, record, desk));
  json["answers"] = TRY(answers_to(call.log, record));
  return json_response(200, json);
}

Result<HttpResponse> NoticeRoutes::evidence(const Call& call) const {
  return text_response(200, "application/json", format_evidence(TRY(notice_evidence(call))));
}

Result<HttpResponse> NoticeRoutes::verdict(const Call& call) const {
  const Verdict verdict =
      judge(TRY(notice_evidence(call)), TrustPolicy::of_log(log_key), JudgeOptions{clock.now()});
  return json_response(200, to_json(verdict));
}

Result<HttpResponse> list_meetings(const Call& call) {
  call.keep = Call::Keep::at_size;
  Json meetings = Json::array();
  for (const MeetingRecord& record : TRY(call.log.list().meetings(meetings_max))) {
    meetings.push_back(meeting_view(record));
  }
  return json_response(200, {{"log_size", call.log.size().value}, {"meetings", meetings}});
}

Result<HttpResponse> get_meeting(const Call& call) {
  call.keep = Call::Keep::at_size;
  for (const MeetingRecord& record : TRY(call.log.list().meetings(meetings_max))) {
    if (record.meeting.meeting == call.segment()) return json_response(200, meeting_view(record));
  }
  return Error{Errc::not_found, "meeting-not-found", "no minutes of that meeting are here"};
}

}  // namespace cpl
