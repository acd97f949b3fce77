// What the service notes of an extract that it published, beside the extract's files, and tells of
// it over the API.
#pragma once

#include <filesystem>

#include "registry/extract/extract.hpp"

namespace cpl {

struct PublishedFile {
  Hash sha256;
  std::uint64_t size = 0;
};

struct PublishedExtract {
  ExtractHeader header;
  std::uint64_t listed = 0;
  std::uint64_t removed = 0;
  UnixMillis signed_at;
  std::string signer;       // The key's name in the charter.
  std::string certificate;  // Its subject.
  std::array<PublishedFile, 3> forms;
  std::array<PublishedFile, 3> signatures;

  const Hash& hash() const { return forms[0].sha256; }  // What the next version calls it.
};
Json to_json(const PublishedExtract& extract);

// The file `extract_record_name` in the folder of its version.
inline constexpr std::string_view extract_record_name = "published.json";
inline constexpr std::size_t extract_record_size_max = std::size_t{64} << 10U;
Bytes format_extract_record(const PublishedExtract& extract);
Result<PublishedExtract> parse_extract_record(BytesView text);
// Of the version that the folder is named by. Errors are `corrupt`, and name the file.
Result<PublishedExtract> read_extract_record(const std::filesystem::path& folder);

// The highest version that has a folder in there; 0 for none. What is numbered as no version can be
// is none.
Result<std::uint64_t> newest_extract_in(const std::filesystem::path& folder);

// "extract.csv", "extract.csv.p7s".
std::string extract_file_name(ExtractForm form, bool signature);

}  // namespace cpl
