#include "api/routes/deployed.hpp"

#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "crypto/encoding.hpp"

namespace cpl {
namespace {

Error none_kept() {
  return Error{Errc::not_found, "counts-not-found", "no counts of devices are kept here", 0};
}

}  // namespace

Result<HttpResponse> DeployedRoutes::get(const Call& call) const {
  const auto record = TRY(work_of<DeploymentRecord>(call.log.list(), deployment_key()));
  Json json = {{"log_size", call.log.size().value}, {"deployment", Json()}, {"file", Json()}};
  if (record) {
    json["deployment"] = to_json(StatementBody(record->deployment));
    json["deployment"]["entry"] = record->entry.value;
    const bool is_here = shelf != nullptr && TRY(shelf->newest(call.log)) != nullptr;
    if (is_here) json["file"] = "/v1/deployed/" + std::to_string(record->entry.value);
  }
  return json_response(200, json);
}

Result<HttpResponse> DeployedRoutes::file(const Call& call) const {
  if (shelf == nullptr) return none_kept();
  return text_response(200, "text/csv; charset=utf-8",
                       TRY(shelf->file(call.log, TRY(call.entry()))));
}

Result<HttpResponse> DeployedRoutes::bring(const Call& call) const {
  if (shelf == nullptr) return none_kept();
  const EntryIndex entry = TRY(call.entry());
  TRY_VOID(shelf->put(call.log, entry, call.request.body));
  return json_response(
      201, {{"entry", entry.value}, {"file", "/v1/deployed/" + std::to_string(entry.value)}});
}

}  // namespace cpl
