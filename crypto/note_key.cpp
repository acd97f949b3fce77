#include "crypto/note_key.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/plain_text.hpp"

namespace cpl {
namespace {

constexpr std::size_t name_size_max = 255;
constexpr std::size_t time_size = 8;
constexpr std::string_view private_key_prefix = "PRIVATE+KEY+";
constexpr std::string_view key_file_prefix = "name: ";
constexpr std::string_view cosigner_line = "type: cosignature\n";
constexpr std::string_view pem_begin = "-----BEGIN ";
constexpr std::string_view token_uri_begin = "uri: ";

// Go's unicode.IsSpace, which every implementation of notes uses, beyond ASCII.
constexpr std::array<std::string_view, 19> wide_spaces = {
    "\u0085", "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
    "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200A",
    "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"};

char type_octet(NoteKeyType type) { return static_cast<char>(type); }

std::uint32_t compute_key_id(const std::string& name, NoteKeyType type, const PublicKey& key) {
  const char octet = type_octet(type);
  // ECDSA keys are named by their SubjectPublicKeyInfo alone, as Go's note and CT do it.
  const Hash hash = type == NoteKeyType::ecdsa_p256
                        ? sha256(key.encoded())
                        : sha256({name, "\n", BytesView(&octet, 1), key.encoded()});
  return static_cast<std::uint32_t>(read_big_endian(hash.view().substr(0, 4)));
}

std::string hex_id(std::uint32_t id) {
  Bytes bytes;
  append_u32(bytes, id);
  return to_hex(bytes);
}

Bytes cosigned_message(BytesView text, std::uint64_t unix_seconds) {
  return "cosignature/v1\ntime " + std::to_string(unix_seconds) + "\n" + Bytes(text);
}

struct KeyString {
  std::string name;
  std::string id;
  Bytes type_and_key;
};

// <name>+<id>+<base64>: the base64 may hold '+', the name may not.
Result<KeyString> split_key_string(std::string_view text) {
  const auto first = text.find('+');
  const auto second = first == text.npos ? text.npos : text.find('+', first + 1);
  if (second == text.npos) {
    return malformed("key-malformed", "a key string has the form <name>+<8 hex digits>+<base64>");
  }
  auto key = from_base64(text.substr(second + 1));
  if (!key || key->size() < 2) {
    return malformed("key-malformed", "the key string's last part is not base64 of a key");
  }
  return KeyString{std::string(text.substr(0, first)),
                   std::string(text.substr(first + 1, second - first - 1)), *std::move(key)};
}

Result<NoteSigner> parse_go_private_key(std::string_view text) {
  KeyString parts = TRY(split_key_string(text.substr(private_key_prefix.size())));
  const bool cosigner = parts.type_and_key[0] == type_octet(NoteKeyType::cosignature);
  if (!cosigner && parts.type_and_key[0] != type_octet(NoteKeyType::ed25519)) {
    return malformed("key-malformed", "only Ed25519 private keys have this form");
  }
  PrivateKey key = TRY(PrivateKey::from_ed25519_seed(BytesView(parts.type_and_key).substr(1)));
  NoteSigner signer = TRY(cosigner ? NoteSigner::create_cosigner(parts.name, std::move(key))
                                   : NoteSigner::create(parts.name, std::move(key)));
  if (hex_id(signer.verifier().key_id()) != parts.id) {
    return malformed("key-id-mismatch", "the key string's id is not that of its key");
  }
  return signer;
}

}  // namespace

bool is_note_key_name(std::string_view name) {
  if (name.empty() || name.size() > name_size_max || !is_plain_text(name)) return false;
  if (name.find_first_of(" +") != name.npos) return false;
  return std::none_of(wide_spaces.begin(), wide_spaces.end(),
                      [&](std::string_view space) { return name.find(space) != name.npos; });
}

NoteVerifier::NoteVerifier(std::string name, NoteKeyType type, PublicKey key)
    : name_(std::move(name)),
      type_(type),
      key_(std::move(key)),
      key_id_(compute_key_id(name_, type_, key_)) {}

Result<NoteVerifier> NoteVerifier::create(std::string name, NoteKeyType type, PublicKey key) {
  if (!is_note_key_name(name)) {
    return malformed("key-name-malformed",
                     "a key name has 1 to 255 octets of UTF-8 without white space or '+'");
  }
  const bool needs_p256 = type == NoteKeyType::ecdsa_p256;
  if (needs_p256 != (key.algorithm() == KeyAlgorithm::ecdsa_p256)) {
    return malformed("key-malformed", "the key's type and algorithm do not go together");
  }
  return NoteVerifier(std::move(name), type, std::move(key));
}

Result<NoteVerifier> NoteVerifier::parse(std::string_view text) {
  KeyString parts = TRY(split_key_string(text));
  const BytesView key = BytesView(parts.type_and_key).substr(1);
  const auto type = static_cast<NoteKeyType>(parts.type_and_key[0]);
  if (type != NoteKeyType::ed25519 && type != NoteKeyType::ecdsa_p256 &&
      type != NoteKeyType::cosignature) {
    return malformed("key-type-unknown", "key type " + to_hex(parts.type_and_key.substr(0, 1)) +
                                             " is none of 01, 02 and 04");
  }
  PublicKey public_key = TRY(type == NoteKeyType::ecdsa_p256 ? PublicKey::from_spki(key)
                                                             : PublicKey::from_ed25519(key));
  NoteVerifier verifier = TRY(create(parts.name, type, std::move(public_key)));
  if (hex_id(verifier.key_id()) != parts.id) {
    return malformed("key-id-mismatch", "the key string says id " +
                                            std::string(utf8_prefix(parts.id, 16)) +
                                            ", its key has " + hex_id(verifier.key_id()));
  }
  return verifier;
}

std::string NoteVerifier::to_string() const {
  return name_ + "+" + hex_id(key_id_) + "+" +
         to_base64(std::string(1, type_octet(type_)) + key_.encoded());
}

bool NoteVerifier::verify(BytesView text, BytesView signature) const {
  if (type_ != NoteKeyType::cosignature) return key_.verify(text, signature);
  if (signature.size() != time_size + 64) return false;
  const std::uint64_t time = cosignature_time(signature);
  if (time == 0 || time > INT64_MAX) return false;
  return key_.verify(cosigned_message(text, time), signature.substr(time_size));
}

std::uint64_t cosignature_time(BytesView signature) {
  return read_big_endian(signature.substr(0, time_size));
}

NoteSigner::NoteSigner(NoteVerifier verifier, PrivateKey key)
    : verifier_(std::move(verifier)), key_(std::move(key)) {}

Result<NoteSigner> NoteSigner::create(std::string name, PrivateKey key) {
  const auto type = key.public_key().algorithm() == KeyAlgorithm::ed25519 ? NoteKeyType::ed25519
                                                                          : NoteKeyType::ecdsa_p256;
  NoteVerifier verifier = TRY(NoteVerifier::create(std::move(name), type, key.public_key()));
  return NoteSigner(std::move(verifier), std::move(key));
}

Result<NoteSigner> NoteSigner::create_cosigner(std::string name, PrivateKey key) {
  NoteVerifier verifier =
      TRY(NoteVerifier::create(std::move(name), NoteKeyType::cosignature, key.public_key()));
  return NoteSigner(std::move(verifier), std::move(key));
}

Result<NoteSigner> NoteSigner::parse(std::string_view text, BytesView pass_phrase) {
  if (text.starts_with(private_key_prefix)) {
    return parse_go_private_key(text.substr(0, text.find('\n')));
  }
  const auto line_end = text.find('\n');
  if (!text.starts_with(key_file_prefix) || line_end == text.npos) {
    return malformed("key-file-malformed",
                     "a key file starts with a line \"name: <name>\", then a PEM private key");
  }
  std::string name(text.substr(key_file_prefix.size(), line_end - key_file_prefix.size()));
  std::string_view rest = text.substr(line_end + 1);
  if (rest.starts_with(token_uri_begin)) {
    return refuse("key-in-token",
                  "this key is in a token, which signs for people: statements, receipts and "
                  "extracts. A log's or a witness's key must be in the key file itself");
  }
  const bool cosigner = rest.starts_with(cosigner_line);
  if (cosigner) rest.remove_prefix(cosigner_line.size());
  // The reader of PEM passes over what comes before it; here that would be an unknown type.
  if (!rest.starts_with(pem_begin)) {
    return malformed("key-file-malformed",
                     "after its name a key file has \"type: cosignature\" or nothing, then a PEM "
                     "private key");
  }
  PrivateKey key = TRY(PrivateKey::from_pem(rest, pass_phrase));
  return cosigner ? create_cosigner(std::move(name), std::move(key))
                  : create(std::move(name), std::move(key));
}

std::string NoteSigner::to_key_file(BytesView pass_phrase) const {
  const bool cosigner = verifier_.type() == NoteKeyType::cosignature;
  return std::string(key_file_prefix) + verifier_.name() + "\n" +
         std::string(cosigner ? cosigner_line : "") + key_.to_pem(pass_phrase);
}

Bytes NoteSigner::sign(BytesView text) const {
  check(verifier_.type() != NoteKeyType::cosignature);
  return key_.sign(text);
}

Bytes NoteSigner::cosign(BytesView text, std::uint64_t unix_seconds) const {
  check(verifier_.type() == NoteKeyType::cosignature && unix_seconds != 0);
  Bytes out;
  append_u64(out, unix_seconds);
  return out + key_.sign(cosigned_message(text, unix_seconds));
}

}  // namespace cpl
