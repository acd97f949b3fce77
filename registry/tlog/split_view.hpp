// Whether two checkpoints of one log are of one history. A log that signs two histories shows one
// to some and the other to others: the split view, which only those find who compare.
#pragma once

#include "registry/tlog/checkpoint.hpp"
#include "registry/tlog/resource.hpp"
#include "registry/tlog/trust_policy.hpp"

namespace cpl {

// By the log's own hash tiles at the newer size, whether the newer tree begins with the older one.
// Errors are for tiles that could not be read; `fetch` brings the newer log's resources.
Result<bool> begins_with(const FetchResource& fetch, const Checkpoint& newer,
                         const Checkpoint& older);

// A checkpoint that somebody else holds: a witness, say.
enum class ViewRelation : std::uint8_t {
  same,     // Of the history that was seen.
  other,    // Signed by the log, and of another history.
  ahead,    // Of a longer log than was seen, which no tile can tell of yet.
  unknown,  // Not signed by a log that the policy trusts, or of another one.
};

inline constexpr std::size_t held_note_size_max = std::size_t{64} << 10U;

struct HeldCheckpoint {
  ViewRelation relation = ViewRelation::unknown;
  TreeSize size;
  std::string detail;  // Why it is unknown.
};

// Compares with what was seen of the log, a checkpoint that is to be trusted. `holder`, if it is
// known, must have cosigned what it holds.
Result<HeldCheckpoint> compare_held(const FetchResource& fetch, const TrustPolicy& policy,
                                    const Checkpoint& seen, const Bytes& held_note,
                                    const std::optional<NoteVerifier>& holder);

}  // namespace cpl
