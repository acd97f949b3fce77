// Signatures of webhook deliveries (Standard Webhooks 1.0.0): v1 is an HMAC that the receiver's
// libraries check, v1a an Ed25519 signature that leaves the receiver nothing worth stealing.
#pragma once

#include "crypto/keys.hpp"

namespace cpl {

// An endpoint's keys are derived from the notices' master key, the subscription's id and the
// generation, so no secret is ever stored.
class WebhookKeys {
 public:
  static WebhookKeys derive(BytesView master, std::string_view subscription,
                            std::uint64_t generation);
  // From the text forms whsec_… and whsk_…, as other tools make them.
  static Result<WebhookKeys> parse(std::string_view secret, std::string_view signing_key);

  std::string secret_text() const;      // whsec_…: secret, shown to the subscriber once.
  std::string public_key_text() const;  // whpk_…
  // The value of webhook-signature: a v1 and a v1a token.
  std::string sign(std::string_view id, std::string_view timestamp, BytesView body) const;

 private:
  WebhookKeys(Bytes secret, PrivateKey key) : secret_(std::move(secret)), key_(std::move(key)) {}

  Bytes secret_;
  PrivateKey key_;
};

// The receiver's side: each key that it was given must have signed, and the time must be near.
class WebhookVerifier {
 public:
  // whsec_… and, if it was given too, whpk_….
  static Result<WebhookVerifier> parse(std::string_view secret, std::string_view public_key);

  // Errors are `unauthorized` and say what failed, without any secret.
  Result<void> verify(std::string_view id, std::string_view timestamp, std::string_view signature,
                      BytesView body, std::uint64_t now_seconds) const;

 private:
  Bytes secret_;
  std::optional<PublicKey> key_;
};

}  // namespace cpl
