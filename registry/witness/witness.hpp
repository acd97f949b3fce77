// A witness (C2SP tlog-witness): remembers of each log the newest checkpoint that it cosigned, and
// cosigns another only when that one extends it. So no log can show two histories to those who ask
// for its word. Without sockets; api/routes/witness_api.hpp gives it some.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "crypto/mutex.hpp"
#include "registry/base/clock.hpp"
#include "registry/tlog/checkpoint.hpp"
#include "registry/witness/witness_protocol.hpp"

namespace cpl {

// The witness's memory. Used for one log by one thread at a time, for several logs by several.
class WitnessStore {
 public:
  virtual ~WitnessStore() = default;
  // The note that was last put for this origin, nothing where there was none.
  virtual Result<std::optional<Bytes>> last(const std::string& origin) const = 0;
  // In place of the one before it. Durable before it returns.
  virtual Result<void> put(const std::string& origin, BytesView note) = 0;
  // Keeps a validly signed checkpoint that was not cosigned: with the one that was, it may prove
  // that the log cheated. Bounded; the same one is kept once.
  virtual Result<void> keep_refused(const std::string& origin, BytesView note) = 0;
};

class Witness {
 public:
  // `key` cosigns; a log is named by its key's name, which is its origin, and may have several
  // keys. Reads back what was cosigned of each log; a memory that this key did not sign is
  // refused. The references outlive the witness.
  static Result<std::unique_ptr<Witness>> open(NoteSigner key,
                                               const std::vector<NoteVerifier>& logs,
                                               WitnessStore& store, const Clock& clock);

  // Any thread. The checks and their order are those of tlog-witness; what is answered with 200 is
  // durable. Two requests at once are judged one after the other.
  WitnessAnswer add_checkpoint(BytesView body);

  // The newest checkpoint of a log, with the log's signature and the witness's. Named by the
  // SHA-256 of its origin. Any thread.
  std::optional<Bytes> latest(const Hash& origin_hash) const;

  const NoteVerifier& verifier() const { return key_.verifier(); }

 private:
  struct Log {
    std::string origin;
    std::vector<NoteVerifier> keys;
    mutable Mutex mutex;
    std::optional<SignedCheckpoint> last GUARDED_BY(mutex);
  };
  struct Submitted;

  Witness(NoteSigner key, WitnessStore& store, const Clock& clock);
  Result<void> read_back(Log& log) REQUIRES(log.mutex);
  WitnessAnswer judge(Log& log, const Submitted& submitted) REQUIRES(log.mutex);
  WitnessAnswer cosign(Log& log, const Submitted& submitted) REQUIRES(log.mutex);
  WitnessAnswer refuse_checkpoint(const Log& log, const Submitted& submitted,
                                  std::string_view reason);

  const NoteSigner key_;  // Constant after construction, as are all below.
  WitnessStore& store_;
  const Clock& clock_;
  std::map<std::string, std::unique_ptr<Log>, std::less<>> logs_;  // By origin.
  std::map<Hash, const Log*> by_hash_;
};

}  // namespace cpl
