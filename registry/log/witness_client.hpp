// One witness as the log that asks it sees it: what to send, and what its answer means. Without
// sockets and without a clock; notifier/cosign/cosigner.hpp has both.
#pragma once

#include "registry/log/log_view.hpp"
#include "registry/tlog/trust_policy.hpp"
#include "registry/witness/witness_protocol.hpp"

namespace cpl {

class WitnessClient {
 public:
  enum class Meaning : std::uint8_t {
    cosigned,
    ask_again,      // It told what size it knows: the next request starts from there.
    ahead,          // It tells a size that our log has reached since: the newest head is due.
    failed,         // It gave no cosignature this time; later it may.
    misconfigured,  // It does not know the log or its key: a person has to mend that.
    contradicts,    // It says that it knows another history of this log. That is only its word.
  };
  struct Outcome {
    Meaning meaning{};
    NoteSignature cosignature;  // Verified; where it cosigned.
    std::string detail;         // What was wrong, with what the witness said; else empty.
  };

  // `key` cosigns (type 04). `last` is the size that it is known to have cosigned; 0: not known.
  WitnessClient(NoteVerifier key, TreeSize last) : key_(std::move(key)), last_(last) {}

  // The body that asks for a cosignature of this head, whose note has the log's own signature and
  // no others. Answers are to be handed to `take` with the same head, and the size that the log
  // has by now.
  Result<Bytes> request(const LogView& head);
  Outcome take(const LogView& head, TreeSize newest, const WitnessAnswer& answer);

  // Where witnesses show what they have cosigned of a log (GET, below their URL).
  static std::string checkpoint_path(const std::string& origin);

  TreeSize last_size() const { return last_; }
  const NoteVerifier& key() const { return key_; }

 private:
  Outcome take_lines(const LogView& head, BytesView lines);
  Outcome take_conflict(const LogView& head, TreeSize newest, const WitnessAnswer& answer);
  Outcome take_unprocessable(const LogView& head, const WitnessAnswer& answer) const;

  NoteVerifier key_;
  TreeSize last_;
};

// What a witness shows as cosigned, against all that our log has by now.
struct ShownCheckpoint {
  // That the log's own key signed it, and that it is of another history than ours.
  bool proves_fork = false;
  std::string detail;  // What it is, as a sentence.
};
ShownCheckpoint judge_shown(const LogView& newest, const TrustPolicy& policy,
                            const WitnessAnswer& answer);

}  // namespace cpl
