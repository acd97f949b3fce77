#include "notifier/mail/channel.hpp"
#include "notifier/mail/ticket.hpp"
#include "notifier/subscription/subscription.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "notifier/subscription/delivery.hpp"
#include "notifier/subscription/verification.hpp"
#include "registry/base/json.hpp"

namespace cpl {
namespace {

constexpr unsigned code_attempts = 5;
constexpr std::uint64_t code_lifetime_millis = 15 * 60'000;
constexpr std::uint64_t code_count = 100'000'000;  // Eight digits.

std::string new_code() {
  const std::string digits = std::to_string(read_big_endian(random_bytes(8)) % code_count);
  return std::string(8 - digits.size(), '0') + digits;
}

std::string text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<Json> parse_event(BytesView body) {
  Json json = TRY(parse_json(body));
  if (!json.is_object() || !json.contains("data") || !json["data"].is_object()) {
    return malformed("event-malformed", "the message to mail is not an event");
  }
  return json;
}

std::string challenge_of(const OutgoingMessage& message) {
  if (message.body.starts_with('[')) return "";
  const auto event = parse_event(message.body);
  return event ? text_of((*event)["data"], "challenge") : "";
}

// An event of an entry: from its leaf, which says more than the envelope.
Result<MailedEvent> mailed_event(const Json& json, BytesView body) {
  const auto leaf = from_base64(text_of(json["data"], "leaf"));
  if (!leaf) return malformed("event-malformed", "the event to mail has no leaf");
  const std::string type = text_of(json, "type");
  if (type.ends_with("." + std::string(cover_ending_kind))) {
    const CoverEnding ending = TRY(read_ending(json["data"], *leaf));
    return MailedEvent{event_of(ending, *leaf), Bytes(body), ending_id(ending)};
  }
  const bool for_desk =
      std::any_of(event_kind_words.begin(), event_kind_words.end(), [&](std::string_view kind) {
        return audience_of(kind) == Audience::service_desk &&
               type.ends_with("." + std::string(kind));
      });
  auto event = TRY(event_of(*leaf, for_desk ? Audience::service_desk : Audience::parties));
  if (!event) return malformed("event-malformed", "the event to mail names no models");
  return MailedEvent{*std::move(event), Bytes(body)};
}

Result<std::vector<MailedEvent>> mailed_events(BytesView body) {
  const Json list = TRY(parse_json(body));
  std::vector<MailedEvent> events;
  for (const Json& json : list) {
    if (!json.is_object() || !json.contains("data") || !json["data"].is_object()) {
      return malformed("event-malformed", "the message to mail is not an event");
    }
    events.push_back(TRY(mailed_event(json, json.dump())));
  }
  if (events.empty() || events.size() > mailed_events_max) {
    return malformed("event-malformed", "a message holds 1 to 100 events");
  }
  return events;
}

MailMessage compose_service(const Json& json, BytesView body, const MailRecipient& recipient,
                            const MailOptions& options, const std::string& code, UnixMillis now) {
  const std::string summary = text_of(json["data"], "summary");
  std::string id;
  for (const char c : text_of(json, "id")) id += c == ':' ? '-' : c;
  MailMessage message{options.from_name,
                      options.from,
                      recipient.to,
                      "[CPL] " + (code.empty() ? summary : "TEST: confirm this mailbox"),
                      now,
                      id + "." + recipient.subscription,
                      {},
                      options.list_name,
                      recipient.unsubscribe_url,
                      "",
                      summary + "\n",
                      {}};
  if (code.empty()) {
    message.attachments = {{"event.json", "application/json", Bytes(body)}};
    return message;
  }
  message.text =
      "TEST: somebody asked for notices of the Certified Products List to be sent to "
      "this mailbox. If that was you, confirm it within 15 minutes with the code\n\n  " +
      code + "\n\nand the command\n\n  cpl subscribe confirm " + recipient.subscription + " " +
      code + "\n\nIf it was not, do nothing: nothing more will come.\n";
  return message;
}

Error code_refused(const Delivered& answer) {
  return Error{Errc::unavailable, "mail-refused",
               "no code could be sent: " + failure_sentence(Result<Delivered>(answer)), 0};
}

}  // namespace

Result<MailAddress> mail_target(std::string_view url) {
  if (!url.starts_with(mail_scheme)) {
    return malformed("address-malformed", "a mail target begins with mailto:");
  }
  return MailAddress::parse(url.substr(mail_scheme.size()));
}

void MailChannel::stop() {
  std::map<std::string, Awaited> awaited;
  {
    const Lock lock(mutex_);
    stopping_ = true;
    awaited.swap(awaited_);
  }
  for (auto& [subscription, one] : awaited) one.done(stopping_error());
}

Result<OutgoingMail> MailChannel::make(const OutgoingMessage& message,
                                       const std::string& code) const {
  const MailAddress to = TRY(mail_target(message.url));
  const MailRecipient recipient{to, message.subscription,
                                options_.unsubscribe_url(message.subscription, message.url)};
  const UnixMillis now = clock_.now();
  if (message.body.starts_with('[')) {
    const auto events = TRY(mailed_events(message.body));
    const MailMessage digest = compose_digest(events, recipient, options_.mail, now);
    return seal(digest, message.owner, message.audience, now);
  }
  const Json json = TRY(parse_event(message.body));
  if (message.ticket && text_of(json, "type").ends_with(".desk.late.v1")) {
    const MailMessage late =
        TRY(compose_ticket_late(json, message.body, recipient, options_.mail, now));
    return seal(late, message.owner, message.audience, now);
  }
  const std::string proof = text_of(json["data"], "proof");
  if (message.ticket && !proof.empty()) {
    const MailedEvent mailed = TRY(mailed_event(json, message.body));
    const MailMessage of_ticket = TRY(compose_ticket_event(mailed, recipient, options_.mail, now));
    return seal(of_ticket, message.owner, message.audience, now);
  }
  MailMessage mail = proof.empty()
                         ? compose_service(json, message.body, recipient, options_.mail, code, now)
                         : compose_event(TRY(mailed_event(json, message.body)), proof, recipient,
                                         options_.mail, now);
  mail.for_ticket = message.ticket;
  return seal(mail, message.owner, message.audience, now);
}

// Bounces say which message they are of.
Result<OutgoingMail> MailChannel::seal(const MailMessage& mail, const std::string& owner,
                                       Audience audience, UnixMillis now) const {
  const MailAddress sender = TRY(MailAddress::parse(options_.bounces.local() + "+" +
                                                    to_hex(sha256(mail.id).view().substr(0, 8)) +
                                                    "@" + options_.bounces.domain()));
  return OutgoingMail{sender, mail.to, sign_mail(mail, options_.signers, now), owner, audience};
}

void MailChannel::tell_waiting(const MailAddress& to, const std::string& owner, Audience audience,
                               Done done) {
  const UnixMillis now = clock_.now();
  auto mail = seal(compose_waiting(to, options_.mail, now), owner, audience, now);
  if (!mail) return done(mail.error());
  send_mail_(*std::move(mail), std::move(done));
}

void MailChannel::send(OutgoingMessage message, Done done) {
  if (message.method == "OPTIONS") {
    Delivered consent;
    consent.status = 200;
    consent.allowed_origin = "*";
    return done(std::move(consent));
  }
  std::string challenge = challenge_of(message);
  if (!challenge.empty()) {
    if (const auto may = may_ask(message); !may) return done(may.error());
  }
  const std::string code = challenge.empty() ? "" : new_code();
  auto mail = make(message, code);
  if (!mail) return done(mail.error());
  if (challenge.empty()) return send_mail_(*std::move(mail), std::move(done));
  send_mail_(*std::move(mail), [this, message, challenge, code, done](Result<Delivered> outcome) {
    const bool sent = outcome && outcome->status / 100 == 2;
    if (sent) return await_code(message, challenge, code, done);
    if (outcome) outcome = code_refused(*outcome);
    done(std::move(outcome));
  });
}

Result<void> MailChannel::may_ask(const OutgoingMessage& message) {
  const MailAddress to = TRY(mail_target(message.url));
  const UnixMillis now = clock_.now();
  const Lock lock(mutex_);
  MailPace& pace = paces_[static_cast<std::size_t>(message.audience)];
  const auto why = pace.ask(message.owner, to, now);
  if (!why) return {};
  return Error{Errc::unavailable, std::string(mailbox_asked_often), *why, 0};
}

void MailChannel::await_code(const OutgoingMessage& message, std::string challenge,
                             std::string code, Done done) {
  Error error{Errc::unavailable, "code-replaced", "a newer code was sent: use that one", 0};
  Done over = std::move(done);
  {
    const Lock lock(mutex_);
    if (stopping_) {
      error = stopping_error();
    } else {
      Awaited& awaited = awaited_[message.subscription];
      std::swap(awaited.done, over);
      awaited.challenge = std::move(challenge);
      awaited.code = std::move(code);
      awaited.expires = UnixMillis{clock_.now().value + code_lifetime_millis};
      awaited.attempts_left = code_attempts;
    }
  }
  if (over) over(std::move(error));
}

Result<void> MailChannel::confirm(const std::string& subscription, std::string_view code) {
  Awaited awaited;
  bool right = false;
  {
    const Lock lock(mutex_);
    const auto found = awaited_.find(subscription);
    if (found == awaited_.end() || found->second.expires <= clock_.now()) {
      return refuse("code-not-awaited", "no code is expected here, or its 15 minutes are over");
    }
    right = equal_in_constant_time(found->second.code, code);
    if (!right && --found->second.attempts_left > 0) {
      return Error{Errc::unauthorized, "code-wrong", "that is not the code in the mail"};
    }
    awaited = std::move(found->second);
    awaited_.erase(found);
  }
  if (!right) {
    const Error error{Errc::unauthorized, "code-wrong",
                      "the code was wrong five times: another one will be sent"};
    awaited.done(error);
    return error;
  }
  Delivered echo;
  echo.status = 200;
  echo.content_type = "application/json";
  echo.body = Json{{"challenge", awaited.challenge}}.dump();
  awaited.done(std::move(echo));
  return {};
}

void MailChannel::expire() {
  std::vector<Done> over;
  {
    const Lock lock(mutex_);
    for (auto at = awaited_.begin(); at != awaited_.end();) {
      const bool is_over = at->second.expires <= clock_.now();
      if (is_over) over.push_back(std::move(at->second.done));
      at = is_over ? awaited_.erase(at) : std::next(at);
    }
  }
  for (Done& done : over) {
    done(Error{Errc::unavailable, "code-expired", "nobody typed in the code within 15 minutes", 0});
  }
}

void ChannelRouter::send(OutgoingMessage message, Done done) {
  if (!message.url.starts_with(mail_scheme)) {
    Transport& http = message.audience == Audience::service_desk ? service_desk_ : parties_;
    return http.send(std::move(message), std::move(done));
  }
  if (mail_ != nullptr) return mail_->send(std::move(message), std::move(done));
  done(Error{Errc::unavailable, "mail-not-configured",
             "this registry sends no mail: [mail] is not in its configuration"});
}

}  // namespace cpl
