#include "tools/cpl/person_key.hpp"

#include "crypto/locked_memory.hpp"
#include "crypto/pkcs11/key.hpp"
#include "tools/shared/files.hpp"
#include "tools/shared/pass_phrase.hpp"
#include "tools/shared/pin.hpp"
#include "tools/shared/process_shield.hpp"

namespace cpl {
namespace {

constexpr std::size_t key_file_max = 1U << 20U;

// "panel-1.example", from a key file's first line.
std::string name_in(std::string_view text) {
  constexpr std::string_view begin = "name: ";
  if (!text.starts_with(begin)) return "this key";
  text.remove_prefix(begin.size());
  return std::string(text.substr(0, text.find('\n')));
}

// Nobody is asked about a key that has no pass phrase.
Result<Secret> pass_phrase_of(std::string_view text) {
  if (!is_locked_pem(text)) return Secret();
  return find_pass_phrase(name_in(text));
}

Result<NoteSigner> parse_note_signer(std::string_view text) {
  const Secret pass_phrase = TRY(pass_phrase_of(text));
  return NoteSigner::parse(text, pass_phrase.view());
}

Result<PersonSigner> parse_person_key(std::string_view text) {
  if (const auto in_token = TRY(TokenKeyFile::parse(text))) {
    return PersonSigner::create(in_token->name, TRY(open_token_key(in_token->uri, &find_pin)));
  }
  return PersonSigner::create(TRY(parse_note_signer(text)));
}

Result<std::shared_ptr<const SigningKey>> parse_signing_key(std::string_view text) {
  if (const auto in_token = TRY(TokenKeyFile::parse(text))) {
    return open_token_key(in_token->uri, &find_pin);
  }
  const Secret pass_phrase = TRY(pass_phrase_of(text));
  return held_key(TRY(PrivateKey::from_pem(text, pass_phrase.view())));
}

Result<NoteVerifier> parse_verifier(std::string_view text) {
  if (TRY(TokenKeyFile::parse(text))) return TRY(parse_person_key(text)).verifier();
  return TRY(parse_note_signer(text)).verifier();
}

template <class T>
Result<T> read_with(Result<T> (*parse)(std::string_view), const std::filesystem::path& file,
                    LineEnds line_ends = LineEnds::lf_only) {
  Bytes text = TRY(read_key_text(file, line_ends));
  auto read = parse(text);
  wipe(text);
  if (!read) return within(file.string(), read.error());
  return read;
}

}  // namespace

Result<Bytes> read_key_text(const std::filesystem::path& file, LineEnds line_ends) {
  if (const auto open = openness_of(file); !open.empty()) {
    return refuse("key-open", "the private key " + open);
  }
  return read_exact_file(file, key_file_max, line_ends);
}

Result<PersonSigner> read_person_key(const std::filesystem::path& file) {
  return read_with(&parse_person_key, file);
}

Result<NoteSigner> read_note_signer(const std::filesystem::path& file) {
  return read_with(&parse_note_signer, file);
}

Result<std::shared_ptr<const SigningKey>> read_signing_key(const std::filesystem::path& file) {
  return read_with(&parse_signing_key, file, LineEnds::any);  // PEM has either.
}

Result<NoteVerifier> read_verifier(const std::filesystem::path& key_file) {
  return read_with(&parse_verifier, key_file);
}

}  // namespace cpl
