#include "crypto/pkcs11/pin.hpp"

#include <openssl/crypto.h>

namespace cpl {

void Secret::Wipe::operator()(Octets* octets) const {
  OPENSSL_cleanse(octets->text.data(), octets->text.size());
  std::default_delete<Octets>()(octets);
}

Secret::Secret() : octets_(std::make_unique<Octets>().release()) {}

bool Secret::push_back(char octet) {
  if (octets_->size == size_max) return false;
  octets_->text[octets_->size++] = octet;
  return true;
}

void Secret::pop_back() {
  if (octets_->size > 0) octets_->text[--octets_->size] = '\0';
}

BytesView Secret::view() const { return {octets_->text.data(), octets_->size}; }

}  // namespace cpl
