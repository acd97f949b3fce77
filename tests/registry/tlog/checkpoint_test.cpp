#include "registry/tlog/checkpoint.hpp"

#include "crypto/encoding.hpp"
#include "crypto/merkle.hpp"
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::checkpoint_test {
namespace {

const std::string empty_root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

Checkpoint checkpoint_of(std::uint64_t size) {
  return {test_origin, TreeSize{size}, sha256("root"), {}};
}

bool reads(const Bytes& text) {
  const auto checkpoint = parse_checkpoint(text);
  if (!checkpoint) CHECK(told(checkpoint.error()) == "checkpoint-malformed, rule 0, invalid");
  return checkpoint.has_value();
}

}  // namespace

TEST_CASE("checkpoint: the text is origin, size and root, and we write no extension") {
  const Checkpoint empty{test_origin, TreeSize{0}, merkle_empty_root(), {}};
  CHECK(format_checkpoint(empty) == "cpl.example.org/log\n0\n" + empty_root + "\n");
  const auto read = parse_checkpoint(format_checkpoint(checkpoint_of(12)));
  REQUIRE(read.has_value());
  CHECK(read->origin == test_origin);
  CHECK(read->size == TreeSize{12});
  CHECK(read->root == sha256("root"));
  CHECK(read->extensions.empty());
}

TEST_CASE("checkpoint: extension lines of others are kept verbatim") {
  const Bytes text = "o\n1\n" + empty_root + "\nfirst extension\nsecond\n";
  const auto read = parse_checkpoint(text);
  REQUIRE(read.has_value());
  CHECK(read->extensions == std::vector<std::string>{"first extension", "second"});
  CHECK(format_checkpoint(*read) == text);
}

TEST_CASE("checkpoint: what does not read as one is refused") {
  CHECK(reads("o\n1\n" + empty_root + "\n"));
  for (const Bytes& text :
       {Bytes(), Bytes("o\n1\n"), "o\n1\n" + empty_root, "\n1\n" + empty_root + "\n",
        "o\n\n" + empty_root + "\n", "o\n1\n" + empty_root + "\n\n",
        "o\n1\n" + empty_root + "\n\next\n", "o\n01\n" + empty_root + "\n",
        "o\n-1\n" + empty_root + "\n", "o\n1 \n" + empty_root + "\n",
        "o\n9223372036854775808\n" + empty_root + "\n", Bytes("o\n1\nAAAA\n"),
        "o\n1\n" + empty_root.substr(0, 42) + "V=\n", "o\r\n1\n" + empty_root + "\n",
        "\xFF\n1\n" + empty_root + "\n"}) {
    CAPTURE(text);
    CHECK_FALSE(reads(text));
  }
  Bytes many = "o\n1\n" + empty_root + "\n";
  for (int i = 0; i < 16; ++i) many += "x\n";
  CHECK(reads(many));
  CHECK_FALSE(reads(many + "x\n"));
}

TEST_CASE("checkpoint: the empty tree has one root") {
  CHECK(reads("o\n0\n" + empty_root + "\n"));
  CHECK_FALSE(reads("o\n0\n" + to_base64(sha256("root")) + "\n"));
}

TEST_CASE("checkpoint: it opens with the log's key and its origin, and with no other") {
  const NoteSigner key = ed25519_signer(test_origin);
  const SignedCheckpoint signed_one = sign_checkpoint(checkpoint_of(12), key);
  const auto opened = open_checkpoint(signed_one.note, key.verifier(), test_origin);
  REQUIRE(opened.has_value());
  CHECK(opened->checkpoint.size == TreeSize{12});
  CHECK(opened->note == signed_one.note);

  const auto code = [](const Result<SignedCheckpoint>& result) {
    return result ? "accepted" : told(result.error());
  };
  CHECK(code(open_checkpoint(signed_one.note, ed25519_signer("another").verifier(), test_origin)) ==
        "signature-missing, rule 0, unauthorized");
  CHECK(code(open_checkpoint(signed_one.note, key.verifier(), "another origin")) ==
        "origin-mismatch, rule 0, unauthorized");
  Bytes altered = signed_one.note;
  altered.replace(altered.find("12"), 2, "13");
  CHECK(code(open_checkpoint(altered, key.verifier(), test_origin)) ==
        "signature-invalid, rule 0, unauthorized");
  CHECK(code(open_checkpoint("", key.verifier(), test_origin)) ==
        "note-malformed, rule 0, invalid");
}

TEST_CASE("checkpoint: it opens with a witness's line beneath") {
  const NoteSigner key = ed25519_signer(test_origin);
  auto note = parse_note(sign_checkpoint(checkpoint_of(12), key).note);
  REQUIRE(note.has_value());
  cosign_note(*note, witness_signer("witness"), 1'783'591'200);
  CHECK(open_checkpoint(format_note(*note), key.verifier(), test_origin).has_value());
}

}  // namespace cpl::testing::checkpoint_test
