// The log's keys as the Panel names them, and what an audit makes of a checkpoint that another key
// signed.
#include <catch2/catch.hpp>

#include "registry/audit/audit.hpp"
#include "tests/registry/audit/published_log.hpp"

namespace cpl::testing::keys_test {
namespace {

NoteSigner another_log_key() {
  return NoteSigner::create(test_origin, PrivateKey::generate(KeyAlgorithm::ed25519)).value();
}

Published log_that_names(const std::vector<NoteVerifier>& keys) {
  Charter charter = make_charter();
  charter.log_keys = keys;
  LogStory story;
  story.does(charter);
  story.adds();
  return story.published();
}

TrustPolicy policy_of(const std::vector<NoteVerifier>& keys) {
  std::string text;
  for (const NoteVerifier& key : keys) text += "log " + key.to_string() + "\n";
  return TrustPolicy::parse(text + "quorum none\n").value();
}

std::string found_in(const Published& files, const TrustPolicy& policy) {
  const auto report = audit(fetch_from(files), policy, {});
  REQUIRE(report);
  if (report->findings.empty()) return "nothing";
  REQUIRE(report->findings.size() == 1);
  CHECK(report->findings[0].entry == EntryIndex{0});
  return report->findings[0].code;
}

}  // namespace

TEST_CASE("audit: where the Panel names the log's keys, one of them must have signed") {
  const NoteVerifier own = log_key().verifier();
  const NoteVerifier other = another_log_key().verifier();
  CHECK(found_in(log_that_names({}), log_policy()) == "nothing");
  CHECK(found_in(log_that_names({own}), log_policy()) == "nothing");
  CHECK(found_in(log_that_names({other, own}), log_policy()) == "nothing");
  CHECK(found_in(log_that_names({other}), log_policy()) == "log-key-not-vouched");
}

TEST_CASE("audit: while the log's key changes over, both sign, and either will do") {
  const NoteSigner newest = another_log_key();
  const NoteVerifier own = log_key().verifier();
  Published files = log_that_names({own});
  const auto checkpoint = open_checkpoint(files["checkpoint"], own, test_origin);
  REQUIRE(checkpoint);
  files["checkpoint"] = sign_checkpoint(checkpoint->checkpoint, newest, &log_key()).note;
  CHECK(found_in(files, policy_of({own})) == "nothing");
  CHECK(found_in(files, policy_of({newest.verifier(), own})) == "nothing");
  // Who knows only the key that no charter names yet is told so.
  CHECK(found_in(files, policy_of({newest.verifier()})) == "log-key-not-vouched");
  const auto report = audit(fetch_from(files), policy_of({newest.verifier(), own}), {});
  REQUIRE(report);
  CHECK(report->log_keys.size() == 2);
}

}  // namespace cpl::testing::keys_test
