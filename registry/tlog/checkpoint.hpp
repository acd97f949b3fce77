// The checkpoint (C2SP tlog-checkpoint): the log's signed word on its size and root. Two of one log
// that contradict each other prove that it cheated.
#pragma once

#include <vector>

#include "crypto/note.hpp"

namespace cpl {

struct Checkpoint {
  std::string origin;
  TreeSize size;
  Hash root;
  std::vector<std::string> extensions;  // Kept verbatim when reading; we write none.
};

Bytes format_checkpoint(const Checkpoint& checkpoint);
Result<Checkpoint> parse_checkpoint(BytesView text);
// The same, but the root of an empty tree may be anything: witnesses have an answer of their own
// to one that is wrong.
Result<Checkpoint> parse_checkpoint_lines(BytesView text);

struct SignedCheckpoint {
  Checkpoint checkpoint;
  Bytes note;  // Verbatim.
};

// `also` signs beside the log's key: an older one, while readers change over to the new one.
SignedCheckpoint sign_checkpoint(const Checkpoint& checkpoint, const NoteSigner& log_key,
                                 const NoteSigner* also = nullptr);

// Opens a checkpoint's note: the log's key must have signed it, and the origin must be the one
// expected.
Result<SignedCheckpoint> open_checkpoint(BytesView note, const NoteVerifier& log_key,
                                         std::string_view origin);

}  // namespace cpl
