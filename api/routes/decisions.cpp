#include "api/routes/decisions.hpp"

#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/reads.hpp"
#include "api/routes/views.hpp"
#include "registry/query/decision_progress.hpp"
#include "registry/query/evidence_builder.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t decisions_page_default = 100;
constexpr std::uint64_t decisions_page_max = 500;
// Per request; `next` goes on from there. To see whether a decision is open its models are read.
constexpr std::size_t scanned_max = 20'000;
constexpr std::size_t models_read_max = 20'000;

struct DecisionFilter {
  std::optional<DecisionStanding> standing;
  bool only_open = false;
};

Result<DecisionFilter> read_filter(const HttpRequest& request) {
  DecisionFilter filter;
  if (const auto word = request.parameter("standing")) {
    filter.standing = read_word<DecisionStanding>(*word);
    if (!filter.standing) {
      return malformed("parameter-malformed",
                       "standing must be provisional, confirmed or contradicted");
    }
  }
  if (const auto word = request.parameter("open")) {
    if (*word != "1") return malformed("parameter-malformed", "open must be 1");
    filter.only_open = true;
  }
  return filter;
}

std::size_t models_named(const DecisionRecord& record) {
  std::size_t count = 0;
  for (const Authorisation& one : record.decision.authorises) count += one.models.size();
  return count;
}

void put_progress(Json& json, const DecisionProgress& progress) {
  json["remaining"] = Json::array();
  for (const ModelId& id : progress.remaining) json["remaining"].push_back(id.text());
  json["due"] = progress.due ? Json(format_time(*progress.due)) : Json();
}

// Newest first, page by page of the store.
class DecisionPage {
 public:
  DecisionPage(const LogView& log, const DeskOptions& desk, const DecisionFilter& filter,
               std::size_t limit)
      : log_(log), desk_(desk), filter_(filter), limit_(limit) {}

  Result<void> fill(EntryIndex before) {
    std::optional<EntryIndex> at = before;
    while (!is_spent()) {
      const auto records = TRY(log_.list().decisions_before(at, decisions_page_max));
      for (const DecisionRecord& record : records) {
        if (is_spent()) return {};
        ++scanned_;
        at = next_ = record.entry;
        TRY_VOID(consider(record));
      }
      if (records.size() < decisions_page_max) {
        if (!is_spent()) next_.reset();
        return {};
      }
    }
    return {};
  }

  Json decisions = Json::array();
  Json next() const { return next_ ? Json(next_->value) : Json(); }

 private:
  bool is_spent() const {
    return decisions.size() == limit_ || scanned_ >= scanned_max || read_ >= models_read_max;
  }

  Result<void> consider(const DecisionRecord& record) {
    if (filter_.standing && record.standing != *filter_.standing) return {};
    Json json = decision_view(record);
    if (filter_.only_open) {
      read_ += models_named(record);
      const auto progress = TRY(
          decision_progress(log_.list(), record, desk_.limits.notify_working_days, desk_.calendar));
      if (!progress.is_open()) return {};
      put_progress(json, progress);
    }
    decisions.push_back(std::move(json));
    return {};
  }

  const LogView& log_;
  const DeskOptions& desk_;
  const DecisionFilter& filter_;
  const std::size_t limit_;
  std::size_t scanned_ = 0;
  std::size_t read_ = 0;
  std::optional<EntryIndex> next_;
};

}  // namespace

Result<HttpResponse> DecisionRoutes::list(const Call& call) const {
  call.keep = Call::Keep::at_size;
  const std::uint64_t limit =
      TRY(call.number("limit", decisions_page_default, 1, decisions_page_max));
  const std::uint64_t before =
      TRY(call.number("before", call.log.size().value, 0, json_integer_max));
  const DecisionFilter filter = TRY(read_filter(call.request));
  DecisionPage page(call.log, desk, filter, limit);
  TRY_VOID(page.fill(EntryIndex{before}));
  return json_response(200, {{"log_size", call.log.size().value},
                             {"decisions", std::move(page.decisions)},
                             {"next", page.next()}});
}

Result<HttpResponse> DecisionRoutes::get(const Call& call) const {
  call.keep = Call::Keep::at_size;
  const EntryIndex index = TRY(call.entry());
  const auto record = TRY(call.log.list().decision(index));
  if (!record) {
    return Error{Errc::not_found, "decision-not-found",
                 "entry " + std::to_string(index.value) + " is not a decision"};
  }
  Json json = decision_view(*record);
  put_progress(json, TRY(decision_progress(call.log.list(), *record,
                                           desk.limits.notify_working_days, desk.calendar)));
  return json_response(200, json);
}

Result<HttpResponse> get_decision_evidence(const Call& call) {
  const EntryIndex index = TRY(call.entry());
  call.keep_published();
  return text_response(200, "application/json",
                       format_evidence(TRY(build_decision_evidence(call.published, index))));
}

}  // namespace cpl
