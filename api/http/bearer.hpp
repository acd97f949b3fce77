// Bearer tokens (RFC 6750). Only their hashes are known here, and those are compared in constant
// time: neither a token nor how nearly it was guessed can be learnt from the service.
#pragma once

#include "api/http/http.hpp"
#include "crypto/result.hpp"

namespace cpl {

// The hash of the token that the request carries; nothing where it carries none.
std::optional<Hash> bearer_token_hash(const HttpRequest& request);

// No token came, or one that opens nothing here: two sentences, since people mend each elsewhere.
Error credentials_missing(const std::string& whose);
Error credentials_unknown(std::string detail);

}  // namespace cpl
