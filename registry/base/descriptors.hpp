// How the files and sockets that this process may have open at a time are shared out, so that none
// of its parts takes what another cannot do without.
#pragma once

#include <cstdint>

namespace cpl {

struct DescriptorShares {
  std::uint64_t limit = 0;    // Of the process.
  std::uint64_t tables = 0;   // The database's files,
  std::uint64_t sending = 0;  // each lane's attempts to deliver,
  std::uint64_t kept = 0;     // each lane's connections kept for more of them,
  std::uint64_t others = 0;   // and what comes and goes: a backup's files, extracts, compactions.

  std::uint64_t reserved() const { return tables + 2 * (sending + kept) + others; }
};

// Of the limit as it is now.
DescriptorShares share_descriptors();
// Raises the limit as far as the system lets it, if it is lower than `wanted`; what it is then.
std::uint64_t raise_descriptor_limit(std::uint64_t wanted);

}  // namespace cpl
