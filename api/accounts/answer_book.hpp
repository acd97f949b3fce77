// The answers to requests that make something, each under the name that its client gave it, so that
// a client which got no answer may ask again and nothing is made twice. An answer is written in the
// batch of what it tells of. Any thread.
#pragma once

#include <map>
#include <set>

#include "crypto/mutex.hpp"
#include "crypto/sealed_box.hpp"
#include "registry/base/clock.hpp"
#include "registry/shelf/remembered_answer.hpp"
#include "registry/store/store.hpp"

namespace cpl {

// What makes two requests the same one. Keys of different clients, or for different paths, have
// nothing to do with each other.
struct RequestName {
  std::string principal;  // Who asks.
  std::string method;
  std::vector<std::string> path;
  std::string key;  // The client's word for it.
};

class AnswerBook {
 public:
  struct Limits {
    std::size_t answers_per_principal = 1'000;
    std::size_t octets_per_principal = 8U << 20U;
    std::size_t answers = 100'000;
    std::size_t octets = 256U << 20U;
    std::chrono::hours kept{48};
  };

  // One request in hand: until its end nobody else has the same.
  class Turn {
   public:
    Turn(Turn&& other) noexcept;
    Turn& operator=(Turn&&) = delete;
    ~Turn();

    // What was answered when the request came first; the turn then asks for nothing more.
    const std::optional<Bytes>& given() const { return given_; }
    // Puts the answer into the batch that holds its effect.
    void remember(BytesView answer, WriteBatch& batch);
    void done();  // The batch is on disk.

   private:
    friend class AnswerBook;
    Turn(AnswerBook& book, Bytes key, const Hash& fingerprint)
        : book_(&book), key_(std::move(key)), fingerprint_(fingerprint) {}

    AnswerBook* book_;  // Null once it was moved from.
    Bytes key_;
    Hash fingerprint_;
    std::optional<Bytes> given_;
    bool in_hand_ = false;  // Its end gives the name back.
    UnixMillis at_;
    std::size_t octets_ = 0;
    std::vector<Bytes> forgotten_;  // Expired ones that the batch deletes.
  };

  // The references outlive the book. `master_key` is the notices' own secret.
  static Result<std::unique_ptr<AnswerBook>> open(Store& store, const Clock& clock,
                                                  BytesView master_key, Limits limits);
  AnswerBook(const AnswerBook&) = delete;
  AnswerBook& operator=(const AnswerBook&) = delete;

  // Errors: `idempotency-key-reused` for another request of that name, `request-in-progress`,
  // `answer-lost` where the service's key has changed since, `rate-limited` where too many are
  // kept.
  Result<Turn> begin(const RequestName& name, const Hash& fingerprint);
  // When there will be room again for one whom begin() calls rate-limited.
  UnixMillis room_from(const std::string& principal) const;

 private:
  struct Kept {
    UnixMillis at;
    std::size_t octets = 0;
  };
  struct Share {
    std::size_t answers = 0;
    std::size_t octets = 0;
  };

  AnswerBook(Store& store, const Clock& clock, BytesView master_key, Limits limits)
      : store_(store),
        clock_(clock),
        sealing_key_(SealingKey::derive(master_key, "cpl/remembered-answer")),
        limits_(limits) {}

  Result<void> read_back();
  bool is_over(UnixMillis at) const;
  UnixMillis end_of(UnixMillis at) const;
  Result<void> replay(Turn& turn, const RememberedAnswer& kept) const;

  void add(const Bytes& key, Kept kept) REQUIRES(mutex_);
  void drop(const Bytes& key) REQUIRES(mutex_);
  bool has_room(BytesView principal) const REQUIRES(mutex_);
  Result<void> forget_expired() REQUIRES(mutex_);
  std::vector<Bytes> expired(std::size_t count_max) const REQUIRES(mutex_);

  Store& store_;  // Constant after construction, as the next three.
  const Clock& clock_;
  const SealingKey sealing_key_;
  const Limits limits_;

  mutable Mutex mutex_;
  std::map<Bytes, Kept> kept_ GUARDED_BY(mutex_);
  // The same ones, the oldest first.
  std::set<std::pair<UnixMillis, Bytes>> by_age_ GUARDED_BY(mutex_);
  // By what the keys of a principal start with.
  std::map<Bytes, Share, std::less<>> shares_ GUARDED_BY(mutex_);
  Share all_ GUARDED_BY(mutex_);
  // Requests under way, and expired rows that some batch deletes: nobody may put one of them now.
  std::set<Bytes> in_hand_ GUARDED_BY(mutex_);
};

}  // namespace cpl
