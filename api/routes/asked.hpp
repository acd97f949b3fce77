// Parameters that several routes take.
#pragma once

#include "api/routes/call.hpp"

namespace cpl {

// Nothing, or empty, where they are absent.
Result<std::optional<DeviceType>> device_type_asked(const HttpRequest& request);
Result<std::string> manufacturer_id_asked(const HttpRequest& request);

// Of {"ids": [...]}, which holds 1 to 1,000.
Result<std::vector<ModelId>> model_ids_asked(BytesView body);

// How large the log was then, where the request names a size (`at`) or a time that has come;
// `fallback` where it names none. With `size_min` 0, a time before the first entry is size 0.
struct SizeBounds {
  TreeSize fallback;
  std::uint64_t size_min = 0;
};
Result<TreeSize> size_asked(const Call& call, const LogView& log, UnixMillis now,
                            const SizeBounds& bounds);

}  // namespace cpl
