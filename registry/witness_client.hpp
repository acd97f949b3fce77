// One witness as the log that asks it sees it: what to send, and what its answer means. Without
// sockets and without a clock; notifier/cosigner.hpp has both.
#pragma once

#include "registry/log_view.hpp"
#include "registry/witness_protocol.hpp"

namespace cpl {

class WitnessClient {
 public:
  enum class Meaning : std::uint8_t {
    cosigned,
    ask_again,      // It told what size it knows: the next request starts from there.
    failed,         // It gave no cosignature this time; later it may.
    misconfigured,  // It does not know the log or its key: a person has to mend that.
    alarm,          // It was shown another history of this log than ours, or says so.
  };
  struct Outcome {
    Meaning meaning{};
    NoteSignature cosignature;  // Verified; where it cosigned.
    std::string detail;         // What was wrong, with what the witness said; else empty.
  };

  // `key` cosigns (type 04). `last` is the size that it is known to have cosigned; 0: not known.
  WitnessClient(NoteVerifier key, TreeSize last) : key_(std::move(key)), last_(last) {}

  // The body that asks for a cosignature of this head, whose note has the log's own signature and
  // no others. Answers are to be handed to `take` with the same head.
  Result<Bytes> request(const LogView& head);
  Outcome take(const LogView& head, const WitnessAnswer& answer);

  TreeSize last_size() const { return last_; }
  const NoteVerifier& key() const { return key_; }

 private:
  Outcome take_lines(const LogView& head, BytesView lines);
  Outcome take_conflict(const LogView& head, const WitnessAnswer& answer);
  Outcome take_unprocessable(const LogView& head, const WitnessAnswer& answer) const;

  NoteVerifier key_;
  TreeSize last_;
};

}  // namespace cpl
