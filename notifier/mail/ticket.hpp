// What a ticket system's mailbox gets: of each notice one thread, whose first message opens the
// ticket and whose others follow up, each with a block of "Name: value" lines that a program reads.
#pragma once

#include "notifier/mail/compose.hpp"
#include "registry/base/json.hpp"

namespace cpl {

// An event that tells of a notice, or of a step of one.
Result<MailMessage> compose_ticket_event(const MailedEvent& mailed, const MailRecipient& recipient,
                                         const MailOptions& options, UnixMillis now);
// That a step is late: "desk.late.v1". Errors: `event-malformed` where it names no notice.
Result<MailMessage> compose_ticket_late(const Json& event, BytesView body,
                                        const MailRecipient& recipient, const MailOptions& options,
                                        UnixMillis now);

}  // namespace cpl
