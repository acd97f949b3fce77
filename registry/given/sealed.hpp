// Texts that stand sealed in entries, and what somebody says that they are.
#pragma once

#include "registry/base/json.hpp"

namespace cpl {

// [{"field", "text", "entry"}] of each opening (registry/statement/openings.hpp): `entry` is the
// one of the evidence whose seal at that place it opens, or null where it opens none. Of entries
// that nobody has judged: see to the verdict first.
Result<Json> opened_json(BytesView evidence, BytesView openings);

}  // namespace cpl
