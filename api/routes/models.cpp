// The list: searched, paged, as of any size; one model, its history and evidence.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/asked.hpp"
#include "api/routes/models.hpp"
#include "api/routes/reads.hpp"
#include "api/routes/views.hpp"
#include "crypto/encoding.hpp"
#include "registry/list/certificate_cover.hpp"
#include "registry/query/evidence_builder.hpp"
#include "registry/query/model_search.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t models_page_default = 100;
constexpr std::uint64_t models_page_max = 500;

Result<ModelFilter> read_filter(const HttpRequest& request) {
  ModelFilter filter;
  filter.device_type = TRY(device_type_asked(request));
  filter.manufacturer_id = TRY(manufacturer_id_asked(request));
  if (const auto word = request.parameter("status")) {
    filter.status = read_word<ModelStatus>(*word);
    if (!filter.status) {
      return malformed("parameter-malformed", "status must be listed or removed");
    }
  }
  filter.text = ascii_lower(request.parameter("q").value_or(""));
  const auto by = request.parameter("cover_ends_by");
  if (!by) return filter;
  filter.cover_ends_by = Date::parse(*by);
  const bool is_now = !request.parameter("at") && !request.parameter("time");
  if (filter.cover_ends_by && is_now) return filter;
  return malformed("parameter-malformed",
                   "cover_ends_by must be a day such as 2027-03-31, and goes without at and time");
}

// The model as it stood at an older size; nothing where it was not on the list by then.
Result<std::optional<Json>> summary_at(const LogView& log, const ModelRecord& record,
                                       TreeSize size) {
  const auto state = TRY(log.list().state_at(record.model.id(), size));
  if (!state) return std::optional<Json>();
  const Json then = TRY(parse_json(*state));
  Json json = model_summary(record);
  json["status"] = then["status"];
  json["effective_from"] = then["effective_from"];
  json["changed_at"] = then["changed_at"];
  json.erase("under_notice");
  return std::optional<Json>(std::move(json));
}

// What stands in the list of one that matches; nothing where, as it stood then, it does not.
Result<std::optional<Json>> listed_summary(const LogView& log, const ModelRecord& record,
                                           const ModelFilter& filter, TreeSize at) {
  auto summary = std::optional(model_summary(record));
  if (at != log.size()) summary = TRY(summary_at(log, record, at));
  if (!summary) return summary;
  if (filter.status) {
    const auto word = word_of(*filter.status);
    if ((*summary)["status"] != word) return std::optional<Json>();
  }
  if (filter.cover_ends_by) {
    (*summary)["cover_ends"] = cover_json(cover_ends(record, *filter.cover_ends_by));
  }
  return summary;
}

}  // namespace

Result<HttpResponse> ModelRoutes::list(const Call& call) const {
  const ModelFilter filter = TRY(read_filter(call.request));
  ModelSearch search;
  search.limit = TRY(call.number("limit", models_page_default, 1, models_page_max));
  search.after = call.request.parameter("after").value_or("");
  if (!search.after.empty() && !ModelId::parse(search.after)) {
    return malformed("parameter-malformed", "after must be a model's id, as next gives it");
  }
  const LogView& log = call.log;
  const TreeSize at = TRY(size_asked(call, log, clock.now(), {log.size(), 0}));
  // Whether it was listed then is not told by how it stands now.
  ModelFilter now = filter;
  if (at != log.size()) now.status.reset();
  Json models = Json::array();
  const auto next =
      TRY(search_models(log.list(), now, search, [&](const ModelRecord& record) -> Result<bool> {
        auto summary = TRY(listed_summary(log, record, filter, at));
        if (!summary) return false;
        models.push_back(*std::move(summary));
        return true;
      }));
  // What a time stands for may change while it is the present.
  call.keep = call.request.parameter("time") ? Call::Keep::no : Call::Keep::at_size;
  return json_response(
      200, {{"log_size", at.value}, {"models", models}, {"next", next ? Json(*next) : Json()}});
}

// Of a removed model, that its removal is genuine; of any other, or where a size or a time is
// named, whether it was on the list then. A model that was never listed has that as its answer.
Result<HttpResponse> ModelRoutes::evidence(const Call& call) const {
  const ModelId id = TRY(ModelId::parse(call.segment()));
  const bool is_now = !call.request.parameter("at") && !call.request.parameter("time");
  call.keep_published();
  const auto record = TRY(call.log.list().model(id));
  Evidence evidence;
  // What is not published yet must not be answered with how it was before.
  if (is_now && record) TRY_VOID(check_published(call.published, record->changed_at));
  if (is_now && record && record->status == ModelStatus::removed) {
    evidence = TRY(build_removal_evidence(call.published, id));
  } else {
    const LogView& log = call.published;
    const TreeSize size = TRY(size_asked(call, log, clock.now(), {log.size(), 1}));
    evidence = TRY(build_model_evidence(log, id, size));
  }
  return text_response(200, "application/json", format_evidence(evidence));
}

Result<HttpResponse> ModelRoutes::get(const Call& call) const {
  const ModelRecord record = TRY(record_of(call));
  const bool by_time = call.request.parameter("time").has_value();
  call.keep = by_time ? Call::Keep::no : Call::Keep::at_size;
  if (!by_time && !call.request.parameter("at")) {
    return json_response(200, TRY(model_view(call.log, record)));
  }
  const TreeSize at = TRY(size_asked(call, call.log, clock.now(), {}));
  const auto summary = TRY(summary_at(call.log, record, at));
  if (!summary) {
    return Error{
        Errc::not_found, "model-not-found",
        record.model.id().text() + " was not on the list at size " + std::to_string(at.value)};
  }
  return json_response(200, *summary);
}

Result<HttpResponse> get_model_history(const Call& call) {
  const ModelId id = TRY(record_of(call)).model.id();
  call.keep = Call::Keep::at_size;
  Json entries = TRY(model_history_view(call.log, id));
  return json_response(
      200,
      {{"id", id.text()}, {"log_size", call.log.size().value}, {"entries", std::move(entries)}});
}

}  // namespace cpl
