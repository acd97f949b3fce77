// What the public is shown of a log whose checkpoints witnesses cosign: the newest checkpoint that
// was published, with its cosignatures, and the log as it stood then. Statements are answered
// before that, under the log's own signature. Also keeps the alarm that a witness gave cause for.
#pragma once

#include "crypto/mutex.hpp"
#include "registry/log/log.hpp"
#include "registry/store/store.hpp"

namespace cpl {

class Publication {
 public:
  // Goes on with what was published last, and with the alarm if one was raised: then the log is
  // halted. Until something is published, an empty log shows its checkpoint as it is signed, and
  // one with entries shows nothing (a view of size 0 without a note). The references outlive it.
  static Result<std::unique_ptr<Publication>> open(Log& log, Store& store,
                                                   const NoteVerifier& log_key);
  // The alarm that stands in the store, which also holds where no witnesses are asked any more.
  static Result<std::optional<std::string>> stored_alarm(const Store& store);
  // To be said by a person, after the cause is known and mended.
  static Result<void> clear_alarm(Store& store);

  std::shared_ptr<const LogView> view() const;  // Any thread. Never null.

  // Durable first, then shown. `note` is the checkpoint of `head` with the cosignatures that it
  // got. Never goes back to a smaller size. By one thread.
  Result<void> publish(const LogView& head, Bytes note);

  // Durable, too: from now on nothing is published, and the log takes no statement. By the thread
  // that publishes. An alarm that could not be stored holds until the process ends.
  Result<void> raise_alarm(std::string what);
  std::string alarm() const;  // Any thread. Empty: none.

 private:
  Publication(Log& log, Store& store);
  Result<void> read_back(const NoteVerifier& log_key);
  void halt(std::string what);
  void show(std::shared_ptr<const LogView> view);

  Log& log_;  // Constant after construction, as is the next.
  Store& store_;

  mutable Mutex mutex_;
  std::shared_ptr<const LogView> view_ GUARDED_BY(mutex_);
  std::string alarm_ GUARDED_BY(mutex_);
};

}  // namespace cpl
