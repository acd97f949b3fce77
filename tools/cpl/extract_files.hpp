// An extract as it lies in a folder: list.csv, with its signature list.csv.p7s and list.proof
// beside.
#pragma once

#include <filesystem>

#include "registry/extract/verdict.hpp"

namespace cpl {

// What belongs to the content of that file. The signature may be missing, the proof may not.
Result<ExtractFiles> with_files_beside(const std::filesystem::path& file, Bytes content);

}  // namespace cpl
