#include "api/routes/status.hpp"

#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/not_ready.hpp"

namespace cpl {
namespace {

Json not_ready_json(const Log& log) {
  const auto refused = public_refusal(log);
  if (!refused) return nullptr;
  return {{"code", refused->code}, {"detail", refused->detail}};
}

Json charter_json(const LogView& log) {
  const auto charter = log.charter();
  if (charter == nullptr) return nullptr;
  return {{"entry", charter->entry.value}, {"name", charter->charter.name}};
}

Result<Json> last_entry_time(const LogView& log) {
  if (log.size().value == 0) return Json();
  return Json(format_time_millis(TRY(log.entry(EntryIndex{log.size().value - 1})).time));
}

// A damaged one is no reason to tell nothing else.
Json extract_json(const ExtractShelf* shelf) {
  if (shelf == nullptr) return nullptr;
  const auto published = shelf->published();
  if (published->empty() || !published->back()) return nullptr;
  const ExtractHeader& header = published->back()->header;
  return {{"version", header.version}, {"log_size", header.log_size.value}};
}

Json time_or_null(const std::optional<UnixMillis>& time) {
  return time ? Json(format_time(*time)) : Json();
}

void put_witnesses(Json& json, const CosignerStats& stats) {
  for (const WitnessStatus& witness : stats.witnesses) {
    json["witnesses"].push_back({{"name", witness.name},
                                 {"last_size", witness.last_size.value},
                                 {"last_success", time_or_null(witness.last_success)}});
  }
  json["quorum"] = {{"needed", stats.count.needed},
                    {"of", stats.count.of},
                    {"fresh", stats.count.holding},
                    {"as_of", time_or_null(stats.quorum_as_of)}};
}

}  // namespace

Result<HttpResponse> StatusRoute::get(const Call& call) const {
  const Json not_ready = not_ready_json(log);
  const Json last_time = TRY(last_entry_time(call.log));
  Json json = {{"origin", call.log.checkpoint().origin},
               {"log_size", call.log.size().value},
               {"published_size", call.published.size().value},
               {"last_entry_time", last_time},
               {"ready", not_ready.is_null()},
               {"not_ready", not_ready},
               {"witnesses", Json::array()},
               {"quorum", nullptr},
               {"charter", charter_json(call.log)},
               {"extract", extract_json(extracts.get())},
               {"calendar", {{"name", desk.calendar.name()}, {"version", desk.calendar.version()}}},
               {"contact", desk.contact}};
  if (cosigning) put_witnesses(json, cosigning());
  return json_response(200, json);
}

}  // namespace cpl
