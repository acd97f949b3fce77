// The firmware images that evidence tells of: so that a file can be compared with what was listed.
#pragma once

#include "registry/base/json.hpp"

namespace cpl {

// [{"model", "image_hash", "entry"}] of the entries that add or correct a model, in their order.
// Empty where the text is no evidence. Of entries that nobody has judged: see to the verdict first.
Json images_json(BytesView evidence);

}  // namespace cpl
