// The DCC's counts of devices: read strictly, in one spelling, and committed to by a root.
#include "registry/statement/deployed.hpp"

#include "crypto/merkle.hpp"
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::deployed_test {
namespace {

const std::string meter = "ESME-1063-00050203-38040404";
const std::string other = "ESME-1063-00050203-38040405";

DeployedCounts counts_in(const std::string& csv) {
  const auto counts = DeployedCounts::parse(csv);
  INFO((counts ? "" : counts.error().detail));
  REQUIRE(counts.has_value());
  return *counts;
}

std::string fault_in(const std::string& csv) {
  const auto counts = DeployedCounts::parse(csv);
  return counts ? "none" : counts.error().detail;
}

}  // namespace

TEST_CASE("deployed: rows in any order are one file, with one root") {
  const auto counts = counts_in("model,devices\n" + other + ",7\n" + meter + ",1200\n");
  CHECK(counts.devices() == 1207);
  CHECK(counts.of(*ModelId::parse(meter)) == 1200);
  CHECK_FALSE(counts.of(*ModelId::parse("ESME-1063-00050203-38040406")));
  CHECK(counts.format() == "model,devices\r\n" + meter + ",1200\r\n" + other + ",7\r\n");
  CHECK(counts.root() == merkle_node(merkle_leaf(meter + ",1200"), merkle_leaf(other + ",7")));
  CHECK(counts_in(counts.format()).root() == counts.root());
}

TEST_CASE("deployed: what is wrong is named with its row") {
  CHECK(fault_in("id,devices\n" + meter + ",1\n") == "the first row must be model,devices");
  CHECK(fault_in("model,devices\n") == "no model is counted");
  CHECK_THAT(fault_in("model,devices\nESME-1,1\n"), Catch::StartsWith("row 2: "));
  CHECK_THAT(fault_in("model,devices\n" + meter + ",-1\n"),
             Catch::Contains("\"-1\" is no number of devices"));
  CHECK_THAT(fault_in("model,devices\n" + meter + ",1.00E+05\n"), Catch::Contains("1.00E+05"));
  CHECK_THAT(fault_in("model,devices\n" + meter + ",1000000001\n"), Catch::Contains("row 2"));
  CHECK(fault_in("model,devices\n" + meter + ",1\n" + other + ",1\n" + meter + ",2\n") ==
        meter + " is counted twice");
}

TEST_CASE("deployed: a deployment commits to its counts, and to no others") {
  const auto counts = counts_in("model,devices\n" + meter + ",5\n" + other + ",7\n");
  const Deployment deployment = deployment_of(day("2026-07-08"), counts);
  CHECK(commits_to(deployment, counts));
  CHECK_FALSE(
      commits_to(deployment, counts_in("model,devices\n" + meter + ",7\n" + other + ",5\n")));
  CHECK_FALSE(commits_to(deployment, counts_in("model,devices\n" + meter + ",12\n")));
  Deployment wrong = deployment;
  wrong.rows = 3;
  CHECK_FALSE(commits_to(wrong, counts));
  wrong = deployment;
  wrong.devices = 13;
  CHECK_FALSE(commits_to(wrong, counts));
}

}  // namespace cpl::testing::deployed_test
