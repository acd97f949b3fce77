// Who is signed in to the pages. A session begins with a Party's token and can do no more than the
// token. It is in memory alone, so a restart signs everybody out, and of its secret only the hash
// is kept. Any thread.
#pragma once

#include "api/accounts/party_book.hpp"

namespace cpl {

struct Session {
  std::string id;  // "ses_" and 16 hexadecimal digits: names it, and opens nothing.
  PartyId party;
  UnixMillis began;
  UnixMillis used;  // When a page was last asked for.
};

class SessionBook {
 public:
  struct Limits {
    std::size_t of_one = 10;  // One more ends the one that was not used for longest.
    std::size_t all = 10'000;
    std::chrono::minutes idle{30};
    std::chrono::hours life{8};
  };

  // The clock outlives the book. `parties` is null where nobody is known.
  SessionBook(std::shared_ptr<const PartyBook> parties, const Clock& clock, Limits limits)
      : parties_(std::move(parties)), clock_(clock), limits_(limits) {}
  SessionBook(const SessionBook&) = delete;
  SessionBook& operator=(const SessionBook&) = delete;

  // The secret of a new session, for the browser to keep. Errors: `credentials-unknown`,
  // `sessions-full`. For all tokens that begin none it takes the same time.
  Result<std::string> begin(const Hash& token);
  // Whose secret it is; nullopt if the session ended or its token was revoked. It was used now.
  std::optional<Session> use(std::string_view secret);

  std::vector<Session> of_party(std::string_view party);
  void end(std::string_view secret);
  // Errors: `session-not-found`, for another Party's as for one that never was.
  Result<void> end_of(std::string_view party, std::string_view id);

 private:
  struct Row {
    Session session;
    Hash token;
  };
  using Rows = std::map<Hash, Row>;  // By the hash of the secret.

  bool is_too_old(const Row& row, UnixMillis now) const;
  void drop_old(UnixMillis now) REQUIRES(mutex_);
  void make_room_for(std::string_view party) REQUIRES(mutex_);

  const std::shared_ptr<const PartyBook> parties_;
  const Clock& clock_;
  const Limits limits_;

  Mutex mutex_;
  Rows rows_ GUARDED_BY(mutex_);
};

}  // namespace cpl
