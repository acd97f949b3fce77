// How many models stand, asked for at once; and which are like one.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/asked.hpp"
#include "api/routes/reads.hpp"
#include "api/routes/views.hpp"
#include "registry/query/newest_firmware.hpp"
#include "registry/query/similar_models.hpp"

namespace cpl {
namespace {

constexpr std::size_t similar_max = 20;

std::string_view standing_of(const ModelRecord& record) {
  if (record.status == ModelStatus::removed) return "removed";
  return record.notice ? "under-notice" : "listed";
}

Result<Json> standing_json(const LogView& log, const ModelId& id, NewestFirmware& newest) {
  Json json = {{"id", id.text()}, {"status", "never-listed"}};
  if (const auto record = TRY(log.list().model(id))) {
    json["status"] = standing_of(*record);
    json["effective_from"] = format_time(record->effective_from);
    json["changed_at"] = record->changed_at.value;
    if (record->notice) json["notice"] = record->notice->value;
    if (record->decision) json["decision"] = record->decision->value;
    json["cover_ends"] = cover_json(all_cover_ends(*record));
  }
  const auto firmware = TRY(newest.of(id));
  json["newest_firmware"] = firmware ? Json(firmware->text()) : Json();
  return json;
}

}  // namespace

Result<HttpResponse> look_models_up(const Call& call) {
  NewestFirmware newest(call.log.list());
  Json models = Json::array();
  for (const ModelId& id : TRY(model_ids_asked(call.request.body))) {
    models.push_back(TRY(standing_json(call.log, id, newest)));
  }
  return json_response(200, {{"log_size", call.log.size().value}, {"models", std::move(models)}});
}

// The id need not be on the list: it may be the one that was mistyped.
Result<HttpResponse> get_similar_models(const Call& call) {
  const ModelId id = TRY(ModelId::parse(call.segment()));
  Json similar = Json::array();
  for (const SimilarModel& one : TRY(similar_models(call.log.list(), id, similar_max))) {
    Json json = model_summary(one.record);
    json["why"] = Json::array();
    for (const Likeness why : one.why) {
      json["why"].push_back(word_of(why));
    }
    similar.push_back(std::move(json));
  }
  call.keep = Call::Keep::at_size;
  return json_response(
      200,
      {{"id", id.text()}, {"log_size", call.log.size().value}, {"similar", std::move(similar)}});
}

}  // namespace cpl
