// The signed-size file: durable, torn-proof, and one holder at a time.
#include "registry/log/signed_size.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <fstream>

#include "crypto/hash.hpp"
#include "tests/support/aborts.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::signed_size_test {

namespace {
// Of the program's own calls, which reach these before the system's.
int syncs = 0;
bool syncs_fail = false;

int sync_of(int descriptor, long call) {
  ++syncs;
  if (!syncs_fail) return static_cast<int>(::syscall(call, descriptor));
  errno = EIO;
  return -1;
}
}  // namespace

extern "C" int fdatasync(int descriptor) { return sync_of(descriptor, SYS_fdatasync); }
extern "C" int fsync(int descriptor) { return sync_of(descriptor, SYS_fsync); }

namespace {

const std::string origin = "log.example/cpl";
constexpr std::streamoff slot_size = 512;

SignedSize size_of(std::uint64_t size) { return {TreeSize{size}, sha256(std::to_string(size))}; }

class SignedSizeFixture {
 public:
  std::filesystem::path path() const { return folder_.path() / "signed-size"; }

  std::unique_ptr<SignedSizeRecord> open() const {
    auto record = open_signed_size_file(path(), origin);
    if (!record) FAIL(record.error().detail);
    return *std::move(record);
  }
  void write(const std::vector<std::uint64_t>& sizes) const {
    const auto record = open();
    for (const std::uint64_t size : sizes) REQUIRE(record->advance(size_of(size)));
  }
  std::optional<SignedSize> reread() const {
    const auto record = open();
    const auto read = record->read();
    REQUIRE(read);
    return *read;
  }
  void spoil(std::streamoff offset) const {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(offset);
    file.put('#');
  }
  Bytes octets() const {
    std::ifstream file(path(), std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(file), {});
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("signed size: a new file records nothing, and says so again when opened again") {
  const SignedSizeFixture fixture;
  CHECK_FALSE(fixture.reread());
  CHECK_FALSE(fixture.reread());
}

TEST_CASE("signed size: no size counts as recorded before it is on the disk (I10)") {
  const SignedSizeFixture fixture;
  syncs = 0;
  const auto record = fixture.open();
  CHECK(syncs == 2);  // The new file, and its name in the folder.
  for (std::uint64_t size = 0; size < 5; ++size) {
    syncs = 0;
    CHECK(record->advance(size_of(size)));
    CHECK(syncs == 1);
  }
  syncs_fail = true;
  const auto refused = record->advance(size_of(5));
  syncs_fail = false;
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "signed-size-unavailable");
  CHECK(**record->read() == size_of(4));
  CHECK(record->advance(size_of(6)));
}

TEST_CASE("signed size: a file that cannot be made durable is not made") {
  const SignedSizeFixture fixture;
  syncs_fail = true;
  const auto made = open_signed_size_file(fixture.path(), origin);
  syncs_fail = false;
  CHECK_FALSE(made);
  CHECK_FALSE(fixture.reread());
}

TEST_CASE("signed size: the last size that was recorded is read back") {
  const SignedSizeFixture fixture;
  fixture.write({0});
  CHECK(fixture.reread() == size_of(0));
  fixture.write({1, 2, 300});
  CHECK(fixture.reread() == size_of(300));
  fixture.write({301});
  CHECK(fixture.reread() == size_of(301));
}

TEST_CASE("signed size: the file reads as FORMAT.md says") {
  const SignedSizeFixture fixture;
  fixture.write({7, 8});
  const Bytes octets = fixture.octets();
  REQUIRE(octets.size() == 2 * slot_size);
  const Bytes text = "cpl/signed-size/v1\nlog.example/cpl\n1\n8\n" + to_base64(sha256("8")) + "\n";
  const Bytes expected = text + to_hex(sha256(text)) + "\n";
  CHECK(octets.substr(slot_size, expected.size()) == expected);
  CHECK(octets.substr(slot_size + expected.size()) ==
        Bytes(slot_size - expected.size() - 1, ' ') + "\n");
}

TEST_CASE("signed size: a torn newer slot leaves the older one, whichever it is") {
  const SignedSizeFixture fixture;
  fixture.write({1, 2});
  fixture.spoil(slot_size + 40);
  CHECK(fixture.reread() == size_of(1));
  fixture.write({3});
  CHECK(fixture.reread() == size_of(3));
  fixture.write({4});
  fixture.spoil(40);
  CHECK(fixture.reread() == size_of(3));
}

TEST_CASE("signed size: an octet changed anywhere in a slot makes it no record (I10)") {
  const SignedSizeFixture fixture;
  fixture.write({1});
  const std::streamoff offset = GENERATE(0, 20, 36, 39, 50, 84, 140, 300, 511);
  fixture.spoil(offset);
  const auto opened = open_signed_size_file(fixture.path(), origin);
  REQUIRE(opened);
  REQUIRE((*opened)->read().has_error());
  CHECK((*opened)->read().error().errc == Errc::corrupt);
  CHECK((*opened)->advance(size_of(2)).error().errc == Errc::corrupt);
}

TEST_CASE("signed size: the record of another log is refused") {
  const SignedSizeFixture fixture;
  fixture.write({1, 2});
  const auto opened = open_signed_size_file(fixture.path(), "log.example/other");
  REQUIRE(opened);
  REQUIRE((*opened)->read().has_error());
  CHECK((*opened)->read().error().errc == Errc::corrupt);
}

TEST_CASE("signed size: a file that was cut short is refused") {
  const SignedSizeFixture fixture;
  fixture.write({1, 2});
  std::filesystem::resize_file(fixture.path(), 100);
  CHECK((*open_signed_size_file(fixture.path(), origin))->read().has_error());
}

TEST_CASE("signed size: only one may hold the record") {
  const SignedSizeFixture fixture;
  auto held = fixture.open();
  const auto second = open_signed_size_file(fixture.path(), origin);
  REQUIRE(second.has_error());
  CHECK(second.error().errc == Errc::unavailable);
  held.reset();
  CHECK(open_signed_size_file(fixture.path(), origin));
}

TEST_CASE("signed size: a folder that is not there is an error that names the file") {
  const TemporaryFolder folder;
  const auto opened = open_signed_size_file(folder.path() / "none" / "signed-size", origin);
  REQUIRE(opened.has_error());
  CHECK_THAT(opened.error().detail,
             Catch::Contains("signed-size") && Catch::Contains("cannot be opened"));
}

TEST_CASE("signed size: an origin as long as a slot has room for is recorded and read back") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "signed-size";
  const Bytes rest =
      "cpl/signed-size/v1\n\n0\n7\n" + to_base64(sha256("7")) + "\n" + to_hex(sha256("")) + "\n";
  const std::string longest(static_cast<std::size_t>(slot_size) - rest.size(), 'o');
  REQUIRE((*open_signed_size_file(path, longest))->advance(size_of(7)));
  CHECK(read_signed_size_file(path, longest).value() == size_of(7));
  CHECK((*open_signed_size_file(path, longest))->read().value() == size_of(7));
}

TEST_CASE("signed size: a slot with something else in place of a number or the root is no record") {
  const SignedSizeFixture fixture;
  const std::string root = to_base64(sha256("7"));
  const std::vector<std::vector<std::string>> slots = {
      {"0", "7", root},    {"x", "7", root},  {"0", "x", root},  {"0", "7", "x"}, {"", "7", root},
      {"0", "", root},     {"00", "7", root}, {"0", "07", root}, {"0", "7"},      {"0"},
      {"0", "7", root, ""}};
  for (const auto& lines : slots) {
    Bytes text = "cpl/signed-size/v1\n" + origin + "\n";
    for (const std::string& line : lines) text += line + "\n";
    text += to_hex(sha256(text)) + "\n";
    text.resize(static_cast<std::size_t>(slot_size) - 1, ' ');
    std::ofstream(fixture.path(), std::ios::binary)
        << text << '\n'
        << Bytes(static_cast<std::size_t>(slot_size), ' ');
    const auto read = read_signed_size_file(fixture.path(), origin);
    CAPTURE(text);
    CHECK(read.has_value() == (lines == slots.front()));
    if (!read) CHECK(read.error().errc == Errc::corrupt);
  }
}

TEST_CASE("signed size: who only reads the record gets the newest size, or what is wrong") {
  const SignedSizeFixture fixture;
  const auto detail = [](const std::filesystem::path& path) {
    const auto read = read_signed_size_file(path, origin);
    REQUIRE(read.has_error());
    return read.error().detail;
  };
  CHECK_THAT(detail(fixture.path()), Catch::Contains("cannot be opened"));
  fixture.write({});
  CHECK(read_signed_size_file(fixture.path(), origin).value() == std::nullopt);
  fixture.write({1, 2, 300});
  CHECK(read_signed_size_file(fixture.path(), origin).value() == size_of(300));
  CHECK_THAT(detail(fixture.path().parent_path()), Catch::Contains("cannot be read"));
  std::filesystem::resize_file(fixture.path(), 0);
  CHECK_THAT(detail(fixture.path()), Catch::Contains("damaged or of another registry"));
}

TEST_CASE("signed size: no size is signed twice, and none after a larger one (I10)") {
  const SignedSizeFixture fixture;
  const auto record = fixture.open();
  REQUIRE(record->advance(size_of(5)));
  CHECK(aborts([&] { std::ignore = record->advance(size_of(5)); }));
  CHECK(aborts([&] { std::ignore = record->advance(size_of(4)); }));
  CHECK_FALSE(aborts([&] { std::ignore = record->advance(size_of(6)); }));
}

}  // namespace cpl::testing::signed_size_test
