#include "notifier/subscription/webhook_signature.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::string_view signing_key_prefix = "whsk_";
constexpr std::string_view public_key_prefix = "whpk_";
constexpr std::size_t secret_size_min = 24;
constexpr std::size_t secret_size_max = 64;
constexpr std::uint64_t tolerance_seconds = 300;
constexpr std::size_t tokens_max = 32;

Bytes signed_content(std::string_view id, std::string_view timestamp, BytesView body) {
  Bytes content(id);
  content.append(".").append(timestamp).append(".").append(body);
  return content;
}

Error unauthorized(std::string detail) {
  return Error{Errc::unauthorized, "webhook-signature-invalid", std::move(detail)};
}

Result<Bytes> parse_key(std::string_view text, std::string_view prefix, std::size_t size_min,
                        std::size_t size_max) {
  auto octets = text.starts_with(prefix) ? from_base64(text.substr(prefix.size())) : std::nullopt;
  if (!octets || octets->size() < size_min || octets->size() > size_max) {
    return malformed("webhook-key-malformed",
                     "a key of the form " + std::string(prefix) + "<base64> is needed here");
  }
  return Bytes(*octets);
}

Hash derived(BytesView master, std::string_view label, std::string_view subscription,
             std::uint64_t generation) {
  Bytes message(label);
  message.push_back('\0');
  message.append(subscription);
  message.push_back('\0');
  append_u64(message, generation);
  return hmac_sha256(master, message);
}

}  // namespace

WebhookKeys WebhookKeys::derive(BytesView master, std::string_view subscription,
                                std::uint64_t generation) {
  const Hash secret = derived(master, "cpl/webhook-v1", subscription, generation);
  const Hash seed = derived(master, "cpl/webhook-v1a", subscription, generation);
  auto key = PrivateKey::from_ed25519_seed(seed.view());
  check(key.has_value());
  return WebhookKeys(Bytes(secret.view()), *std::move(key));
}

Result<WebhookKeys> WebhookKeys::parse(std::string_view secret, std::string_view signing_key) {
  Bytes octets = TRY(parse_key(secret, secret_prefix, secret_size_min, secret_size_max));
  const Bytes pair = TRY(parse_key(signing_key, signing_key_prefix, 64, 64));
  PrivateKey key = TRY(PrivateKey::from_ed25519_seed(BytesView(pair).substr(0, 32)));
  if (key.public_key().encoded() != BytesView(pair).substr(32)) {
    return malformed("webhook-key-malformed", "the whsk_ key's two halves do not belong together");
  }
  return WebhookKeys(std::move(octets), std::move(key));
}

std::string WebhookKeys::secret_text() const {
  return std::string(secret_prefix) + to_base64(secret_);
}
std::string WebhookKeys::public_key_text() const {
  return std::string(public_key_prefix) + to_base64(key_.public_key().encoded());
}

std::string WebhookKeys::sign(std::string_view id, std::string_view timestamp,
                              BytesView body) const {
  const Bytes content = signed_content(id, timestamp, body);
  return "v1," + to_base64(hmac_sha256(secret_, content)) + " v1a," + to_base64(key_.sign(content));
}

Result<WebhookVerifier> WebhookVerifier::parse(std::string_view secret,
                                               std::string_view public_key) {
  WebhookVerifier verifier;
  verifier.secret_ = TRY(parse_key(secret, secret_prefix, secret_size_min, secret_size_max));
  if (!public_key.empty()) {
    const Bytes octets = TRY(parse_key(public_key, public_key_prefix, 32, 32));
    verifier.key_ = TRY(PublicKey::from_ed25519(octets));
  }
  return verifier;
}

Result<void> WebhookVerifier::verify(std::string_view id, std::string_view timestamp,
                                     std::string_view signature, BytesView body,
                                     std::uint64_t now_seconds) const {
  const auto sent = from_decimal(timestamp);
  if (id.empty() || !sent) {
    return unauthorized("webhook-id or webhook-timestamp is missing or malformed");
  }
  if (*sent + tolerance_seconds < now_seconds || now_seconds + tolerance_seconds < *sent) {
    return unauthorized("webhook-timestamp is more than five minutes away from now");
  }
  const Bytes content = signed_content(id, timestamp, body);
  const std::string mac = to_base64(hmac_sha256(secret_, content));
  bool mac_holds = false;
  bool key_holds = false;
  std::size_t tokens = 0;
  while (!signature.empty() && ++tokens <= tokens_max) {
    const std::string_view token = signature.substr(0, signature.find(' '));
    signature.remove_prefix(std::min(token.size() + 1, signature.size()));
    if (token.starts_with("v1,") && equal_in_constant_time(token.substr(3), mac)) mac_holds = true;
    const auto octets =
        token.starts_with("v1a,") && key_ ? from_base64(token.substr(4)) : std::nullopt;
    if (octets && key_->verify(content, *octets)) key_holds = true;
  }
  if (!mac_holds) return unauthorized("no v1 signature matches: the body or its id was altered");
  if (key_ && !key_holds) return unauthorized("no v1a signature verifies with the given key");
  return {};
}

}  // namespace cpl
