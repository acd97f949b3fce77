// The tray: half-signed statements, seen by the holders of the role whose signatures they need.
// Whoever holds another role is answered as if there were nothing.
#pragma once

#include "api/routes/call.hpp"
#include "api/routes/journal.hpp"
#include "api/routes/statements.hpp"
#include "api/tray/tray_book.hpp"
#include "notifier/mail/channel.hpp"
#include "notifier/subscription/pace.hpp"
#include "registry/base/fault_teller.hpp"

namespace cpl {

// An account whose tokens see what waits for that role. The Service Desk's own account holds the
// Service Desk's role without being named.
struct TrayHolder {
  std::string account;
  Role role{};
  std::optional<MailAddress> mail = std::nullopt;  // Told that a statement waits.
};

class TrayRoutes {
 public:
  struct Parts {
    std::shared_ptr<TrayBook> book;  // Null: none are kept here.
    const std::vector<TrayHolder>& holders;
    const Log& log;
    const Clock& clock;
    StatementRoutes& statements;
    JournalRoutes& journal;
    std::string origin;  // The log's name.
    MailChannel* mail;   // May be null.
    FaultTeller::Tell tell_fault;
  };

  explicit TrayRoutes(Parts parts) : parts_(std::move(parts)) {}

  Result<HttpResponse> list(const Call& call) const;
  Result<HttpResponse> get(const Call& call) const;
  Result<HttpResponse> put(const Call& call);
  Result<HttpResponse> sign(const Call& call);
  Result<HttpResponse> withdraw(const Call& call);

  // Submits those that were complete when the service ended.
  void submit_complete();

 private:
  Result<TrayBook*> book_here() const;
  std::set<Role> roles_of(const PartyId& account) const;
  Result<Json> row(const TrayStatement& statement, const LogView& log,
                   const PartyId& account) const;
  Result<Json> whole(const TrayStatement& statement, const LogView& log,
                     const PartyId& account) const;
  Result<TrayNote> receive(const Call& call) const;
  void submit_if_complete(const TrayStatement& statement);
  void tell_holders(Role role, const PartyId& put_by);

  const Parts parts_;
  Mutex mutex_;
  // However many are put and withdrawn.
  Pace mails_ GUARDED_BY(mutex_){{.window_millis = 3'600'000, .count = 20}};
};

}  // namespace cpl
