// A remembered answer as it stands in the store: what a repeated request is answered with. The
// answer may hold a secret, so it is sealed; whether the row is as it was written is seen without
// the key.
#pragma once

#include "crypto/result.hpp"
#include "registry/base/time.hpp"

namespace cpl {

struct RememberedAnswer {
  UnixMillis at;
  Hash fingerprint;  // Of the request.
  Bytes sealed;
};

// A row belongs to its key: under another it does not decode.
Bytes encode(BytesView key, const RememberedAnswer& answer);
Result<RememberedAnswer> decode_remembered_answer(BytesView key, BytesView value);

}  // namespace cpl
