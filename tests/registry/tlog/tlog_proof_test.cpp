#include "registry/tlog/tlog_proof.hpp"

#include "crypto/encoding.hpp"
#include "crypto/merkle.hpp"
#include "registry/tlog/trust_policy.hpp"
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::tlog_proof_test {
namespace {

// Tessera's log of fifteen words, cosigned by its published test witness, and entry 4 of it.
const Bytes worked_example =
    "c2sp.org/tlog-proof@v1\n"
    "index 4\n"
    "yiM+eia4w1wsk/Ukx7kF56IQVkDW3MWUaUz/VtJu+yU=\n"
    "nk9gCR+floFqznAPtqjjcnnV64dge2jQB95D5t164Hg=\n"
    "zY1lN35vrXYAPixXSd59LsU29xUJtuW4o2dNNg5Y2Co=\n"
    "5jLpqTgjsBDSEX6SgZiRnbTMdTuRd8bQ5tSsAOxe0Ks=\n"
    "\n"
    "example.com/log/testdata\n"
    "15\n"
    "rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n"
    "\n"
    "\xE2\x80\x94 example.com/log/testdata "
    "M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/"
    "fmwlM/dlPWF74ewI=\n"
    "\xE2\x80\x94 Wit1 "
    "mz+y1QAAAABpVbkApmYpTeTNbGtPX5WCNTYAM8mU9jtKA1IKlkal9NGh7E7XfhbLW9TcGVlaXugbrU07pTwVdIPl"
    "NqpWrGVUwYUhDQ==\n";

const std::string policy_text =
    "log example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx\n"
    "witness w1 Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk\n"
    "quorum w1\n";

bool reads(const Bytes& text) {
  const auto proof = parse_tlog_proof(text);
  if (!proof) CHECK(told(proof.error()) == "proof-malformed, rule 0, invalid");
  return proof.has_value();
}

Bytes changed(const std::string& from, const std::string& to) {
  Bytes text = worked_example;
  REQUIRE(text.find(from) != text.npos);
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("tlog-proof: the worked example is read and written to the octet") {
  REQUIRE(worked_example.size() == 522);
  CHECK(to_hex(sha256(worked_example)) ==
        "4e7f352c19af5820f8bbccaab55e68e9db85f386fc84ff280a54dd6982914fb2");
  const auto proof = parse_tlog_proof(worked_example);
  REQUIRE(proof.has_value());
  CHECK(proof->index == EntryIndex{4});
  CHECK(proof->hashes.size() == 4);
  CHECK(format_tlog_proof(*proof) == worked_example);
}

TEST_CASE("tlog-proof: the worked example proves its entry under log and witness") {
  const auto proof = parse_tlog_proof(worked_example);
  REQUIRE(proof.has_value());
  const auto policy = TrustPolicy::parse(policy_text);
  REQUIRE(policy.has_value());
  const auto trusted = trust_checkpoint(proof->checkpoint_note, *policy);
  REQUIRE(trusted.has_value());
  CHECK(trusted->witness_time == 1'767'225'600);
  CHECK(verify_inclusion(merkle_leaf("five"), proof->index, trusted->checkpoint.size, proof->hashes,
                         trusted->checkpoint.root));
  CHECK_FALSE(verify_inclusion(merkle_leaf("four"), proof->index, trusted->checkpoint.size,
                               proof->hashes, trusted->checkpoint.root));
}

TEST_CASE("tlog-proof: of the only entry of a log it has no hashes") {
  const Bytes alone = "c2sp.org/tlog-proof@v1\nindex 0\n\nnote";
  const auto proof = parse_tlog_proof(alone);
  REQUIRE(proof.has_value());
  CHECK(proof->hashes.empty());
  CHECK(proof->checkpoint_note == "note");
  CHECK(format_tlog_proof(*proof) == alone);
}

TEST_CASE("tlog-proof: an extra line may stand second, and only there") {
  CHECK(reads(changed("index 4", "extra AAECAw==\nindex 4")));
  CHECK(reads(changed("index 4", "extra \nindex 4")));
  const Bytes with_extra = changed("index 4", "extra AAECAw==\nindex 4");
  const auto proof = parse_tlog_proof(with_extra);
  REQUIRE(proof);
  CHECK(proof->extra == Bytes("\x00\x01\x02\x03", 4));
  CHECK(format_tlog_proof(*proof) == with_extra);
  CHECK_FALSE(parse_tlog_proof(worked_example)->extra);
  CHECK_FALSE(reads(changed("index 4", "extra AAECAw=\nindex 4")));
  CHECK_FALSE(reads(changed("index 4", "extra AAECAw==\nextra AAECAw==\nindex 4")));
  CHECK_FALSE(reads(changed("index 4", "index 4\nextra AAECAw==")));
  CHECK_FALSE(reads("c2sp.org/tlog-proof@v1\nextra AAECAw=="));
  CHECK_FALSE(reads("c2sp.org/tlog-proof@v1\nextra "));
}

TEST_CASE("tlog-proof: what does not read as one is refused") {
  CHECK_FALSE(reads(""));
  CHECK_FALSE(reads("c2sp.org/tlog-proof@v1\n"));
  CHECK_FALSE(reads(changed("@v1", "@v2")));
  CHECK_FALSE(reads(changed("@v1\n", "@v1\r\n")));
  CHECK_FALSE(reads(changed("index 4\n", "")));
  CHECK_FALSE(reads(changed("index 4", "index 04")));
  CHECK_FALSE(reads(changed("index 4", "index  4")));
  CHECK_FALSE(reads(changed("index 4", "index -4")));
  CHECK_FALSE(reads(changed("index 4", "index 4\nindex 4")));
  CHECK_FALSE(reads(changed("+yU=", "+yV=")));
  CHECK_FALSE(reads(changed("+yU=", "+y==")));
  CHECK_FALSE(reads(changed("+yU=\n", "+yU= \n")));
  CHECK_FALSE(reads(changed("0Ks=\n\nexample", "0Ks=\nexample")));
  for (std::size_t size = 0; size < worked_example.find("\n\n") + 2; ++size) {
    CHECK_FALSE(reads(worked_example.substr(0, size)));
  }
}

TEST_CASE("tlog-proof: it has at most 63 hashes") {
  Bytes text = "c2sp.org/tlog-proof@v1\nindex 0\n";
  for (int i = 0; i < 63; ++i) text += to_base64(Hash{}) + "\n";
  CHECK(reads(text + "\nnote"));
  CHECK_FALSE(reads(text + to_base64(Hash{}) + "\n\nnote"));
}

}  // namespace cpl::testing::tlog_proof_test
