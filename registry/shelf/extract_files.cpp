#include "registry/shelf/extract_files.hpp"

#include <cerrno>
#include <cstring>

#include "registry/base/durable_file.hpp"

namespace cpl {
namespace {

Error extracts_unavailable(const std::filesystem::path& path, const std::string& what) {
  return Error{Errc::unavailable, "extracts-unavailable", path.string() + " " + what, 0};
}

}  // namespace

Result<void> write_folder(const std::filesystem::path& folder,
                          const std::vector<NamedFile>& files) {
  std::filesystem::path beside = folder;
  beside += ".new";
  std::error_code failed;
  std::filesystem::remove_all(beside, failed);  // What a crash may have left.
  std::filesystem::create_directories(beside, failed);
  if (failed) return extracts_unavailable(beside, "cannot be made: " + failed.message());
  for (const NamedFile& file : files) {
    if (const auto written = replace_durably(beside / file.name, file.content); !written) {
      std::filesystem::remove_all(beside, failed);  // On a full disk it would only be in the way.
      return extracts_unavailable(beside, "cannot be filled: " + written.error().detail);
    }
  }
  if (::rename(beside.c_str(), folder.c_str()) != 0) {
    return extracts_unavailable(folder, std::string("cannot be made: ") + std::strerror(errno));
  }
  return sync_folder(folder.parent_path());
}

Result<Bytes> read_whole(const std::filesystem::path& file, std::size_t size_max) {
  auto content = read_if_there(file, size_max);
  if (content && *content) return **std::move(content);
  return extracts_unavailable(file, "cannot be read: " + (content ? std::string("it is not there")
                                                                  : content.error().detail));
}

}  // namespace cpl
