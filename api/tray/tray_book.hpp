// The tray: statements that some of those who must sign them have signed, kept outside the log
// until the others have. Which role may see a statement, and who put it here, is kept with it;
// texts under seal are here as they are in the statement, and what opens them never is. Any thread.
#pragma once

#include <map>
#include <set>

#include "api/tray/signing.hpp"
#include "crypto/mutex.hpp"
#include "registry/base/clock.hpp"
#include "registry/store/store.hpp"

namespace cpl {

// Why the rules refused a statement that was submitted when its last signature came.
struct TrayRefusal {
  std::string code;
  std::string detail;
};

struct TrayStatement {
  std::string id;      // "tray_" and 32 random hexadecimal digits: says nothing of the statement.
  Role role{};         // Whose holders see it.
  std::string put_by;  // The account that may withdraw it.
  UnixMillis put;
  bool submits = false;  // By itself, once it is complete.
  Bytes note;            // With good lines of keys that count, each once.
  std::optional<TrayRefusal> refused = std::nullopt;
};

Bytes encode(const TrayStatement& statement);
Result<TrayStatement> decode_tray_statement(BytesView value);

class TrayBook {
 public:
  struct Limits {
    std::size_t statements = 200;    // Of one role.
    std::size_t octets = 8U << 20U;  // Of the notes of one role.
    std::chrono::hours kept{std::chrono::hours{24} * 30};
  };
  struct Put {
    TrayStatement statement;
    bool is_new = false;  // Else the text was here, and its signatures were added.
  };

  // The references outlive the book.
  static Result<std::unique_ptr<TrayBook>> open(Store& store, const Clock& clock, Limits limits);
  TrayBook(const TrayBook&) = delete;
  TrayBook& operator=(const TrayBook&) = delete;

  // Durable before it returns, as the next three. Errors: `tray-full`, `signature-known`.
  Result<Put> put(const TrayNote& note, const std::string& account, bool submits);
  // Errors: `tray-statement-not-found`, for one of a role that is not among `roles` as for one that
  // never was; `tray-text-differs`; `signature-known`.
  Result<TrayStatement> sign(const std::string& id, const std::set<Role>& roles,
                             const TrayNote& more);
  // Errors: `tray-statement-not-found` as above, `tray-not-yours`.
  Result<TrayStatement> withdraw(const std::string& id, const std::set<Role>& roles,
                                 const std::string& account);
  Result<void> note_refusal(const std::string& id, const Error& error);

  Result<TrayStatement> find(const std::string& id, const std::set<Role>& roles) const;
  std::vector<TrayStatement> list(const std::set<Role>& roles) const;  // The oldest first.
  UnixMillis end_of(const TrayStatement& statement) const;

 private:
  using Rows = std::map<std::string, TrayStatement>;

  TrayBook(Store& store, const Clock& clock, Limits limits)
      : store_(store), clock_(clock), limits_(limits) {}

  Result<void> read_back() REQUIRES(mutex_);
  Result<void> keep(TrayStatement statement) REQUIRES(mutex_);
  Result<void> write(WriteBatch batch) REQUIRES(mutex_);
  Result<const TrayStatement*> seen(const std::string& id, const std::set<Role>& roles) const
      REQUIRES(mutex_);
  const TrayStatement* with_text(Role role, BytesView text) const REQUIRES(mutex_);
  Result<void> check_room(Role role, std::size_t octets, bool is_new) const REQUIRES(mutex_);
  bool is_over(const TrayStatement& statement) const;

  Store& store_;  // Constant after construction, as the next two.
  const Clock& clock_;
  const Limits limits_;

  mutable Mutex mutex_;
  Rows rows_ GUARDED_BY(mutex_);
  // A write may have done what is not seen here: the store is read first.
  bool unsure_ GUARDED_BY(mutex_) = false;
};

}  // namespace cpl
