#include "registry/query/newest_firmware.hpp"

#include "registry/list/firmware.hpp"
#include "registry/store/keyspace.hpp"

namespace cpl {
namespace {

constexpr std::size_t siblings_max = 100;
constexpr std::size_t read_max = 10'000;

}  // namespace

Result<std::optional<ModelId>> NewestFirmware::of(const ModelId& id) {
  const std::string hardware = hardware_of(id);
  const auto known = found_.find(hardware);
  if (known != found_.end()) return known->second;
  if (read_ >= read_max) return std::optional<ModelId>();
  return found_.emplace(hardware, TRY(find(hardware))).first->second;
}

Result<std::optional<ModelId>> NewestFirmware::find(const std::string& hardware) {
  const auto rows = TRY(list_.index().of_status(
      ModelStatus::listed, hardware, keyspace::end_of(BytesView(hardware)), siblings_max));
  std::optional<ModelRecord> newest;
  for (const auto& row : rows) {
    auto record = TRY(list_.model(TRY(ModelId::parse(row.id))));
    ++read_;
    if (record && (!newest || is_newer_firmware(*record, *newest))) newest = std::move(record);
  }
  if (!newest) return std::optional<ModelId>();
  return std::optional(newest->model.id());
}

}  // namespace cpl
