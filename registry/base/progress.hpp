// How far a long piece of work has come, for whoever waits for it: `done` of `of`, whatever they
// count.
#pragma once

#include <cstdint>
#include <functional>

namespace cpl {

using OnProgress = std::function<void(std::uint64_t done, std::uint64_t of)>;  // May be empty.

inline void tell_progress(const OnProgress& on_progress, std::uint64_t done, std::uint64_t of) {
  if (on_progress) on_progress(done, of);
}

}  // namespace cpl
