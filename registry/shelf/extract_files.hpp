// Files of a published extract on disk: a folder that appears whole or not at all.
#pragma once

#include <filesystem>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

struct NamedFile {
  std::string name;
  BytesView content;
};

// Writes the files into a folder beside, makes them durable, and renames the folder.
Result<void> write_folder(const std::filesystem::path& folder, const std::vector<NamedFile>& files);

// Refuses more than `size_max` octets.
Result<Bytes> read_whole(const std::filesystem::path& file, std::size_t size_max);

}  // namespace cpl
