// A witness over HTTP (C2SP tlog-witness): POST /add-checkpoint, and the monitoring side,
// GET /<hex SHA-256 of a log's origin>/checkpoint.
#pragma once

#include "api/http/http.hpp"
#include "registry/witness/witness.hpp"

namespace cpl {

// Any thread. Writes to the witness's store before it answers.
HttpResponse answer_as_witness(Witness& witness, const HttpRequest& request);

}  // namespace cpl
