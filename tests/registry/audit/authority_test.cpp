// What a sound log's removals rest on, as the audit finds it.
#include <catch2/catch.hpp>

#include "tests/registry/audit/published_log.hpp"

namespace cpl::testing::authority_test {

namespace {

const ModelId meter = make_model().id();

std::string found_in(const Published& files) {
  const auto report = audit(fetch_from(files), log_policy(), {});
  REQUIRE(report.has_value());
  std::string told;
  for (const AuditFinding& finding : report->findings) {
    told += finding.code + " at " + std::to_string(finding.entry->value);
  }
  return told.empty() ? "nothing" : told;
}

}  // namespace

TEST_CASE(
    "audit: a removal on a decision that the final minutes contradict is found, till undone") {
  LogStory story;
  story.founds();
  story.adds();
  const EntryIndex decision = story.decides({meter});
  const EntryIndex removal = story.removes(meter, story.notifies_and_validates({meter}, decision));
  CHECK(found_in(story.published()) == "nothing");
  story.minutes({});
  CHECK(found_in(story.published()) == "removal-contradicted at " + std::to_string(removal.value));
}

}  // namespace cpl::testing::authority_test
