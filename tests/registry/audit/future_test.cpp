// The audit tells an entry that was made while the log's clock was ahead.
#include "tests/registry/audit/published_log.hpp"

namespace cpl::testing::future_test {
namespace {

constexpr std::uint64_t minute_millis = 60'000;
constexpr std::uint64_t day_millis = 24 * 60 * minute_millis;

std::vector<AuditFinding> found_at(const LogStory& story, UnixMillis now) {
  const Published files = story.published();
  AuditOptions options;
  options.now = now;
  const auto report = audit(fetch_from(files), log_policy(), options);
  REQUIRE(report.has_value());
  CHECK(report->entries == story.view()->size().value);
  return report->findings;
}

}  // namespace

TEST_CASE("audit: an entry from the future is told once, and the rest is still audited") {
  LogStory story;
  story.founds();
  story.adds();
  const UnixMillis right = story.now;
  story.now.value += 20 * day_millis;
  story.adds(make_display());
  story.decides({make_model().id()});

  const auto findings = found_at(story, right);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].code == "entry-from-future");
  CHECK(findings[0].entry == EntryIndex{2});
  CHECK_THAT(findings[0].detail, Catch::Contains("is 20 days in the future"));

  const UnixMillis last = story.view()->entry(EntryIndex{3})->time;
  CHECK(found_at(story, UnixMillis{last.value - 5 * minute_millis}).empty());
  CHECK(found_at(story, UnixMillis{last.value - 5 * minute_millis - 1}).size() == 1);
  CHECK(found_at(story, UnixMillis{0}).empty());  // Nobody said what time it is.
}

}  // namespace cpl::testing::future_test
