// The little DER (X.690) that is put together here because OpenSSL would sign it itself.
#pragma once

#include "crypto/bytes.hpp"

namespace cpl {

// Tag and length of `size` octets to come.
Bytes der_header(unsigned char tag, std::size_t size);

// SEQUENCE of what was signed, ecdsa-with-SHA256, and the signature: the form of certificates and
// of requests for them.
Bytes der_signed(BytesView to_be_signed, BytesView ecdsa_signature);

// The octets of one of OpenSSL's i2d functions, which are freed. It cannot have failed.
Bytes taken(unsigned char* der, int length);

}  // namespace cpl
