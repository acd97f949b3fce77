#include "registry/tlog/trust_policy.hpp"

#include "crypto/encoding.hpp"
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::trust_policy_test {
namespace {

constexpr std::uint64_t noon = 1'783'598'400;

std::string key_of(const NoteSigner& signer) { return signer.verifier().to_string(); }

const NoteSigner& log_key() {
  static const NoteSigner key = ed25519_signer(test_origin);
  return key;
}

std::string log_line() { return "log " + key_of(log_key()) + "\n"; }

// "witness <name> <key>" for each name; the key's own name is the name with ".example.org".
std::string witness_lines(const std::vector<std::string>& names) {
  std::string lines;
  for (const std::string& name : names) {
    lines += "witness " + name + " " + key_of(witness_signer(name + ".example.org")) + "\n";
  }
  return lines;
}

TrustPolicy parsed(const std::string& text) {
  const auto policy = TrustPolicy::parse(text);
  INFO((policy ? "" : policy.error().detail));
  REQUIRE(policy.has_value());
  return *policy;
}

// "accepted", or what is wrong.
std::string reading(const std::string& text) {
  const auto policy = TrustPolicy::parse(text);
  return policy ? "accepted" : policy.error().detail;
}

Bytes checkpoint_note(const NoteSigner& key = log_key(), const std::string& origin = test_origin) {
  return sign_checkpoint({origin, TreeSize{12}, sha256("root"), {}}, key).note;
}

Bytes cosigned(const Bytes& message, const std::string& name, std::uint64_t time = noon) {
  auto note = parse_note(message);
  REQUIRE(note.has_value());
  cosign_note(*note, witness_signer(name + ".example.org"), time);
  return format_note(*note);
}

std::string trust(const Bytes& note, const TrustPolicy& policy) {
  const auto trusted = trust_checkpoint(note, policy);
  return trusted ? "trusted" : told(trusted.error());
}

}  // namespace

TEST_CASE("trust policy: comments, blank lines and tabs do not matter") {
  const TrustPolicy policy =
      parsed("# the log\n\n \t\n  # indented\n\tlog\t" + key_of(log_key()) +
             "  https://cpl.example.org/log \n" + witness_lines({"a"}) + "quorum  none\n");
  CHECK(policy.logs().size() == 1);
  CHECK(policy.witnesses().size() == 1);
  CHECK(policy.witnesses()[0].url.empty());
  CHECK_FALSE(policy.needs_witnesses());
}

TEST_CASE("trust policy: each error is told with its line") {
  const std::string log = log_line();
  const std::string a = witness_lines({"a"});
  const std::string ab = witness_lines({"a", "b"});
  struct Case {
    std::string text;
    std::string told;
  };
  const std::vector<Case> cases = {
      {"", "it names no log"},
      {"quorum none\n", "it names no log"},
      {log, "it has no quorum line"},
      {log + "quorum none", "does not end in a newline"},
      {log + "quorum none\nquorum none\n", "line 3: not a trust policy: exactly one line quorum"},
      {log + "quorum\n", "exactly one line quorum"},
      {log + "quorum a\n", "the quorum names a, which is not defined above it"},
      {log + "quorum a\n" + a, "line 2: not a trust policy: the quorum names a"},
      {log + "trust none\n", "\"trust\" is none of log, witness, group and quorum"},
      {log + "LOG x\n", "\"LOG\" is none of"},
      {"log\n", "log <key string> [<url>]"},
      {log.substr(0, log.size() - 1) + " url more\n", "log <key string> [<url>]"},
      {"log nonsense\n", "line 1"},
      {log + log + "quorum none\n", "two logs have the same key"},
      {"log " + key_of(witness_signer("w")) + "\n", "a witness's key cannot be a log's"},
      {log + "witness a\n", "witness <name> <key string> [<url>]"},
      {log + a + a + "quorum a\n", "the name a is taken"},
      {log + "witness none " + key_of(witness_signer("w")) + "\n", "the name none is taken"},
      {log + a + "witness b " + key_of(witness_signer("a.example.org")) + "\n",
       "two witnesses have the same key"},
      {log + "witness d " + key_of(people().desk[0]) + "\n", "a witness has an Ed25519 key"},
      {log + a + "group g all\n", "group <name> all|any|<k> <member>..."},
      {log + ab + "group g 0 a b\n", "must need between 1 and all"},
      {log + ab + "group g 3 a b\n", "must need between 1 and all"},
      {log + ab + "group g -1 a b\n", "must need between 1 and all"},
      {log + ab + "group g 01 a b\n", "must need between 1 and all"},
      {log + ab + "group g most a b\n", "must need between 1 and all"},
      {log + a + "group g any a b\n", "b is used above where it is defined"},
      {log + "group g any g\n", "g is used above where it is defined"},
      {log + a + "group g any none\n", "none is used above"},
      {log + a + "group g any a a\n", "a is a member twice"},
      {log + a + "group g any a\ngroup h any a\n", "a is a member twice"},
      {log + a + "group a any a\n", "the name a is taken"},
      {log + "quorum none\r\n", "control character"},
      {log + Bytes("quorum none\0\n", 13), "control character"},
      {log + "# \x7F\nquorum none\n", "control character"},
      {log + "#" + std::string(256U << 10U, 'x') + "\nquorum none\n", "too large"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text.substr(0, 400));
    CHECK_THAT(reading(one.text), Catch::Contains(one.told));
  }
  CHECK(told(TrustPolicy::parse("").error()) == "policy-malformed, rule 0, invalid");
  CHECK(reading(log + ab + "group g 2 a b\nquorum g\n") == "accepted");
  CHECK(reading(log + "# \xC3\xA9\xFF\nquorum none\n") == "accepted");
}

TEST_CASE("trust policy: 32 logs and 32 witnesses are not too many") {
  std::string text;
  std::vector<std::string> names;
  for (int i = 0; i < 32; ++i) {
    text += "log " + key_of(ed25519_signer("log-" + std::to_string(i))) + "\n";
    names.push_back("w" + std::to_string(i));
  }
  text += witness_lines(names) + "group all 17";
  for (const std::string& name : names) text += " " + name;
  const TrustPolicy policy = parsed(text + "\nquorum all\n");
  CHECK_FALSE(policy.quorum_holds({names.begin(), names.begin() + 16}));
  CHECK(policy.quorum_holds({names.begin(), names.begin() + 17}));
}

TEST_CASE("trust policy: groups of groups hold as they say") {
  const TrustPolicy policy = parsed(log_line() + witness_lines({"a", "b", "c", "d", "e"}) +
                                    "group pair all a b\n"
                                    "group one any c d\n"
                                    "group top 2 pair one e\n"
                                    "quorum top\n");
  CHECK(policy.needs_witnesses());
  CHECK_FALSE(policy.quorum_holds({}));
  CHECK_FALSE(policy.quorum_holds({"a", "c"}));
  CHECK_FALSE(policy.quorum_holds({"a", "b"}));
  CHECK_FALSE(policy.quorum_holds({"c", "d"}));
  CHECK(policy.quorum_holds({"a", "b", "d"}));
  CHECK(policy.quorum_holds({"c", "e"}));
  CHECK(policy.quorum_holds({"a", "b", "e"}));
  CHECK_FALSE(policy.quorum_holds({"pair", "top"}));
  const auto count = policy.quorum_count({"a", "c", "e"});
  CHECK(count.needed == 2);
  CHECK(count.of == 3);
  CHECK(count.holding == 2);
}

TEST_CASE("trust policy: a checkpoint is trusted by its log's signature and the quorum") {
  const TrustPolicy policy =
      parsed(log_line() + witness_lines({"a", "b", "c"}) + "group two 2 a b c\nquorum two\n");
  const Bytes bare = checkpoint_note();
  CHECK(trust(bare, policy) == "quorum-not-met, rule 0, unauthorized");
  CHECK(trust(cosigned(bare, "a"), policy) == "quorum-not-met, rule 0, unauthorized");
  CHECK(trust(cosigned(cosigned(bare, "a"), "z"), policy) ==
        "quorum-not-met, rule 0, unauthorized");
  const auto trusted = trust_checkpoint(cosigned(cosigned(bare, "a", noon), "c", noon + 7), policy);
  REQUIRE(trusted.has_value());
  CHECK(trusted->checkpoint.size == TreeSize{12});
  CHECK(trusted->log_key_name == test_origin);
  CHECK(trusted->cosigned == std::vector<std::string>{"a", "c"});
  CHECK(trusted->witness_time == noon);
}

TEST_CASE("trust policy: the witness time is the quorum's, not that of the newest alone") {
  const std::string abc = log_line() + witness_lines({"a", "b", "c"});
  Bytes note =
      cosigned(cosigned(cosigned(checkpoint_note(), "a", noon), "b", noon + 60), "c", noon + 3600);
  const auto time_under = [&](const std::string& quorum) {
    const auto trusted = trust_checkpoint(note, parsed(abc + quorum));
    REQUIRE(trusted.has_value());
    return trusted->witness_time;
  };
  CHECK(time_under("quorum none\n") == noon + 3600);
  CHECK(time_under("group g any a b c\nquorum g\n") == noon + 3600);
  CHECK(time_under("group g 2 a b c\nquorum g\n") == noon + 60);
  CHECK(time_under("group g all a b c\nquorum g\n") == noon);
  CHECK(time_under("quorum a\n") == noon);
  note = checkpoint_note();
  CHECK_FALSE(time_under("quorum none\n").has_value());

  const UnixMillis now{(noon + 100) * 1000};
  CHECK_FALSE(is_stale(noon, 100, now));
  CHECK(is_stale(noon, 99, now));
  CHECK_FALSE(is_stale(noon + 200, 0, now));
  CHECK_FALSE(is_stale(0, UINT64_MAX, now));
}

TEST_CASE("trust policy: many witnesses that cosign in one second make a quorum of that time") {
  std::vector<std::string> names;
  for (int i = 0; i < 40; ++i) names.push_back("w" + std::to_string(i));
  std::string text = log_line() + witness_lines(names) + "group all 40";
  for (const std::string& name : names) text += " " + name;
  Bytes note = checkpoint_note();
  for (const std::string& name : names) note = cosigned(note, name);
  const auto trusted = trust_checkpoint(note, parsed(text + "\nquorum all\n"));
  REQUIRE(trusted.has_value());
  CHECK(trusted->witness_time == noon);
  CHECK(trusted->cosigned.size() == 40);
}

TEST_CASE("trust policy: a policy of one log asks for no witness") {
  const TrustPolicy policy = TrustPolicy::of_log(log_key().verifier());
  const auto trusted = trust_checkpoint(checkpoint_note(), policy);
  REQUIRE(trusted.has_value());
  CHECK_FALSE(trusted->witness_time.has_value());
  CHECK(trust(checkpoint_note(ed25519_signer("another")), policy) ==
        "signature-missing, rule 0, unauthorized");
}

TEST_CASE("trust policy: a log speaks under its own origin only") {
  const NoteSigner other = ed25519_signer("other.example.org/log");
  const TrustPolicy policy =
      parsed(log_line() + "log " + key_of(other) + "\n" + witness_lines({"a"}) + "quorum none\n");
  CHECK(trust(checkpoint_note(other, "other.example.org/log"), policy) == "trusted");
  CHECK(trust(checkpoint_note(other, test_origin), policy) ==
        "log-not-trusted, rule 0, unauthorized");
  const Bytes by_witness_alone =
      cosigned(checkpoint_note(ed25519_signer("stranger"), test_origin), "a");
  CHECK(trust(by_witness_alone, policy) == "log-not-trusted, rule 0, unauthorized");
}

TEST_CASE("trust policy: one line of a known key that does not verify spoils the checkpoint") {
  const TrustPolicy policy = parsed(log_line() + witness_lines({"a"}) + "quorum none\n");
  auto note = parse_note(cosigned(checkpoint_note(), "a"));
  REQUIRE(note.has_value());
  for (std::size_t line = 0; line < 2; ++line) {
    Note spoilt = *note;
    char& octet = spoilt.signatures[line].signature[20];
    octet = static_cast<char>(octet ^ 1);
    CHECK(trust(format_note(spoilt), policy) == "signature-invalid, rule 0, unauthorized");
  }
  Note later = *note;
  later.signatures[1].signature[7] = static_cast<char>(later.signatures[1].signature[7] ^ 1);
  CHECK(trust(format_note(later), policy) == "signature-invalid, rule 0, unauthorized");
}

TEST_CASE("trust policy: a witness's plain key string is read as its cosigning key") {
  const auto key = PrivateKey::from_ed25519_seed(sha256("a.example.org").view());
  REQUIRE(key.has_value());
  const auto plain = NoteSigner::create("a.example.org", *key);
  REQUIRE(plain.has_value());
  const TrustPolicy policy =
      parsed(log_line() + "witness a " + key_of(*plain) + " https://a.example.org\nquorum a\n");
  CHECK(policy.witnesses()[0].url == "https://a.example.org");
  CHECK(trust(cosigned(checkpoint_note(), "a"), policy) == "trusted");

  auto signed_plainly = parse_note(checkpoint_note());
  REQUIRE(signed_plainly.has_value());
  sign_note(*signed_plainly, *plain);
  CHECK(trust(format_note(*signed_plainly), policy) == "quorum-not-met, rule 0, unauthorized");
}

TEST_CASE("trust policy: a signed text that is no checkpoint is not trusted") {
  Note note{"not a checkpoint\n", {}};
  sign_note(note, log_key());
  CHECK(trust(format_note(note), TrustPolicy::of_log(log_key().verifier())) ==
        "checkpoint-malformed, rule 0, invalid");
}

TEST_CASE("trust policy: it has at most 256 KiB and a thousand names") {
  std::string text = log_line() + "quorum none\n#";
  text.resize((256U << 10U) - 1, ' ');
  CHECK(reading(text + "\n") == "accepted");
  CHECK_THAT(reading(text + " \n"), Catch::Contains("too large"));
  const std::string key = key_of(witness_signer("w.example.org"));
  std::string groups = log_line() + "witness w " + key + "\n";
  std::string member = "w";
  for (int number = 1; number < 1000; ++number) {
    const std::string name = "g" + std::to_string(number);
    groups += "group " + name + " any " + member + "\n";
    member = name;
  }
  CHECK(reading(groups + "quorum none\n") == "accepted");
  CHECK_THAT(reading(groups + "group last any " + member + "\nquorum none\n"),
             Catch::Contains("too many names"));
}

TEST_CASE("trust policy: without its quorum it trusts the log's signature alone") {
  const TrustPolicy policy = parsed(log_line() + witness_lines({"w"}) + "quorum w\n");
  CHECK(trust(checkpoint_note(), policy) == "quorum-not-met, rule 0, unauthorized");
  CHECK(trust(checkpoint_note(), policy.without_quorum()) == "trusted");
  CHECK(policy.without_quorum().witnesses().size() == 1);
}

}  // namespace cpl::testing::trust_policy_test
