#include "registry/tlog/inclusion.hpp"

#include "crypto/merkle.hpp"

namespace cpl {
namespace {

// A proof of another program's may be of another log's record: it is as good.
Result<std::optional<Entry>> read_entry(BytesView leaf) {
  if (!leaf.starts_with("cpl/entry/")) return std::optional<Entry>();
  return std::optional(TRY(parse_entry(leaf)));
}

}  // namespace

Result<Inclusion> check_inclusion(const TlogProof& proof, BytesView leaf,
                                  const TrustPolicy& policy) {
  auto entry = TRY(read_entry(leaf));
  TrustedCheckpoint trusted = TRY(trust_checkpoint(proof.checkpoint_note, policy));
  const Checkpoint& checkpoint = trusted.checkpoint;
  const bool included = (!entry || entry->index == proof.index) &&
                        verify_inclusion(merkle_leaf(leaf), proof.index, checkpoint.size,
                                         proof.hashes, checkpoint.root);
  if (included) return Inclusion{std::move(entry), std::move(trusted)};
  return Error{Errc::unauthorized, "inclusion-proof-invalid",
               "entry " + std::to_string(proof.index.value) +
                   " is not in the log as it stands here: the entry or its proof was altered, or "
                   "they do not belong together"};
}

}  // namespace cpl
