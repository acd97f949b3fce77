// E-mail as one more way to reach a receiver: takes the same messages as a webhook's transport and
// makes a mail of each. The receiver's consent is the code in the mail, which its owner types in.
#pragma once

#include "crypto/mutex.hpp"
#include "notifier/mail/compose.hpp"
#include "notifier/mail/pace.hpp"
#include "notifier/mail/signer.hpp"
#include "notifier/mail/transport.hpp"
#include "registry/base/clock.hpp"

namespace cpl {

// The address of a subscription's URL, "mailto:team@party.example".
Result<MailAddress> mail_target(std::string_view url);

struct MailChannelOptions {
  MailOptions mail;
  MailSigners signers;
  MailAddress bounces;  // Its local part gets "+<message>" for each message.
  // The URL for one click that belongs to the subscription and its mailbox.
  std::function<std::string(const std::string& subscription, const std::string& url)>
      unsubscribe_url;
};

class MailChannel final : public Transport {
 public:
  using SendMail = std::function<void(OutgoingMail, Done)>;

  // The clock outlives the channel, and the channel every message's outcome.
  MailChannel(SendMail send_mail, const Clock& clock, MailChannelOptions options)
      : send_mail_(std::move(send_mail)), clock_(clock), options_(std::move(options)) {}
  ~MailChannel() override { stop(); }
  MailChannel(const MailChannel&) = delete;
  MailChannel& operator=(const MailChannel&) = delete;

  // OPTIONS is consented to at once: a mailbox cannot answer. A challenge is answered when
  // `confirm` is told its code, within its lifetime and five attempts. How many codes are sent in a
  // day is MailPace's business.
  void send(OutgoingMessage message, Done done) override;

  // Tells a mailbox that the operator named that a statement waits for a signature. One try:
  // whoever is not reached finds it in the tray all the same.
  void tell_waiting(const MailAddress& to, const std::string& owner, Audience audience, Done done);

  // That the mailbox's owner read the code. Errors: `code-wrong`, `code-not-awaited`.
  Result<void> confirm(const std::string& subscription, std::string_view code);
  // Gives up on codes whose time is over; to be called every now and then.
  void expire();
  // Codes that nobody typed in are answered `unavailable`; no more are awaited.
  void stop();

 private:
  struct Awaited {
    std::string challenge;
    std::string code;
    UnixMillis expires;
    unsigned attempts_left = 0;
    Done done;
  };

  Result<OutgoingMail> make(const OutgoingMessage& message, const std::string& code) const;
  Result<OutgoingMail> seal(const MailMessage& mail, const std::string& owner, Audience audience,
                            UnixMillis now) const;
  Result<void> may_ask(const OutgoingMessage& message);
  void await_code(const OutgoingMessage& message, std::string challenge, std::string code,
                  Done done);

  const SendMail send_mail_;
  const Clock& clock_;
  const MailChannelOptions options_;
  Mutex mutex_;
  std::map<std::string, Awaited> awaited_ GUARDED_BY(mutex_);  // By subscription.
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::array<MailPace, audience_words.size()> paces_ GUARDED_BY(mutex_);  // By audience.
};

// Sends each message by the channel that its URL names; the Service Desk's by a transport of its
// own, which no number of hanging receivers of Parties can fill.
class ChannelRouter final : public Transport {
 public:
  // Without a mail channel mail is refused.
  ChannelRouter(Transport& parties, Transport& service_desk, Transport* mail)
      : parties_(parties), service_desk_(service_desk), mail_(mail) {}

  void send(OutgoingMessage message, Done done) override;

 private:
  Transport& parties_;
  Transport& service_desk_;
  Transport* const mail_;
};

}  // namespace cpl
