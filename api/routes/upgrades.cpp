// Firmware of the same hardware, and what may be upgraded to what.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/reads.hpp"
#include "api/routes/views.hpp"
#include "registry/query/upgrades.hpp"

namespace cpl {
namespace {

constexpr std::size_t nodes_max = 200;

Json node_json(const ModelRecord& record) {
  const DeviceModel& model = record.model;
  return {
      {"id", model.id().text()},
      {"status", word_of(record.status)},
      {"firmware_version_printed",
       model.firmware_version_printed ? Json(*model.firmware_version_printed) : Json()},
      {"fir_release_date", model.fir_release_date ? Json(model.fir_release_date->text()) : Json()},
      {"added_at", record.added.value}};
}

}  // namespace

Result<HttpResponse> get_model_upgrades(const Call& call) {
  const ModelId id = TRY(record_of(call)).model.id();
  const Upgrades upgrades = TRY(upgrades_of(call.log.list(), id, nodes_max));
  Json nodes = Json::array();
  for (const ModelRecord& record : upgrades.nodes) nodes.push_back(node_json(record));
  Json edges = Json::array();
  for (const UpgradeEdge& edge : upgrades.edges) {
    edges.push_back({{"from", edge.from.text()}, {"to", edge.to.text()}});
  }
  call.keep = Call::Keep::at_size;
  return json_response(200, {{"id", id.text()},
                             {"log_size", call.log.size().value},
                             {"nodes", std::move(nodes)},
                             {"edges", std::move(edges)},
                             {"nodes_are_all", upgrades.is_all}});
}

}  // namespace cpl
