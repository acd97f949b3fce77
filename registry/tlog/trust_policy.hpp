// The trust policy (C2SP tlog-policy): which logs to believe, and which witnesses must have seen a
// checkpoint. The one file that a verifier brings; everything else comes with the evidence.
#pragma once

#include "registry/base/time.hpp"
#include "registry/tlog/checkpoint.hpp"

namespace cpl {

class TrustPolicy {
 public:
  static Result<TrustPolicy> parse(BytesView text);
  // Trusts this log's key and asks for no witness.
  static TrustPolicy of_log(NoteVerifier log_key);

  struct Witness {
    std::string name;
    NoteVerifier key;
    std::string url;  // Empty where the policy names none.
  };

  const std::vector<NoteVerifier>& logs() const { return logs_; }
  const std::vector<Witness>& witnesses() const { return witnesses_; }
  bool needs_witnesses() const { return quorum_ != "none"; }
  // The same logs, and no quorum: for what the log signed a moment ago.
  TrustPolicy without_quorum() const;
  // Whether the quorum holds when the witnesses of these names have cosigned.
  bool quorum_holds(const std::vector<std::string>& cosigned) const;
  // Of the members of the quorum's group: how many there are, are needed, and hold when the
  // witnesses of these names have cosigned.
  struct QuorumCount {
    std::size_t needed = 0;
    std::size_t of = 0;
    std::size_t holding = 0;
  };
  QuorumCount quorum_count(const std::vector<std::string>& cosigned) const;

 private:
  struct Group {
    std::size_t needed = 0;
    std::vector<std::string> members;
  };
  class Parser;

  std::size_t holding(const Group& group, const std::vector<std::string>& cosigned) const;
  bool holds(const std::string& name, const std::vector<std::string>& cosigned) const;

  std::vector<NoteVerifier> logs_;
  std::vector<Witness> witnesses_;
  std::map<std::string, Group> groups_;
  std::string quorum_ = "none";
};

struct TrustedCheckpoint {
  Checkpoint checkpoint;
  std::string log_key_name;
  std::vector<std::string> cosigned;  // Names of witnesses, as in the policy.
  // The newest time, POSIX seconds, at or after which witnesses enough for the quorum cosigned: one
  // witness alone cannot make an old checkpoint look fresh. Where the policy asks for no witness,
  // the newest cosignature's. Nothing where there is none.
  std::optional<std::uint64_t> witness_time;
  std::vector<NoteVerifier> log_keys{};  // Of the policy; two while a new one comes into use.
};

// A witness time as milliseconds; one beyond year 9999, which has no spelling, as its end.
UnixMillis witness_time_millis(std::uint64_t witness_time);
// Whether the quorum's cosignatures are longer ago than `age_seconds_max`.
bool is_stale(std::uint64_t witness_time, std::uint64_t age_seconds_max, UnixMillis now);

// A checkpoint is trusted when a log of the policy signed it under its own origin and the quorum
// holds. A line of a trusted key that does not verify is an error, as is a missing quorum.
Result<TrustedCheckpoint> trust_checkpoint(BytesView note, const TrustPolicy& policy);

}  // namespace cpl
