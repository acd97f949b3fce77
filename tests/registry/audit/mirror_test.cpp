// The mirror: octet for octet, brought up to date, and never from a log that does not fit with what
// it has.
#include "registry/audit/mirror.hpp"

#include <fstream>

#include "tests/registry/audit/published_log.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::mirror_test {
namespace {

namespace fs = std::filesystem;

Bytes content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// "copied", or the code of the error.
std::string mirrored(const Published& files, const fs::path& folder) {
  const auto report = mirror_log(fetch_from(files), log_policy(), folder, {});
  return report ? "copied" : report.error().code;
}

struct LongStory : LogStory {
  explicit LongStory(int models) {
    founds();
    for (int i = 0; i < models; ++i) adds_another();
  }
  void adds_another() {
    DeviceModel model = make_display();
    const std::string digits = std::to_string(10'000'000 + next_++);
    model.firmware_version = digits;
    adds(model);
  }
  int next_ = 0;
};

}  // namespace

TEST_CASE("mirror: the copy is the log octet for octet, and grows with it") {
  const testing::TemporaryFolder folder;
  LongStory story(300);
  const Published first = story.published();
  const auto report = mirror_log(fetch_from(first), log_policy(), folder.path(), {});
  REQUIRE(report);
  CHECK(report->checkpoint.size == TreeSize{301});
  CHECK(report->before == TreeSize{0});
  for (const auto& [path, octets] : first) CHECK(content_of(folder.path() / path) == octets);

  for (int i = 0; i < 250; ++i) story.adds_another();
  const Published second = story.published();
  const auto again = mirror_log(fetch_from(second), log_policy(), folder.path(), {});
  REQUIRE(again);
  CHECK(again->before == TreeSize{301});
  // Tile and bundle 1 filled up; tile and bundle 2 began; level 1 grew: the rest was there.
  CHECK(again->resources == 5);
  for (const auto& [path, octets] : second) CHECK(content_of(folder.path() / path) == octets);
  CHECK(mirrored(second, folder.path()) == "copied");
}

TEST_CASE("mirror: a copy can be audited and copied like the log itself") {
  const testing::TemporaryFolder folder;
  const testing::TemporaryFolder other;
  const LongStory story(20);
  REQUIRE(mirrored(story.published(), folder.path()) == "copied");
  const FetchResource from_copy = [&](const std::string& path) -> Result<Bytes> {
    return content_of(folder.path() / path);
  };
  const auto report = audit(from_copy, log_policy(), {});
  REQUIRE(report);
  CHECK(report->findings.empty());
  CHECK(mirror_log(from_copy, log_policy(), other.path(), {}));
}

TEST_CASE("mirror: every altered resource is refused, and the copy keeps its checkpoint") {
  LongStory story(300);
  const Published good = story.published();
  for (const auto& [path, octets] : good) {
    CAPTURE(path);
    const testing::TemporaryFolder folder;
    Published altered = good;
    altered[path][octets.size() / 2] ^= 1;
    CHECK(mirrored(altered, folder.path()) != "copied");
    CHECK_FALSE(fs::exists(folder.path() / "checkpoint"));
    CHECK(mirrored(good, folder.path()) == "copied");  // Nothing bad was left behind.
  }
}

TEST_CASE("mirror: a log that shrank or has another history is refused") {
  const testing::TemporaryFolder folder;
  const LongStory longer(12);
  REQUIRE(mirrored(longer.published(), folder.path()) == "copied");
  const Bytes kept = content_of(folder.path() / "checkpoint");
  CHECK(mirrored(LongStory(11).published(), folder.path()) == "log-shrank");
  LogStory other;
  other.founds();
  for (int i = 0; i < 30; ++i) other.adds(make_model("3804" + std::to_string(1000 + i)));
  CHECK(mirrored(other.published(), folder.path()) == "history-rewritten");
  CHECK(content_of(folder.path() / "checkpoint") == kept);
}

}  // namespace cpl::testing::mirror_test
