// Texts that only the holder of a key reads again: AES-256-GCM (NIST SP 800-38D). Whoever alters a
// box, or shows it under another label, gets nothing out of it.
#pragma once

#include <optional>

#include "crypto/bytes.hpp"

namespace cpl {

class SealingKey {
 public:
  explicit SealingKey(const Hash& key) : key_(key) {}
  // `purpose` keeps apart what is made of the same secret for different ends.
  static SealingKey derive(BytesView secret, std::string_view purpose);

  // A random nonce of 12 octets, the text as long as it was, and a tag of 16. One key seals far
  // fewer than the 2^32 boxes that random nonces allow.
  Bytes seal(BytesView text, BytesView label) const;
  // Nothing where the key, the label or any octet is another.
  std::optional<Bytes> open(BytesView box, BytesView label) const;

  static constexpr std::size_t overhead = 12 + 16;

 private:
  Hash key_;
};

}  // namespace cpl
