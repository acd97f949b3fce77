#include "tools/cpl/extract_files.hpp"

#include "tools/shared/files.hpp"

namespace cpl {

Result<ExtractFiles> with_files_beside(const std::filesystem::path& file, Bytes content) {
  ExtractFiles files{std::move(content), {}, {}};
  const std::string signature = file.string() + ".p7s";
  std::error_code ignored;
  if (std::filesystem::exists(signature, ignored)) {
    files.signature = TRY(read_file(signature, cms_size_max));
  }
  files.proof = TRY(
      read_file(std::filesystem::path(file).replace_extension(".proof"), extract_proof_size_max));
  return files;
}

}  // namespace cpl
