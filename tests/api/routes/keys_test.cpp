// Whose keys counted when; entries by what they are; that a size is the beginning of another.
#include "crypto/merkle.hpp"
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::keys_test {

namespace {

std::vector<std::uint64_t> indices(const Json& page) {
  std::vector<std::uint64_t> found;
  for (const Json& entry : page["entries"]) found.push_back(entry["index"].get<std::uint64_t>());
  return found;
}
using Indices = std::vector<std::uint64_t>;

Hash hash_of(const Json& base64) {
  const auto octets = from_base64(base64.get<std::string>());
  REQUIRE(octets);
  const auto hash = hash_from_bytes(*octets);
  REQUIRE(hash);
  return *hash;
}

}  // namespace

TEST_CASE("keys: each is told with its role and with the charters from which and to which") {
  TestApi registry;
  registry.log.append({charter_note()});
  Charter next = small_charter();
  next.replaces = EntryIndex{0};
  const NoteSigner new_registrar = signer_of("registrar-2");
  next.roles[Role::registrar].keys = {new_registrar.verifier()};
  next.log_keys = {log_keys().log.verifier()};
  registry.log.append({sign(next, log_keys().panel)});
  const Json keys = registry.get_json("/v1/keys")["keys"];
  REQUIRE(keys.size() == 5);
  std::string said;
  for (const Json& key : keys) {
    said += key["role"].get<std::string>() + " " + key["name"].get<std::string>() + " " +
            key["from"].dump() + "-" + key["to"].dump() + "; ";
  }
  CHECK(said ==
        "panel panel 0-null; registrar registrar 0-1; service_desk desk 0-null; "
        "registrar registrar-2 1-null; log log.example/cpl 1-null; ");
  CHECK(keys[0]["key"] == log_keys().panel.verifier().to_string());
  CHECK(keys[0]["algorithm"] == "ed25519");
  // The id stands in the key's string, too.
  CHECK_THAT(keys[0]["key"].get<std::string>(),
             Catch::StartsWith("panel+" + keys[0]["id"].get<std::string>() + "+"));
}

TEST_CASE("consistency: the proof between any two sizes verifies, and leads to the checkpoint") {
  TestApi registry;
  registry.log.append(story_notes());
  for (std::uint64_t to = 1; to <= 10; ++to) {
    for (std::uint64_t from = 1; from <= to; ++from) {
      const Json shown = registry.get_json("/v1/log/consistency?from=" + std::to_string(from) +
                                           "&to=" + std::to_string(to));
      std::vector<Hash> proof;
      for (const Json& hash : shown["hashes"]) proof.push_back(hash_of(hash));
      CHECK(verify_consistency(TreeSize{from}, hash_of(shown["from_root"]), TreeSize{to},
                               hash_of(shown["to_root"]), proof));
    }
  }
  CHECK(registry.get_json("/v1/log/consistency?from=3")["to_root"] ==
        to_base64(registry.log.view()->checkpoint().root));
  for (const std::string bad : {"", "?from=0", "?from=11", "?from=4&to=3", "?from=1&to=11"}) {
    CHECK(registry.get("/v1/log/consistency" + bad).status == 400);
  }
}

TEST_CASE("entries: they are found by type, signer and time") {
  TestApi registry;
  const std::vector<Bytes> notes = story_notes();
  registry.log.append({notes.begin(), notes.begin() + 4});
  registry.log.clock.advance(60'000);
  registry.log.append({notes.begin() + 4, notes.end()});
  const auto found = [&](const std::string& query) {
    return indices(registry.get_json("/v1/entries?" + query));
  };
  CHECK(found("type=addition") == Indices{1, 2, 3});
  CHECK(found("type=addition&from=2") == Indices{2, 3});
  CHECK(found("signed_by=desk") == Indices{6, 7});
  CHECK(found("signed_by=panel") == Indices{0, 4});
  CHECK(found("signed_by=panel&type=decision") == Indices{4});
  CHECK(found("signed_by=nobody").empty());
  const std::string second = format_time(registry.log.clock.now());
  CHECK(found("since=" + second) == Indices{4, 5, 6, 7, 8, 9});
  CHECK(found("until=" + format_time(UnixMillis{registry.log.clock.now().value - 30'000})) ==
        Indices{0, 1, 2, 3});
  const Json page = registry.get_json("/v1/entries?type=addition&limit=2");
  CHECK(indices(page) == Indices{1, 2});
  CHECK(page["next"] == 3);
  for (const std::string bad : {"type=unknown", "since=today", "until=2026", "signed_by="}) {
    CHECK(registry.get("/v1/entries?" + bad).status == 400);
  }
}

}  // namespace cpl::testing::keys_test
