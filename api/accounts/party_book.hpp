// Who may keep subscriptions: the Parties, and the Service Desk, that the operator added while the
// service ran. Any thread.
#pragma once

#include "api/accounts/party.hpp"
#include "crypto/mutex.hpp"
#include "registry/base/clock.hpp"
#include "registry/store/extra_writes.hpp"
#include "registry/store/store.hpp"

namespace cpl {

// A token as it is shown this once.
struct NewToken {
  PartyToken token;
  std::string secret;
};

class PartyBook {
 public:
  struct Limits {
    std::size_t parties = 1'000;
    std::size_t tokens_in_use = 8;  // Of one Party: enough to change one after the other.
    std::size_t tokens_kept = 32;   // With revoked ones; the longest revoked is forgotten first.
  };

  // The references outlive the book.
  static Result<std::unique_ptr<PartyBook>> open(Store& store, const Clock& clock, Limits limits);
  PartyBook(const PartyBook&) = delete;
  PartyBook& operator=(const PartyBook&) = delete;

  // Whose token that is. Every token of everybody is compared, revoked ones too, each in constant
  // time: how long it takes tells nothing of who exists.
  std::optional<PartyId> authenticate(const Hash& token) const;
  // The same for the subject of a certificate that the server has verified.
  std::optional<PartyId> authenticate_certificate(std::string_view subject) const;

  // For the operator.
  std::vector<Party> list() const;
  Result<Party> find(std::string_view name) const;
  Result<NewToken> add(const std::string& name, Audience audience, const std::string& label,
                       const ExtraWrites<NewToken>& extra_writes = {});
  // Without a token: it is in the directory, and asks for nothing yet.
  Result<Party> enter(const std::string& name, Audience audience, PartyDetails details,
                      const ExtraWrites<Party>& extra_writes = {});
  Result<Party> describe(const std::string& name, PartyDetails details);
  // Revokes its tokens for good. Its name stays taken, and what it did stays told.
  Result<Party> remove(const std::string& name);
  Result<NewToken> add_token(const std::string& name, const std::string& label,
                             const ExtraWrites<NewToken>& extra_writes = {});
  // One subject speaks for one Party.
  Result<PartyToken> add_certificate(const std::string& name, const std::string& label,
                                     const std::string& subject,
                                     const ExtraWrites<PartyToken>& extra_writes = {});
  Result<Party> revoke(const std::string& name, std::string_view token);

 private:
  PartyBook(Store& store, const Clock& clock, Limits limits)
      : store_(store), clock_(clock), limits_(limits) {}

  Result<void> check_room_for(const std::string& name) const REQUIRES_SHARED(mutex_);
  Result<Party> stored(std::string_view name) const REQUIRES_SHARED(mutex_);
  PartyToken make_token(const std::string& label, const Hash& sha256) const;
  Result<void> add_to(const std::string& name, PartyToken token, WriteBatch batch) REQUIRES(mutex_);
  NewToken new_token(const std::string& label) const;
  std::optional<PartyId> find_token(const Hash& sha256, bool of_certificate) const
      REQUIRES_SHARED(mutex_);
  Result<void> keep(Party party, WriteBatch batch) REQUIRES(mutex_);

  Store& store_;  // Constant after construction, as the next two.
  const Clock& clock_;
  const Limits limits_;

  mutable SharedMutex mutex_;
  std::map<std::string, Party, std::less<>> parties_ GUARDED_BY(mutex_);
};

}  // namespace cpl
