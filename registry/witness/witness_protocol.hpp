// What a log sends to have its checkpoint cosigned, and how a witness answers (C2SP tlog-witness).
// Both sides without sockets: the messages as octets and statuses.
#pragma once

#include <span>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

// Bodies beyond it are refused unread.
inline constexpr std::size_t add_checkpoint_octets_max = 128U << 10U;
// The media type of a 409 that says which size the witness last cosigned.
inline constexpr std::string_view witness_size_type = "text/x.tlog.size";

// The body of POST <prefix>/add-checkpoint.
struct AddCheckpoint {
  TreeSize old;             // What the witness last cosigned of this log; 0: nothing yet.
  std::vector<Hash> proof;  // From `old` to the checkpoint; empty where nothing is between them.
  Bytes note;               // The checkpoint, verbatim.
};

Bytes format_add_checkpoint(const AddCheckpoint& request);
Result<AddCheckpoint> parse_add_checkpoint(BytesView body);

// The HTTP answer: 200 signature lines; 409 with witness_size_type the size last cosigned; 400,
// 403, 404, 409 and 422 otherwise a refusal.
struct WitnessAnswer {
  unsigned status = 0;
  std::string content_type;
  Bytes body;
};

}  // namespace cpl
