#include "registry/list/firmware.hpp"

namespace cpl {

std::string hardware_of(const ModelId& id) {
  return id.text().substr(0, id.text().size() - id.firmware_version().size());
}

bool is_newer_firmware(const ModelRecord& a, const ModelRecord& b) {
  const auto& released_a = a.model.fir_release_date;
  const auto& released_b = b.model.fir_release_date;
  if (released_a && released_b && *released_a != *released_b) return *released_a > *released_b;
  return a.added > b.added;
}

}  // namespace cpl
