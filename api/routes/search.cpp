// One text looked up everywhere.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/reads.hpp"
#include "api/routes/views.hpp"
#include "registry/query/find_anything.hpp"

namespace cpl {
namespace {

constexpr std::size_t found_max = 20;
constexpr std::size_t text_size_max = 200;

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") + 1 - from);
}

std::string title_of(const ModelRecord& record) {
  const DeviceModel& model = record.model;
  const std::string firmware = model.firmware_version_printed.value_or(model.firmware_version);
  return model.manufacturer_name + ", firmware " + firmware;
}

Result<Json> found_json(const LogView& log, const Found& found) {
  Json json = {{"kind", word_of(found.kind)}, {"id", found.id}, {"title", found.name}};
  if (found.model) {
    json["title"] = title_of(*found.model);
    json["model"] = found.model->model.id().text();
    json["status"] = word_of(found.model->status);
  }
  if (found.entry) {
    const Entry entry = TRY(log.entry(*found.entry));
    const Statement statement = TRY(read_signed(entry.statement));
    json["title"] = summary_of(statement);
    json["entry"] = found.entry->value;
    json["time"] = format_time_millis(entry.time);
  }
  return json;
}

}  // namespace

Result<HttpResponse> find_any(const Call& call) {
  const auto text = trimmed(call.request.parameter("q").value_or(""));
  if (text.size() > text_size_max) {
    return malformed("parameter-malformed",
                     "q must be at most " + std::to_string(text_size_max) + " octets");
  }
  Json hits = Json::array();
  for (const Found& found : TRY(find_anything(call.log, text, found_max))) {
    hits.push_back(TRY(found_json(call.log, found)));
  }
  call.keep = Call::Keep::at_size;
  return json_response(200, {{"log_size", call.log.size().value}, {"hits", std::move(hits)}});
}

}  // namespace cpl
