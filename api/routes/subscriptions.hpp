// Subscriptions to webhooks and mailboxes. They belong to the Party that made them; nobody else's
// answer tells that they exist.
#pragma once

#include "api/routes/call.hpp"
#include "notifier/mail/channel.hpp"
#include "notifier/run/notifier.hpp"
#include "registry/log/log.hpp"

namespace cpl {

struct SubscriptionRoutes {
  Notifier& notifier;
  const Log& log;
  const Clock& clock;
  const std::string& type_prefix;
  // Whether deliveries may go to this URL at all; may be empty.
  const std::function<Result<void>(const std::string&)>& check_target;
  MailChannel* mail;  // Null: no mail is sent.

  Result<HttpResponse> list(const Call& call) const;
  Result<HttpResponse> get(const Call& call) const;
  Result<void> create(const Call& call, const Answer& answer) const;
  Result<HttpResponse> change(const Call& call) const;
  Result<HttpResponse> retire(const Call& call) const;
  Result<HttpResponse> preview(const Call& call) const;
  Result<HttpResponse> deliveries(const Call& call) const;
  Result<HttpResponse> delivery(const Call& call) const;

  // These bring about a state, and may be asked for twice.
  Result<HttpResponse> verify(const Call& call) const;
  Result<HttpResponse> confirm(const Call& call) const;
  Result<HttpResponse> pause(const Call& call) const;
  Result<HttpResponse> resume(const Call& call) const;
  // Of these more comes each time.
  Result<void> rotate(const Call& call, const Answer& answer) const;
  Result<void> test(const Call& call, const Answer& answer) const;
  Result<void> replay(const Call& call, const Answer& answer) const;

 private:
  HttpResponse response_of(const Subscription& subscription) const;
  // With the secret, which is shown this once.
  HttpResponse response_with_keys(unsigned status, const Subscription& subscription) const;
};

}  // namespace cpl
