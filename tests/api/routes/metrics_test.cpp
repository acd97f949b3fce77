// The figures at /metrics: each with its help, in the form that Prometheus reads, and none of a
// number that strangers decide.
#include <set>
#include <sstream>

#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::metrics_test {
namespace {

std::vector<std::string> lines_of(const Bytes& text) {
  std::vector<std::string> lines;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool has_line(const Bytes& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != Bytes::npos;
}

std::string evidence_of(std::uint64_t model) {
  return "/v1/models/" + small_id(model).text() + "/evidence";
}

}  // namespace

TEST_CASE("metrics: every sample stands under its help and its kind, which stand once") {
  TestApi registry;
  registry.log.append(story_notes());
  std::string name;
  std::set<std::string> all;
  for (const std::string& line : lines_of(registry.metrics())) {
    CAPTURE(line);
    if (line.starts_with("# HELP ")) {
      name = line.substr(7, line.find(' ', 7) - 7);
      CHECK(all.insert(name).second);
    } else if (line.starts_with("# TYPE ")) {
      const std::string kind = line.substr(line.rfind(' ') + 1);
      CHECK(line == "# TYPE " + name + " " + kind);
      CHECK((kind == "counter") == name.ends_with("_total"));
      CHECK((kind == "histogram") == name.ends_with("_seconds"));
    } else {
      CHECK(line.starts_with(name));
      CHECK_FALSE(line.substr(line.rfind(' ') + 1).empty());
      CHECK(line.find_first_not_of("0123456789.", line.rfind(' ') + 1) == std::string::npos);
    }
  }
  CHECK(all.contains("cpl_ready"));
}

TEST_CASE("metrics: an accepted statement is a commit; evidence counts when it is gathered") {
  TestApi registry;
  registry.log.append(story_notes());
  CHECK(has_line(registry.metrics(), "cpl_commit_seconds_count 0"));
  CHECK(has_line(registry.metrics(), "cpl_evidence_seconds_count 0"));
  REQUIRE(registry.post(addition_note(7)).status == 201);
  CHECK(has_line(registry.metrics(), "cpl_commit_seconds_count 1"));
  REQUIRE(registry.get(evidence_of(1)).status == 200);
  CHECK(has_line(registry.metrics(), "cpl_evidence_seconds_count 1"));
  REQUIRE(registry.get(evidence_of(1)).status == 200);  // The same again, which was kept.
  REQUIRE(registry.get("/v1/models/x/evidence").status == 400);
  REQUIRE(registry.get("/v1/models").status == 200);
  CHECK(has_line(registry.metrics(), "cpl_evidence_seconds_count 1"));
}

TEST_CASE("metrics: whatever strangers ask, there are as many lines as before") {
  TestApi registry;
  registry.log.append(story_notes());
  const std::size_t before = lines_of(registry.metrics()).size();
  for (int i = 0; i < 50; ++i) {
    registry.get("/v1/models/stranger-" + std::to_string(i));
    registry.get("/stranger-" + std::to_string(i) + "?name=" + std::to_string(i));
  }
  CHECK(lines_of(registry.metrics()).size() == before);
}

}  // namespace cpl::testing::metrics_test
