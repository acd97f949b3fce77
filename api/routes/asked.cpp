#include "api/routes/asked.hpp"

#include <nlohmann/json.hpp>

#include "registry/base/json.hpp"
#include "registry/query/evidence_builder.hpp"

namespace cpl {
namespace {

constexpr std::size_t ids_max = 1000;

std::vector<ModelId> read_ids(FieldReader& reader, FieldErrors& errors) {
  std::vector<ModelId> ids;
  for (const Json& one : reader.array("ids", 1, ids_max)) {
    const std::string pointer = "#/ids/" + std::to_string(ids.size() + errors.size());
    const auto id = ModelId::parse(one.is_string() ? one.get<std::string>() : std::string());
    if (id) {
      ids.push_back(*id);
    } else {
      errors.push_back({pointer, id.error().detail});
    }
  }
  return ids;
}

}  // namespace

Result<std::vector<ModelId>> model_ids_asked(BytesView body) {
  const Json json = TRY(parse_small_json(body, ids_max + 10));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  std::vector<ModelId> ids = read_ids(reader, errors);
  reader.done();
  if (errors.empty()) return ids;
  return invalid_fields("validation-failed", "the request", errors);
}

Result<std::optional<DeviceType>> device_type_asked(const HttpRequest& request) {
  const auto word = request.parameter("device_type");
  if (!word) return std::optional<DeviceType>();
  const auto type = device_type_of(*word);
  if (type) return type;
  return malformed("parameter-malformed",
                   "device_type must be ESME, GSME, CH, PPMID, HCALCS or SAPC");
}

Result<std::string> manufacturer_id_asked(const HttpRequest& request) {
  std::string id(request.parameter("manufacturer_id").value_or(""));
  if (id.empty() || is_manufacturer_id(id)) return id;
  return malformed("parameter-malformed",
                   "manufacturer_id must be 4 upper-case hexadecimal digits, such as 9A01");
}

Result<TreeSize> size_asked(const Call& call, const LogView& log, UnixMillis now,
                            const SizeBounds& bounds) {
  const auto text = call.request.parameter("time");
  const TreeSize size{
      TRY(call.number("at", bounds.fallback.value, bounds.size_min, log.size().value))};
  if (!text) return size;
  const auto time = parse_time(*text);
  if (!time || call.request.parameter("at")) {
    return malformed("time-malformed",
                     "time must be such as 2026-07-09T10:15:30Z, and goes without at");
  }
  if (*time > now) {
    return malformed("time-in-future",
                     format_time(*time) + " is still to come: nobody can prove what will be");
  }
  auto found = size_at_time(log, *time);
  const bool is_before_all = !found && found.error().errc == Errc::not_found;
  if (is_before_all && bounds.size_min == 0) return TreeSize{0};
  return found;
}

}  // namespace cpl
