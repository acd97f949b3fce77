// Has the log's checkpoints cosigned: on a clock of its own it asks all witnesses of a policy at
// once, publishes what the quorum has cosigned, and raises the alarm when one of them proves
// another history. It owns no queue: each round is about the newest checkpoint.
//
// A witness's word is no proof: an alarm takes a checkpoint of another history that the log's own
// key signed. One that says it knows another history is asked for it; without it, it has failed.
#pragma once

#include <deque>
#include <thread>

#include "crypto/mutex.hpp"
#include "notifier/send/transport.hpp"
#include "registry/base/clock.hpp"
#include "registry/log/publication.hpp"
#include "registry/log/witness_client.hpp"
#include "registry/tlog/trust_policy.hpp"

namespace cpl {

// What is published when a round ends without the quorum.
enum class WithoutQuorum : std::uint8_t {
  fail_closed,  // Nothing: the last checkpoint that had it stays.
  fail_open,    // The newest checkpoint with whatever cosignatures it got.
};

struct CosignerOptions {
  std::chrono::milliseconds interval{10'000};  // Between two rounds.
  // An unchanged checkpoint is cosigned anew after so long, so that its witness time stays fresh.
  std::chrono::milliseconds renew{900'000};
  WithoutQuorum without_quorum = WithoutQuorum::fail_closed;
  // Told how a witness fails, each time that it fails otherwise than before. Must not block.
  std::function<void(const std::string& sentence)> tell_failure{};
};

struct WitnessStatus {
  std::string name;  // As in the policy.
  TreeSize last_size;
  std::optional<UnixMillis> last_success;
  std::uint64_t failures = 0;  // Since the start.
  std::string last_failure;    // Empty after a success.
};

struct CosignerStats {
  std::vector<WitnessStatus> witnesses;
  TreeSize published;
  bool quorum = false;  // Whether what is published has it.
  // Counted of the witnesses that have cosigned within two renewals.
  TrustPolicy::QuorumCount count;
  // The newest time at or after which witnesses enough for the quorum cosigned, since the start.
  std::optional<UnixMillis> quorum_as_of;
  std::string alarm;  // Empty: none.
};

class Cosigner {
 public:
  // `transport` bounds how long one witness may take. `on_change` runs on the cosigner's thread
  // after each publication and after an alarm; it must not block. The references outlive the
  // cosigner.
  Cosigner(const Log& log, Publication& publication, Transport& transport, const Clock& clock,
           TrustPolicy policy, CosignerOptions options, std::function<void()> on_change);
  ~Cosigner();  // Stops.
  Cosigner(const Cosigner&) = delete;
  Cosigner& operator=(const Cosigner&) = delete;

  void start();
  void stop();  // Waits for the requests in flight.
  // One pass: takes in answers, publishes, sends what is due. When the next pass is due; nothing
  // after an alarm. The thread calls this, and a test instead of it.
  std::optional<UnixMillis> run_once();

  CosignerStats stats() const;  // Any thread.

 private:
  struct Row {
    std::string name;
    std::string url;
    WitnessClient client;
    enum class State : std::uint8_t { idle, due, in_flight } state = State::idle;
    // That it knows another history, in its words: what it has cosigned is asked for next.
    std::string claim{};
    UnixMillis due_at{};             // Of the next request of this round, while due.
    unsigned attempts = 0;           // Of this round.
    UnixMillis not_before{};         // Later rounds leave it out until then.
    unsigned failures_in_a_row = 0;  // Since the last success.
    std::optional<UnixMillis> last_success{};
    std::uint64_t failures = 0;
    std::string last_failure{};
  };
  struct Round {
    std::shared_ptr<const LogView> head;
    Note note;                  // The log's line, and the cosignatures of this round.
    std::size_t published = 0;  // How many of its lines are published; 0: none.
    bool overtaken = false;     // A witness has cosigned a newer head of ours.
  };
  struct Answer {
    std::size_t row = 0;
    Result<Delivered> result;
  };
  using Requests = std::vector<std::pair<OutgoingMessage, Transport::Done>>;

  std::optional<UnixMillis> collect(Requests& requests) REQUIRES(mutex_);
  void begin_round(UnixMillis now) REQUIRES(mutex_);
  void take_in(const Answer& answer, UnixMillis now) REQUIRES(mutex_);
  void take_cosignature(Row& row, const Delivered& delivered, UnixMillis now) REQUIRES(mutex_);
  void take_shown(Row& row, const Delivered& delivered, UnixMillis now) REQUIRES(mutex_);
  void ask_again(Row& row, const std::string& told, UnixMillis now) REQUIRES(mutex_);
  void raise_alarm(const Row& row, const std::string& proof) REQUIRES(mutex_);
  OutgoingMessage message_to(const Row& row, Bytes body) const;
  void fail(Row& row, UnixMillis now, std::chrono::milliseconds pause, std::string why)
      REQUIRES(mutex_);
  void prepare(std::size_t place, UnixMillis now, Requests& requests) REQUIRES(mutex_);
  bool round_has_quorum() const REQUIRES(mutex_);
  void publish(UnixMillis now) REQUIRES(mutex_);
  void end_round(UnixMillis now) REQUIRES(mutex_);
  void run();

  const Log& log_;  // Constant after construction, as are the next six.
  Publication& publication_;
  Transport& transport_;
  const Clock& clock_;
  const TrustPolicy policy_;
  const CosignerOptions options_;
  const std::function<void()> on_change_;

  mutable Mutex mutex_;
  Condition wake_;
  std::vector<Row> rows_ GUARDED_BY(mutex_);
  std::deque<Answer> answers_ GUARDED_BY(mutex_);
  std::optional<Round> round_ GUARDED_BY(mutex_);
  UnixMillis next_round_at_ GUARDED_BY(mutex_);
  UnixMillis renewed_at_ GUARDED_BY(mutex_);
  bool has_quorum_ GUARDED_BY(mutex_) = false;
  bool changed_ GUARDED_BY(mutex_) = false;
  unsigned hurried_ GUARDED_BY(mutex_) = 0;  // Rounds in a row that did not wait for the interval.
  std::vector<std::string> untold_ GUARDED_BY(mutex_);  // Failures.
  std::size_t in_flight_ GUARDED_BY(mutex_) = 0;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// Prometheus text.
std::string cosigner_metrics(const CosignerStats& stats);

// A policy that a log can be published under: it trusts this log's key, asks for witnesses, and
// says where each of them is.
Result<void> check_cosigning_policy(const TrustPolicy& policy, const NoteVerifier& log_key);

}  // namespace cpl
