#include "registry/upkeep/fsck_files.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/base/durable_file.hpp"
#include "registry/shelf/extract_record.hpp"
#include "registry/shelf/kept_opening.hpp"

namespace cpl {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> openings_in(const fs::path& folder, FileCheck& check) {
  std::vector<fs::path> found;
  std::error_code failed;
  if (!fs::exists(folder, failed) && !failed) return found;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    found.push_back(at->path());
  }
  if (failed) {
    check.findings.push_back(
        {"opening-damaged", folder.string() + " cannot be read: " + failed.message()});
  }
  std::sort(found.begin(), found.end());
  return found;
}

void check_file(const fs::path& file, const PublishedFile& recorded, FileCheck& check) {
  ++check.files;
  const auto content = read_if_there(file, extract_size_max);
  if (content && *content && sha256(**content) == recorded.sha256) return;
  const std::string what = !content    ? content.error().detail
                           : !*content ? file.string() + ": it is missing"
                                       : file.string() + ": it is not what was published";
  check.findings.push_back({"extract-damaged", what});
}

void check_version(const fs::path& folder, std::optional<Hash>& before, FileCheck& check) {
  ++check.files;
  const auto record = read_extract_record(folder);
  if (!record) {
    check.findings.push_back({"extract-damaged", record.error().detail});
    before.reset();
    return;
  }
  if (before && record->header.previous != before) {
    check.findings.push_back({"extract-damaged", folder.string() +
                                                     ": it does not carry the hash of the version "
                                                     "before it"});
  }
  before = record->hash();
  for (const ExtractForm form : extract_forms) {
    const auto at = static_cast<std::size_t>(form);
    check_file(folder / extract_file_name(form, false), record->forms[at], check);
    check_file(folder / extract_file_name(form, true), record->signatures[at], check);
  }
}

// What is wrong with it; mostly nothing.
std::string fault_in_opening(const fs::path& file, const List& list) {
  const auto kept = read_opening_file(file);
  if (!kept) return kept.error().detail;
  if (!*kept) return {};
  const auto fits = check_opening_fits(list, **kept);
  if (fits) return {};
  // What the database cannot tell is told of the database.
  const bool is_unread =
      fits.error().errc == Errc::unavailable || fits.error().errc == Errc::corrupt;
  return is_unread ? std::string() : file.string() + ": " + fits.error().detail;
}

}  // namespace

FileCheck check_extract_files(const fs::path& folder) {
  FileCheck check;
  std::error_code unreadable;
  if (!fs::exists(folder, unreadable) && !unreadable) return check;
  const auto newest = newest_extract_in(folder);
  if (!newest) {
    check.findings.push_back({"extract-damaged", newest.error().detail});
    return check;
  }
  std::optional<Hash> before;
  for (std::uint64_t version = 1; version <= *newest; ++version) {
    check_version(folder / std::to_string(version), before, check);
  }
  return check;
}

FileCheck check_opening_files(const fs::path& folder, const List& list) {
  FileCheck check;
  for (const fs::path& file : openings_in(folder, check)) {
    if (file.extension() != opening_file_ending) continue;
    ++check.files;
    std::string fault = fault_in_opening(file, list);
    if (!fault.empty()) check.findings.push_back({"opening-damaged", std::move(fault)});
  }
  return check;
}

}  // namespace cpl
