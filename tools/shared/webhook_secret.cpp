#include "tools/shared/webhook_secret.hpp"

#include "crypto/encoding.hpp"
#include "crypto/locked_memory.hpp"
#include "crypto/pkcs11/secret.hpp"
#include "tools/shared/files.hpp"
#include "tools/shared/pin.hpp"

namespace cpl {
namespace {

constexpr std::size_t key_file_size_max = 64U << 10U;

Error no_notice_key(const std::string& what) { return malformed("key-malformed", what); }

Result<Bytes> unseal(const TokenSecret& sealed) {
  auto key = open_with_token(sealed, &find_pin);
  if (key && key->size() != notice_key_size) {
    return no_notice_key("what the token opened is not a notice key");
  }
  return key;
}

Result<Bytes> parse_plain_key(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  const auto key = from_base64(text);
  if (key && key->size() == notice_key_size) return Bytes(*key);
  return no_notice_key("must hold 32 random octets in base64 (cpl key notice makes one)");
}

Result<Bytes> parse_notice_key(std::string_view text) {
  if (const auto sealed = TRY(TokenSecret::parse(text))) return unseal(*sealed);
  return parse_plain_key(text);
}

Result<NoticeKeyKind> kind_of(std::string_view text) {
  if (TRY(TokenSecret::parse(text))) return NoticeKeyKind::in_token;
  TRY(parse_plain_key(text));
  return NoticeKeyKind::in_file;
}

}  // namespace

Result<NoticeKeyKind> check_notice_key(const std::filesystem::path& file) {
  auto kind = kind_of(TRY(read_file(file, key_file_size_max)));
  if (!kind) return within(file.string(), kind.error());
  return kind;
}

Result<Bytes> read_notice_key(const std::filesystem::path& file) {
  Bytes text = TRY(read_exact_file(file, key_file_size_max));
  auto key = parse_notice_key(text);
  wipe(text);
  if (!key) return within(file.string(), key.error());
  lock_in_memory(*key);  // It stays there; where it may not, the service has said so.
  return key;
}

}  // namespace cpl
