// The notes and keys of golang.org/x/mod/sumdb/note (BSD-3-Clause), which its own tests open, sign
// or refuse: ours must do the same with each.
#include <catch2/catch.hpp>

#include "crypto/note.hpp"

namespace cpl::testing::sumdb_note_test {
namespace {

const std::string text =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
const std::string peter_key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const std::string enoch_key = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const std::string peter_secret =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const std::string peter =
    "\xE2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const std::string enoch =
    "\xE2\x80\x94 EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/"
    "5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

std::vector<NoteVerifier> keys(const std::vector<std::string>& texts) {
  std::vector<NoteVerifier> verifiers;
  for (const std::string& key : texts) verifiers.push_back(NoteVerifier::parse(key).value());
  return verifiers;
}

// Which of the keys vouch for it, in the order of its lines; or the refusal's code.
std::string opened(const std::string& message, const std::vector<std::string>& known) {
  const auto note = parse_note(message);
  if (!note) return note.error().code;
  CHECK(note->text == text);
  const auto verifiers = keys(known);
  const auto verified = verify_note(*note, verifiers);
  if (!verified) return verified.error().code;
  std::string names;
  for (const std::size_t key : *verified) names += verifiers[key].name() + " ";
  return names;
}

std::string times(std::size_t count, const std::string& line) {
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) lines += line;
  return lines;
}

// The line with four octets of base64 put in, as x/mod's tests spoil it.
std::string spoilt(const std::string& line) {
  return line.substr(0, 60) + "ABCD" + line.substr(60);
}

}  // namespace

TEST_CASE("sumdb note: one known key, both, none, and keys beside them") {
  const std::string message = text + "\n" + peter + enoch;
  CHECK(opened(message, {peter_key}) == "PeterNeumann ");
  CHECK(opened(message, {enoch_key}) == "EnochRoot ");
  CHECK(opened(message, {peter_key, enoch_key}) == "PeterNeumann EnochRoot ");
  CHECK(opened(message, {}) == "signature-missing");
  CHECK(opened(text + "\n" + peter, {enoch_key, peter_key}) == "PeterNeumann ");
  CHECK(opened(text + "\n" + peter, {enoch_key}) == "signature-missing");
}

TEST_CASE("sumdb note: lines that come twice count once, spoilt ones of others not at all") {
  const std::string repeated = peter + peter + enoch + enoch + spoilt(enoch);
  CHECK(opened(text + "\n" + repeated, {peter_key}) == "PeterNeumann ");
}

TEST_CASE("sumdb note: a spoilt line of a known key, and a hundred and one, are refused") {
  CHECK(opened(text + "\n" + spoilt(peter), {peter_key}) == "signature-invalid");
  CHECK(opened(text + "\n" + times(100, peter), {peter_key}) == "PeterNeumann ");
  CHECK(opened(text + "\n" + times(101, peter), {peter_key}) == "note-malformed");
  CHECK(opened(text + "\n" + times(101, peter), {}) == "note-malformed");
}

TEST_CASE("sumdb note: malformed messages are refused") {
  for (const std::string& message :
       {text, text + "\n", text + "\n" + peter.substr(0, peter.size() - 1),
        "\x01" + text + "\n" + peter, "\xFF" + text + "\n" + peter,
        text + "\n\xE2\x80\x94 Bad Name" + peter.substr(peter.rfind(' ')),
        text + "\n\xE2\x80\x94 Bad Name" + peter.substr(peter.rfind(' '), 97),
        text + "\n" + peter + "Unexpected line.\n"}) {
    INFO(message);
    CHECK(opened(message, {peter_key}) == "note-malformed");
  }
}

TEST_CASE("sumdb note: another name or another id makes it another's line") {
  const std::string misnamed = "\xE2\x80\x94 CarmenSandiego" + peter.substr(peter.rfind(' '));
  CHECK(opened(text + "\n" + misnamed, {peter_key}) == "signature-missing");
  const std::string other_id =
      peter.substr(0, peter.rfind(' ') + 1) + "xxxx" + peter.substr(peter.rfind(' ') + 5);
  CHECK(opened(text + "\n" + other_id, {peter_key}) == "signature-missing");
}

TEST_CASE("sumdb note: no part of a secret key and no changed octet of it is one") {
  REQUIRE(NoteSigner::parse(peter_secret));
  for (std::size_t from = 0; from < peter_secret.size(); ++from) {
    for (std::size_t to = from + 1; to <= peter_secret.size(); ++to) {
      if (to - from == peter_secret.size()) continue;
      if (NoteSigner::parse(peter_secret.substr(from, to - from))) FAIL(from << " to " << to);
    }
  }
  for (std::size_t i = 0; i < peter_secret.size(); ++i) {
    std::string changed = peter_secret;
    ++changed[i];
    if (NoteSigner::parse(changed)) FAIL(changed);
  }
}

TEST_CASE(
    "sumdb note: keys of another length or an unknown kind, under the right id, are refused") {
  for (const std::string& key :
       {peter_key.substr(0, 13) + "cc469956" + peter_key.substr(21) + "BADKEY==",
        peter_key.substr(0, 13) + "173116ae+Z" + peter_key.substr(23)}) {
    INFO(key);
    CHECK_FALSE(NoteVerifier::parse(key));
  }
}

TEST_CASE("sumdb note: signing gives the same octets, and takes the place of an old line") {
  const auto signer = NoteSigner::parse(peter_secret);
  REQUIRE(signer);
  CHECK(signer->verifier().to_string() == peter_key);
  Note note{text, {}};
  sign_note(note, *signer);
  CHECK(format_note(note) == text + "\n" + peter);
  Note with_old{text, {{"PeterNeumann", 0xC74F20A3, "old"}}};
  sign_note(with_old, *signer);
  CHECK(format_note(with_old) == text + "\n" + peter);
  CHECK_FALSE(is_note_text("abc"));  // As short as what x/mod's Sign refuses.
}

}  // namespace cpl::testing::sumdb_note_test
