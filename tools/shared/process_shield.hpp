// What keeps a process's secrets its own: no core dump and no debugger shows its memory, keys are
// not swapped out, and what it writes is its owner's alone.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace cpl {

enum class NewFiles : std::uint8_t {
  as_usual,    // A person's papers, for others too where the person's umask says so.
  owner_only,  // A service's data.
};

// First of all in main. What could not be done, as sentences.
std::vector<std::string> shield_process(NewFiles new_files);

// A sentence where everybody may read the file or folder, or a group may change it; empty where
// not, and where there is none.
std::string openness_of(const std::filesystem::path& file);

}  // namespace cpl
