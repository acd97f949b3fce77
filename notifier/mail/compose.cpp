#include "notifier/mail/compose.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
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

std::string name_of(const MailedEvent& mailed) {
  if (!mailed.name.empty()) return mailed.name;
  return "entry-" + std::to_string(mailed.event.sequence.value);
}

// "entries 5 to 8", of those that are of entries.
std::string range_of(const std::vector<MailedEvent>& mailed, std::string_view between) {
  std::vector<std::uint64_t> indices;
  for (const MailedEvent& one : mailed) {
    if (one.name.empty()) indices.push_back(one.event.sequence.value);
  }
  if (indices.empty()) return "";
  return std::to_string(indices.front()) + std::string(between) + std::to_string(indices.back());
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
  const std::string name = name_of(mailed);
  MailMessage message = message_to(recipient, options, now);
  message.subject =
      "[CPL] " + what_happened(event) +
      (event.models.empty() ? "" : ": " + counted(event.models.size(), "device model")) +
      " (entry " + index + ")";
  message.id = name + "." + recipient.subscription;
  message.thread = thread_of(event);
  if (mailed.name.empty()) message.sequence = format_sequence(event.sequence);
  message.text =
      event.summary + "\n\n" +
      (mailed.name.empty() ? "Entry " + index + " of the log, of " + format_time(event.time) + "."
                           : "Entry " + index + " of the log gave the model that certificate.") +
      " Its leaf hash is\n\n  " + to_hex(merkle_leaf(event.leaf)) +
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
  const std::string entries = range_of(mailed, " to ");
  MailMessage message = message_to(recipient, options, now);
  message.subject = "[CPL] " + counted(mailed.size(), "change") +
                    (entries.empty() ? "" : " (entries " + entries + ")");
  const std::string range = range_of(mailed, "-");
  message.id =
      (range.empty() ? name_of(mailed.back()) : "entries-" + range) + "." + recipient.subscription;
  for (const MailedEvent& one : mailed) {
    const bool is_entry = one.name.empty();
    if (is_entry) message.sequence = format_sequence(one.event.sequence);
    message.text +=
        (is_entry ? "Entry " + std::to_string(one.event.sequence.value) : "A certificate's end") +
        ", " + format_time(one.event.time) + "\n" + one.event.summary + "\n\n";
    message.attachments.push_back({name_of(one) + ".json", "application/json", one.json});
  }
  message.text +=
      "To check one of these without believing this message, save its attachment and "
      "run\n\n  cpl verify " +
      name_of(mailed.front()) +
      ".json --policy policy.txt\n\nwith the trust policy that you hold.\n\n" + footer(options);
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
