// What removing models would leave their devices with.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/asked.hpp"
#include "api/routes/deployed.hpp"
#include "api/routes/views.hpp"
#include "registry/query/removal_impact.hpp"

namespace cpl {
namespace {

Json ids_json(const std::vector<ModelId>& ids) {
  Json list = Json::array();
  for (const ModelId& id : ids) list.push_back(id.text());
  return list;
}

Json impact_json(const RemovalImpact& impact) {
  Json json = {{"id", impact.id.text()},
               {"status", impact.record ? word_of(impact.record->status) : "never-listed"},
               {"has_successor", impact.has_successor()},
               {"successors", ids_json(impact.successors)},
               {"same_hardware", ids_json(impact.same_hardware)},
               {"without_way_up", ids_json(impact.without_way_up)}};
  if (impact.record) {
    json["manufacturer_name"] = impact.record->model.manufacturer_name;
    json["added_at"] = impact.record->added.value;
    json["cover_ends"] = cover_json(all_cover_ends(*impact.record));
  }
  return json;
}

}  // namespace

Result<HttpResponse> DeployedRoutes::impact(const Call& call) const {
  const auto ids = TRY(model_ids_asked(call.request.body));
  std::shared_ptr<const DeployedShelf::Kept> counted;
  if (shelf != nullptr) counted = TRY(shelf->newest(call.log));
  Json models = Json::array();
  for (const RemovalImpact& impact : TRY(removal_impact(call.log.list(), ids))) {
    models.push_back(impact_json(impact));
    if (counted == nullptr) continue;
    const auto devices = counted->counts.of(impact.id);
    models.back()["devices"] = devices ? Json(*devices) : Json();
    models.back()["counted_on"] = counted->day.text();
  }
  return json_response(200, {{"log_size", call.log.size().value}, {"models", std::move(models)}});
}

}  // namespace cpl
