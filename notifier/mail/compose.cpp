#include "notifier/mail/compose.hpp"

#include "crypto/encoding.hpp"
#include "crypto/merkle.hpp"

namespace cpl {
namespace {

// "Removed" of "Removed: ESME-…": what happened, in a word or two.
std::string what_happened(const Event& event) {
  return event.summary.substr(0, event.summary.find(':'));
}

std::string footer(const MailOptions& options) {
  return "This message never asks you to log in, and holds no link that does. It is for one "
         "recipient; your mail program's \"unsubscribe\" stops it, and tells the Party whose "
         "mailbox this is.\n\nRegistry: " +
         options.origin + "\n";
}

MailMessage message_to(const MailRecipient& recipient, const MailOptions& options, UnixMillis now) {
  return {options.from_name,         options.from, recipient.to, "", now, "", {}, options.list_name,
          recipient.unsubscribe_url, "",           "",           {}};
}

// References are message ids: nothing but letters, digits and dashes goes in.
std::string thread_of(const Event& event) {
  std::string thread;
  for (const char c : event.subject) thread += c == '/' ? '-' : c;
  return thread;
}

}  // namespace

MailMessage compose_event(const MailedEvent& mailed, const std::string& proof,
                          const MailRecipient& recipient, const MailOptions& options,
                          UnixMillis now) {
  const Event& event = mailed.event;
  const std::string index = std::to_string(event.sequence.value);
  const std::string name = "entry-" + index;
  MailMessage message = message_to(recipient, options, now);
  message.subject =
      "[CPL] " + what_happened(event) +
      (event.models.empty() ? "" : ": " + counted(event.models.size(), "device model")) +
      " (entry " + index + ")";
  message.id = name + "." + recipient.subscription;
  message.thread = thread_of(event);
  message.sequence = format_sequence(event.sequence);
  message.text = event.summary + "\n\nEntry " + index + " of the log, of " +
                 format_time(event.time) + ". Its leaf hash is\n\n  " +
                 to_hex(merkle_leaf(event.leaf)) +
                 "\n\nTo check this without believing this message, save the attached " + name +
                 ".json and run\n\n  cpl verify " + name +
                 ".json --policy policy.txt\n\nwith the trust policy that you hold. " + name +
                 ".tlog-proof is the same proof for other people's tools (C2SP tlog-proof).\n\n" +
                 footer(options);
  message.attachments = {{name + ".json", "application/json", mailed.json},
                         {name + ".tlog-proof", "text/plain", proof}};
  return message;
}

MailMessage compose_digest(const std::vector<MailedEvent>& mailed, const MailRecipient& recipient,
                           const MailOptions& options, UnixMillis now) {
  check(!mailed.empty() && mailed.size() <= mailed_events_max);
  const std::string first = std::to_string(mailed.front().event.sequence.value);
  const std::string last = std::to_string(mailed.back().event.sequence.value);
  MailMessage message = message_to(recipient, options, now);
  message.subject =
      "[CPL] " + counted(mailed.size(), "change") + " (entries " + first + " to " + last + ")";
  message.id = "entries-" + first + "-" + last + "." + recipient.subscription;
  message.sequence = format_sequence(mailed.back().event.sequence);
  for (const MailedEvent& one : mailed) {
    const std::string index = std::to_string(one.event.sequence.value);
    message.text +=
        "Entry " + index + ", " + format_time(one.event.time) + "\n" + one.event.summary + "\n\n";
    message.attachments.push_back({"entry-" + index + ".json", "application/json", one.json});
  }
  message.text +=
      "To check one of these without believing this message, save its attachment and "
      "run\n\n  cpl verify entry-" +
      first + ".json --policy policy.txt\n\nwith the trust policy that you hold.\n\n" +
      footer(options);
  return message;
}

MailMessage compose_waiting(const MailAddress& to, const MailOptions& options, UnixMillis now) {
  return {
      .from_name = options.from_name,
      .from = options.from,
      .to = to,
      .subject = "[CPL] A statement waits for your signature",
      .date = now,
      .id = "tray-" + to_hex(random_bytes(16)),
      .thread = std::nullopt,
      .list_name = {},
      .unsubscribe_url = {},
      .sequence = {},
      .text = "A statement waits for your signature in the tray of " + options.origin +
              ". This message does not say which. See it with\n\n  cpl tray list\n\nand your "
              "own token, or on the page \"To sign\" of cpl ui. No link in a mail leads to "
              "anything that you sign.\n\nThe registry's operator named this mailbox, and takes "
              "it off again.\n",
      .attachments = {}};
}

}  // namespace cpl
