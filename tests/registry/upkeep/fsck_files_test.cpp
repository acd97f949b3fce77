// The files beside the database: whatever is altered or missing is found, and named.
#include "registry/upkeep/fsck_files.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

#include "crypto/hash.hpp"
#include "registry/shelf/extract_record.hpp"
#include "registry/shelf/kept_opening.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::fsck_files_test {

namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, BytesView content) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

Bytes read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A version as the service keeps it; what the forms hold is nothing to this check.
Hash put_version(const fs::path& folder, std::uint64_t version, std::optional<Hash> previous) {
  PublishedExtract extract;
  extract.header = {"log.example/cpl", version, previous, TreeSize{10}, Hash{}, start_time};
  extract.signed_at = start_time;
  extract.signer = "registrar";
  extract.certificate = "CN=registrar";
  const fs::path place = folder / std::to_string(version);
  for (const ExtractForm form : extract_forms) {
    const auto at = static_cast<std::size_t>(form);
    for (const bool signature : {false, true}) {
      const std::string name = extract_file_name(form, signature);
      const Bytes content = name + " of version " + std::to_string(version);
      write(place / name, content);
      (signature ? extract.signatures : extract.forms)[at] = {sha256(content), content.size()};
    }
  }
  write(place / extract_record_name, format_extract_record(extract));
  return extract.hash();
}

std::string details(const FileCheck& check) {
  std::string text;
  for (const FsckFinding& finding : check.findings)
    text += finding.code + " " + finding.detail + "\n";
  return text;
}

}  // namespace

TEST_CASE(
    "fsck files: sound extracts have no findings, and neither has a folder that is not there") {
  TemporaryFolder folder;
  put_version(folder.path(), 2, put_version(folder.path(), 1, {}));
  const FileCheck check = check_extract_files(folder.path());
  CHECK(details(check).empty());
  CHECK(check.files == 14);
  CHECK(check_extract_files(folder.path() / "none").files == 0);
}

TEST_CASE("fsck files: each extract's file that is gone or has another octet is named") {
  TemporaryFolder folder;
  put_version(folder.path(), 2, put_version(folder.path(), 1, {}));
  for (const auto& file : fs::directory_iterator(folder.path() / "1")) {
    const Bytes sound = read(file.path());
    for (std::size_t at = 0; at < sound.size(); ++at) {
      Bytes text = sound;
      text[at] = static_cast<char>(text[at] ^ 1);
      write(file.path(), text);
      const FileCheck check = check_extract_files(folder.path());
      INFO(file.path().filename().string()
           << ", another octet at " << at << ": " << details(check));
      // The name of the checksum's own member could be another, and all the rest as it was.
      if (check.findings.empty()) CHECK(Json::parse(text).count("checksum") == 0);
      for (const auto& finding : check.findings) {
        CHECK_THAT(finding.detail, Catch::Contains(file.path().string()));
      }
    }
    fs::remove(file.path());
    CHECK_THAT(details(check_extract_files(folder.path())),
               Catch::Contains(file.path().string() + ": it is missing"));
    write(file.path(), sound);
  }
  CHECK(check_extract_files(folder.path()).findings.empty());
}

TEST_CASE("fsck files: a version that is gone, and one of another history, are named") {
  TemporaryFolder folder;
  put_version(folder.path(), 3, put_version(folder.path(), 2, put_version(folder.path(), 1, {})));
  fs::remove_all(folder.path() / "2");
  CHECK_THAT(details(check_extract_files(folder.path())), Catch::Contains("/2/published.json"));
  put_version(folder.path(), 2, sha256("another first"));
  CHECK_THAT(details(check_extract_files(folder.path())),
             Catch::Contains("/2: it does not carry the hash of the version before it"));
}

TEST_CASE("fsck files: an opening that is altered, misnamed or of no seal is named, not its text") {
  TemporaryFolder folder;
  const Opening opening{"/reason", Bytes(32, 's'), "A flaw that is not mended yet."};
  MemoryList list;
  Change change;
  change.seals.push_back({EntryIndex{5}, {}, {{"/reason", {opening.seal(), {}}}}});
  list.put(change);
  const KeptOpening kept{EntryIndex{5}, opening, "AMBER", {{"service_desk", start_time}}};
  const fs::path file = folder.path() / opening_file_name(kept.entry, "/reason");
  write(file, format_opening_file(kept));
  FileCheck check = check_opening_files(folder.path(), list);
  CHECK(details(check).empty());
  CHECK(check.files == 1);

  Bytes altered = format_opening_file(kept);
  altered.replace(altered.find("AMBER"), 5, "GREEN");
  write(file, altered);
  check = check_opening_files(folder.path(), list);
  CHECK_THAT(details(check), Catch::Contains(file.string() + ": it is not what was written"));
  CHECK_THAT(details(check), !Catch::Contains("flaw"));

  KeptOpening other = kept;
  other.opening.words = "Another text.";
  write(file, format_opening_file(other));
  CHECK_THAT(details(check_opening_files(folder.path(), list)), Catch::Contains("do not open"));
  other = kept;
  other.entry = EntryIndex{6};
  write(file, format_opening_file(other));
  CHECK_THAT(details(check_opening_files(folder.path(), list)),
             Catch::Contains("its name says that it opens another text"));
  write(file, Bytes(100, '\0'));  // On its way out.
  CHECK(details(check_opening_files(folder.path(), list)).empty());
}

}  // namespace cpl::testing::fsck_files_test
