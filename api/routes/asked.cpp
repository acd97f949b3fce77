#include "api/routes/asked.hpp"

#include "registry/query/evidence_builder.hpp"

namespace cpl {

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
