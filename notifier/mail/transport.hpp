// Hands e-mail to the operator's mail server: SMTP with STARTTLS, its certificate checked. One
// thread and one connection, kept while there is mail; which server takes it from there is that
// server's business.
#pragma once

#include <filesystem>
#include <thread>

#include "crypto/mutex.hpp"
#include "notifier/mail/message.hpp"
#include "notifier/send/transport.hpp"
#include "notifier/send/turns.hpp"

namespace cpl {

struct MailServer {
  std::string host;
  std::uint16_t port = 587;
  // Of the certificates to believe; empty: the system's.
  std::filesystem::path ca_file;
  std::string user;  // Empty: without authentication.
  std::string password;
  std::string helo;  // This machine's name, as the server is told it.
  std::chrono::milliseconds attempt{60'000};
};

struct OutgoingMail {
  MailAddress sender;  // Of the envelope: where bounces go.
  MailAddress to;
  std::string content;  // As `sign_mail` makes it.
  std::string owner{};  // Whose it is: they take turns.
  Audience audience{};
};

class MailTransport {
 public:
  explicit MailTransport(MailServer server);
  ~MailTransport();  // Stops.
  MailTransport(const MailTransport&) = delete;
  MailTransport& operator=(const MailTransport&) = delete;

  // Any thread; returns at once. `done` runs exactly once, on the mail thread or, for a full queue,
  // on the caller's. The status is SMTP's last reply: 250 when the server has taken it, 4yz to try
  // again, 55z, which is permanent, when it never will.
  void send(OutgoingMail mail, Transport::Done done);

  // `tick` runs on the mail thread, every half minute or after each mail.
  void start(std::function<void()> tick);
  // What has not begun is answered `unavailable`, as is all that comes later.
  void stop();

 private:
  struct Waiting {
    OutgoingMail mail;
    Transport::Done done;
  };
  class Session;

  void run(const std::function<void()>& tick);

  const MailServer server_;
  Mutex mutex_;
  Condition wake_;
  Turns<Waiting> queue_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::atomic<bool> aborting_{false};
  std::thread thread_;
};

}  // namespace cpl
