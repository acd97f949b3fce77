// A witness's memory in files that a person can read:
//
//   <folder>/lock                              held while a witness runs on it
//   <folder>/<hex SHA-256 of origin>/checkpoint        the newest that was cosigned
//   <folder>/<hex SHA-256 of origin>/refused/<size>-<id>   what was validly signed and refused
#pragma once

#include <filesystem>

#include "registry/witness/witness.hpp"

namespace cpl {

inline constexpr std::size_t refused_checkpoints_max = 100;  // Of one log.

// Makes the folder where there is none. One process at a time: it is locked.
Result<std::unique_ptr<WitnessStore>> open_witness_folder(const std::filesystem::path& folder);

}  // namespace cpl
