// Idempotency-Key: the client's own name for a request that makes something, so that it may send it
// again when it got no answer (the HTTPAPI working group's draft; a String of RFC 9651).
#pragma once

#include "api/accounts/party.hpp"
#include "api/http/http.hpp"
#include "registry/store/store.hpp"

namespace cpl {

// `"8e03978e"` and, as many clients write it, `8e03978e`: both are the same key.
Result<std::string> idempotency_key(const HttpRequest& request);

// Whose keys they are: no Party's name is the operator's.
std::string principal_of(const PartyId& party);
inline constexpr const char* operator_principal = "operator";

// Gives the answer to a request that makes something, for the batch that makes it.
using Answer = std::function<void(HttpResponse answer, WriteBatch& batch)>;

// An answer as it is remembered, and the same again.
Bytes remembered_form(const HttpResponse& response);
Result<HttpResponse> answer_from(BytesView remembered);

}  // namespace cpl
