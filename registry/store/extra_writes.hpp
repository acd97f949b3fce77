// What else is written in the batch that makes a thing: after a crash both are there or neither.
#pragma once

#include <functional>

#include "registry/store/store.hpp"

namespace cpl {

// Called with what was made just before it is written, perhaps under its owner's lock.
template <class Made>
using ExtraWrites = std::function<void(const Made& made, WriteBatch& batch)>;

}  // namespace cpl
