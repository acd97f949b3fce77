// What the log says to a mailbox: one message for an event, or one for all events of a day. The
// events are attached exactly as every other channel tells them, so that nobody need believe mail.
#pragma once

#include "notifier/event/event.hpp"
#include "notifier/mail/message.hpp"
#include "registry/query/desk_clock.hpp"

namespace cpl {

struct MailOptions {
  std::string from_name;  // "CPL notices"
  MailAddress from;
  std::string list_name = "Certified Products List changes";
  std::string origin;             // The log's.
  std::string notices_address{};  // "https://cpl.example/notices/", where an index follows.
  DeskLimits desk{};              // Until when the Service Desk is to answer.
};

struct MailRecipient {
  MailAddress to;
  std::string subscription;     // Its id, which the Message-ID carries.
  std::string unsubscribe_url;  // Of this recipient alone.
};

struct MailedEvent {
  Event event;
  Bytes json;          // As `format_event` has it.
  std::string name{};  // Of a certificate's end, its id; empty: it is of an entry.
};

inline constexpr std::size_t mailed_events_max = 100;  // In one message.

MailMessage compose_event(const MailedEvent& mailed, const std::string& proof,
                          const MailRecipient& recipient, const MailOptions& options,
                          UnixMillis now);
// At least one event, at most `mailed_events_max`, in order.
MailMessage compose_digest(const std::vector<MailedEvent>& mailed, const MailRecipient& recipient,
                           const MailOptions& options, UnixMillis now);

// That a statement waits for the signature of whoever reads the mailbox, and nothing of which: mail
// is read by many.
MailMessage compose_waiting(const MailAddress& to, const MailOptions& options, UnixMillis now);

}  // namespace cpl
