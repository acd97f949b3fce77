// How many threads a command uses.
#pragma once

#include <algorithm>
#include <thread>

namespace cpl {

inline unsigned all_cores() { return std::max(1U, std::thread::hardware_concurrency()); }

// As many as were asked for; 0: as there are cores.
inline unsigned threads_for(unsigned asked) { return asked > 0 ? asked : all_cores(); }

}  // namespace cpl
