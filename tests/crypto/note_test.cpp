#include "crypto/note.hpp"

#include <catch2/catch.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl::testing::note_test {
namespace {

const std::string dash = "\xE2\x80\x94 ";

NoteSigner make_signer(const std::string& name, KeyAlgorithm algorithm = KeyAlgorithm::ed25519) {
  auto signer = NoteSigner::create(name, PrivateKey::generate(algorithm));
  REQUIRE(signer);
  return *std::move(signer);
}

Bytes signed_text(const Bytes& text, const NoteSigner& signer) {
  Note note{text, {}};
  sign_note(note, signer);
  return format_note(note);
}

std::string signature_line(const std::string& name, std::uint32_t id, const Bytes& signature) {
  Bytes octets;
  append_u32(octets, id);
  return dash + name + " " + to_base64(octets + signature) + "\n";
}

// Whether the message is a note that one of the keys vouches for.
bool opens(BytesView message, std::span<const NoteVerifier> keys) {
  const auto note = parse_note(message);
  return note && verify_note(*note, keys);
}

std::string error_code(const Error& error) { return error.code; }

// Every change of one bit must leave a message that does not open, except within [from, to).
void flip_each_bit(const Bytes& message, std::span<const NoteVerifier> keys, std::size_t from,
                   std::size_t to) {
  REQUIRE(opens(message, keys));
  for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
    Bytes forged = message;
    forged[bit / 8] = static_cast<char>(forged[bit / 8] ^ (1 << (bit % 8)));
    const bool may_open = bit / 8 >= from && bit / 8 < to;
    if (!may_open && opens(forged, keys)) FAIL("bit " << bit << " does not matter");
  }
}

}  // namespace

TEST_CASE("note: what is signed is read back and verifies, with both algorithms") {
  const auto algorithm = GENERATE(KeyAlgorithm::ed25519, KeyAlgorithm::ecdsa_p256);
  const NoteSigner signer = make_signer("panel.example/chair", algorithm);
  const Bytes message = signed_text("one\n\ntwo\n", signer);
  const auto note = parse_note(message);
  REQUIRE(note);
  CHECK(note->text == "one\n\ntwo\n");
  CHECK(format_note(*note) == message);
  const std::vector<NoteVerifier> keys = {make_signer("other").verifier(), signer.verifier()};
  const auto verified = verify_note(*note, keys);
  REQUIRE(verified);
  CHECK(*verified == std::vector<std::size_t>{1});
}

TEST_CASE("note: the last empty line separates text from signatures") {
  const NoteSigner signer = make_signer("a");
  for (const Bytes& text : {Bytes("\n"), Bytes("a\n\n"), Bytes("a\n\n\n\nb\n"),
                            Bytes("a\n\n" + dash + "not a signature line of this note\n")}) {
    const auto note = parse_note(signed_text(text, signer));
    REQUIRE(note);
    CHECK(note->text == text);
    CHECK(verify_note(*note, std::vector{signer.verifier()}));
  }
}

TEST_CASE("note: a changed text does not verify, however the note came to be") {
  const NoteSigner signer = make_signer("a");
  Note note{"remove one model\n", {}};
  sign_note(note, signer);
  note.text = "remove two models\n";
  const auto verified = verify_note(note, std::vector{signer.verifier()});
  REQUIRE_FALSE(verified);
  CHECK(error_code(verified.error()) == "signature-invalid");
}

TEST_CASE("note: flipping any one bit of a signed note leaves nothing that opens") {
  const auto algorithm = GENERATE(KeyAlgorithm::ed25519, KeyAlgorithm::ecdsa_p256);
  const NoteSigner signer = make_signer("n.example/k\xC3\xA9y", algorithm);
  const Bytes message = signed_text("text \xE2\x82\xAC\n\nlast line\n", signer);
  flip_each_bit(message, std::vector{signer.verifier()}, 0, 0);
}

TEST_CASE("note: only an unknown key's line may change without breaking the note") {
  const NoteSigner signer = make_signer("known");
  const std::string stranger = signature_line("stranger", 7, "opaque");
  const Bytes message = signed_text("text\n", signer) + stranger;
  // Its em dash and its end still matter.
  flip_each_bit(message, std::vector{signer.verifier()}, message.size() - stranger.size() + 4,
                message.size() - 1);
}

TEST_CASE("note: malformed messages are refused") {
  const NoteSigner signer = make_signer("a");
  const std::string line = signed_text("t\n", signer).substr(3);
  REQUIRE(parse_note("t\n\n" + line));
  const std::vector<Bytes> messages = {
      "",
      "\n",
      "\n\n",
      "t\n",
      "t\n\n",
      "t\n" + line,
      line,
      "\n" + line,
      "t\n\n" + line.substr(0, line.size() - 1),  // No last newline.
      "t\n\n" + line + "\n",                      // Empty signature block.
      "t\n\n\n\n",                                // The same.
      "t\n\n" + line + "Unexpected line\n",       //
      "t\n\n" + line + line.substr(1),            // Cut em dash: not UTF-8.
      "t\r\n\r\n" + line,
      "\tt\n\n" + line,  // Control characters.
      "\x01t\n\n" + line,
      Bytes("t\0\n\n", 4) + line,  //
      "t\n\n" + line.substr(0, line.size() - 1) + "\r\n",
      "\xFFt\n\n" + line,
      "\xC0\x80t\n\n" + line,                                       // Not UTF-8.
      "\xED\xA0\x80\n\n" + line,                                    // A surrogate.
      "t\n\n- a " + line.substr(dash.size() + 2),                   // A hyphen for the dash.
      "t\n\n" + line.substr(0, 3) + line.substr(4),                 // No space after the dash.
      "t\n\n" + dash + "a\n",                                       // No base64.
      "t\n\n" + dash + "AAAAAAE=\n",                                // No name.
      "t\n\n" + dash + "a \n",                                      //
      "t\n\n" + dash + " " + line.substr(dash.size() + 2),          // Empty name.
      "t\n\n" + dash + " a" + line.substr(dash.size() + 1),         // Two spaces.
      "t\n\n" + dash + "a " + line.substr(dash.size() + 1),         //
      "t\n\n" + dash + "a+b" + line.substr(dash.size() + 1),        // A plus in the name.
      "t\n\n" + dash + "a\xC2\xA0" + line.substr(dash.size() + 1),  // A space beyond ASCII.
      "t\n\n" + line.substr(0, line.size() - 1) + " \n",            // Something after the base64.
      "t\n\n" + line.substr(0, line.size() - 2) + "\n",             // Wrong padding.
      "t\n\n" + dash + "a AAAAAQ\n",                                //
      "t\n\n" + dash + "a AAAAAR==\n",                              // Stray bits.
      "t\n\n" + dash + "a AAAAAA==AAAA\n",                          //
      "t\n\n" + dash + "a AAAAAQ\n==\n",                            //
      "t\n\n" + dash + "a AAAA\n",       // Three octets: not even a key id.
      "t\n\n" + dash + "a AAAAAA==\n"};  // A key id and no signature.
  for (const Bytes& message : messages) {
    INFO(message);
    const auto note = parse_note(message);
    if (note) {
      FAIL("accepted");
    } else {
      CHECK(error_code(note.error()) == "note-malformed");
    }
  }
  CHECK(parse_note("t\n\n" + dash + "a AAAAAAE=\n"));  // The shortest line.
}

TEST_CASE("note: a text that may not be signed is recognised") {
  CHECK(is_note_text("a\n"));
  CHECK(is_note_text("\n\na \xE2\x80\x94 b\n"));
  for (const std::string_view text : {"", "a", "a\nb", "a\r\n", "\ta\n", "\x1F\n", "\xFF\n"}) {
    CHECK_FALSE(is_note_text(text));
  }
}

TEST_CASE("note: a hundred signatures are read, one more is refused") {
  const NoteSigner signer = make_signer("a");
  Bytes message = signed_text("t\n", signer);
  for (std::uint32_t i = 1; i < note_signatures_max; ++i) {
    message += signature_line("stranger", i, "opaque");
  }
  CHECK(opens(message, std::vector{signer.verifier()}));
  message += signature_line("stranger", 0, "opaque");
  const auto note = parse_note(message);
  REQUIRE_FALSE(note);
  CHECK(error_code(note.error()) == "note-malformed");
}

TEST_CASE("note: unknown keys are skipped, even with a known name or a known id") {
  const NoteSigner signer = make_signer("known");
  const std::uint32_t id = signer.verifier().key_id();
  const std::string lines = signature_line("stranger", id, "opaque") +
                            signature_line("known", id + 1, "opaque") +
                            signature_line("known", id ^ 0x80000000U, "opaque");
  const Bytes message = signed_text("t\n", signer);
  const auto keys = std::vector{signer.verifier()};
  CHECK(opens(message + lines, keys));
  CHECK(opens("t\n\n" + lines + message.substr(3), keys));
  const auto note = parse_note("t\n\n" + lines);
  REQUIRE(note);
  CHECK(error_code(verify_note(*note, keys).error()) == "signature-missing");
  CHECK(error_code(verify_note(*note, {}).error()) == "signature-missing");
}

TEST_CASE("note: one failing line of a known key rejects the whole note") {
  const NoteSigner good = make_signer("good");
  const NoteSigner bad = make_signer("bad");
  const Bytes message = signed_text("t\n", good);
  const std::string wrong =
      signature_line("bad", bad.verifier().key_id(), bad.sign("another text\n"));
  CHECK(opens(message + wrong, std::vector{good.verifier()}));
  const auto note = parse_note(message + wrong);
  REQUIRE(note);
  const auto verified = verify_note(*note, std::vector{good.verifier(), bad.verifier()});
  REQUIRE_FALSE(verified);
  CHECK(error_code(verified.error()) == "signature-invalid");
  const std::string cut = signature_line("bad", bad.verifier().key_id(), "x");
  CHECK_FALSE(opens(message + cut, std::vector{good.verifier(), bad.verifier()}));
}

TEST_CASE("note: a key that signs twice counts once") {
  const NoteSigner a = make_signer("a");
  const NoteSigner b = make_signer("b");
  const Bytes message = signed_text("t\n", a);
  const std::string line_a = message.substr(3);
  const std::string line_b = signed_text("t\n", b).substr(3);
  const std::string later = signature_line("a", a.verifier().key_id(), "never looked at");
  const auto note = parse_note("t\n\n" + line_b + line_a + line_b + line_a + later);
  REQUIRE(note);
  const auto verified = verify_note(*note, std::vector{a.verifier(), b.verifier()});
  REQUIRE(verified);
  CHECK(*verified == std::vector<std::size_t>{1, 0});
}

TEST_CASE("note: signing again replaces every old line of the key and keeps the others") {
  const NoteSigner a = make_signer("a", KeyAlgorithm::ecdsa_p256);
  const NoteSigner b = make_signer("b");
  const NoteSignature old{"a", a.verifier().key_id(), "old"};
  Note note{"t\n", {old, {"a", 1, "other key of that name"}, old}};
  sign_note(note, b);
  sign_note(note, a);
  REQUIRE(note.signatures.size() == 3);
  CHECK(note.signatures[0].key_id == a.verifier().key_id());
  CHECK(note.signatures[1].signature == "other key of that name");
  CHECK(note.signatures[2].name == "b");
  CHECK(verify_note(note, std::vector{a.verifier(), b.verifier()}));
}

TEST_CASE("cosignature: flipping any bit of text, time or signature leaves nothing that opens") {
  auto witness = NoteSigner::create_cosigner("w", PrivateKey::generate(KeyAlgorithm::ed25519));
  REQUIRE(witness);
  Note note{"log.example\n7\nroot\n", {}};
  cosign_note(note, *witness, 1'767'225'600);
  REQUIRE(note.signatures.size() == 1);
  CHECK(note.signatures[0].signature.size() == 8 + 64);
  CHECK(cosignature_time(note.signatures[0].signature) == 1'767'225'600);
  flip_each_bit(format_note(note), std::vector{witness->verifier()}, 0, 0);
}

TEST_CASE("cosignature: a time of zero or beyond 2^63-1 and a wrong size never verify") {
  const PrivateKey key = PrivateKey::generate(KeyAlgorithm::ed25519);
  const auto witness = NoteVerifier::create("w", NoteKeyType::cosignature, key.public_key());
  REQUIRE(witness);
  const auto cosign = [&](std::uint64_t time, const std::string& written) {
    Bytes octets;
    append_u64(octets, time);
    return octets + key.sign("cosignature/v1\ntime " + written + "\nt\n");
  };
  CHECK(witness->verify("t\n", cosign(1, "1")));
  CHECK(witness->verify("t\n", cosign(9'223'372'036'854'775'807U, "9223372036854775807")));
  CHECK_FALSE(witness->verify("t\n", cosign(0, "0")));
  CHECK_FALSE(witness->verify("t\n", cosign(9'223'372'036'854'775'808U, "9223372036854775808")));
  CHECK_FALSE(witness->verify("t\n", cosign(1, "2")));
  CHECK_FALSE(witness->verify("t\n", cosign(1, "1").substr(0, 71)));
  CHECK_FALSE(witness->verify("t\n", cosign(1, "1") + "x"));
  CHECK_FALSE(witness->verify("t\n", {}));
  const Bytes whole = cosign(0x0101010101010101, "72340172838076673");
  REQUIRE(witness->verify("t\n", whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK_FALSE(witness->verify("t\n", whole.substr(0, size)));
  }
}

TEST_CASE("cosignature: neither kind of signature passes for the other, nor shares a key id") {
  const PrivateKey key = PrivateKey::generate(KeyAlgorithm::ed25519);
  const auto plain = NoteSigner::create("w", key);
  const auto witness = NoteSigner::create_cosigner("w", key);
  REQUIRE(plain);
  REQUIRE(witness);
  CHECK(plain->verifier().key_id() != witness->verifier().key_id());
  CHECK_FALSE(plain->verifier().verify("t\n", witness->cosign("t\n", 5)));
  CHECK_FALSE(witness->verifier().verify("t\n", plain->sign("t\n")));
}

}  // namespace cpl::testing::note_test
