#include "crypto/sealed_box.hpp"

#include <openssl/evp.h>

#include <memory>

#include "crypto/hash.hpp"
#include "crypto/result.hpp"

namespace cpl {
namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

enum class Direction : int { open = 0, seal = 1 };

// Ready for the text: key, nonce and label are in.
Context begin(const Hash& key, BytesView nonce, BytesView label, Direction direction) {
  Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  check(context != nullptr);
  check(EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.octets.data(),
                          octets_of(nonce), static_cast<int>(direction)) == 1);
  int taken = 0;
  if (!label.empty()) {
    check(EVP_CipherUpdate(context.get(), nullptr, &taken, octets_of(label),
                           static_cast<int>(label.size())) == 1);
  }
  return context;
}

Bytes run(EVP_CIPHER_CTX* context, BytesView in) {
  Bytes out(in.size(), '\0');
  if (in.empty()) return out;
  int made = 0;
  check(EVP_CipherUpdate(context, reinterpret_cast<unsigned char*>(out.data()), &made,
                         octets_of(in), static_cast<int>(in.size())) == 1);
  check(static_cast<std::size_t>(made) == in.size());
  return out;
}

// Whether the tag is right, where one is opened; GCM gives no more octets here.
bool finish(EVP_CIPHER_CTX* context) {
  unsigned char nothing = 0;
  int made = 0;
  return EVP_CipherFinal_ex(context, &nothing, &made) == 1;
}

}  // namespace

SealingKey SealingKey::derive(BytesView secret, std::string_view purpose) {
  return SealingKey(hmac_sha256(secret, purpose));
}

Bytes SealingKey::seal(BytesView text, BytesView label) const {
  const Bytes nonce = random_bytes(nonce_size);
  const Context context = begin(key_, nonce, label, Direction::seal);
  const Bytes sealed = run(context.get(), text);
  check(finish(context.get()));
  Bytes tag(tag_size, '\0');
  check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_size),
                            tag.data()) == 1);
  return nonce + sealed + tag;
}

std::optional<Bytes> SealingKey::open(BytesView box, BytesView label) const {
  if (box.size() < overhead) return std::nullopt;
  const Context context = begin(key_, box.substr(0, nonce_size), label, Direction::open);
  Bytes text = run(context.get(), box.substr(nonce_size, box.size() - overhead));
  Bytes tag(box.substr(box.size() - tag_size));
  check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag_size),
                            tag.data()) == 1);
  if (!finish(context.get())) return std::nullopt;
  return text;
}

}  // namespace cpl
