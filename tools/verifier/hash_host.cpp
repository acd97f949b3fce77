// SHA-256 by the page, which takes whole texts: parts are joined first.
#include "crypto/hash.hpp"
#include "tools/verifier/host.hpp"

namespace cpl {

Hash sha256(std::initializer_list<BytesView> parts) {
  Bytes whole;
  for (const BytesView part : parts) whole += part;
  Hash hash;
  page_sha256(whole.data(), whole.size(), hash.octets.data());
  return hash;
}

// RFC 2104, section 2.
Hash hmac_sha256(BytesView key, BytesView message) {
  constexpr std::size_t block_size = 64;
  constexpr char inner_pad = 0x36;
  constexpr char outer_pad = 0x5c;
  Bytes block(key);
  if (key.size() > block_size) block = Bytes(sha256(key).view());
  block.resize(block_size, '\0');
  const auto padded = [&](char pad) {
    Bytes mixed = block;
    for (char& octet : mixed) octet = static_cast<char>(octet ^ pad);
    return mixed;
  };
  const Hash inner = sha256({padded(inner_pad), message});
  return sha256({padded(outer_pad), inner.view()});
}

}  // namespace cpl
