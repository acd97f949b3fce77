#include "notifier/mail/ticket.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/statement/statement.hpp"

namespace cpl {
namespace {

constexpr std::size_t models_named_max = 20;  // So that their line stays one line of a mail.

// What a step means for whoever works on the ticket.
struct TicketStep {
  std::string_view word;
  std::string_view meaning;
};
constexpr std::array<TicketStep, 7> ticket_steps = {
    {{"received",
      "The Service Desk's receipt is in the log. Check the notice, and answer whether "
      "it is valid."},
     {"validated", "The Service Desk found the notice valid. The removal can be entered."},
     {"rejected", "The Service Desk rejected the notice. Nothing is removed on it."},
     {"removed", "The removal is in the log. Apply it."},
     {"applied", "The DCC has applied the removal. There is nothing more to do."},
     {"late", "The step is late."},
     {"withdrawn", "The notice was withdrawn. Do nothing more on it."}}};

std::string_view meaning_of(std::string_view word) {
  const auto found = std::find_if(ticket_steps.begin(), ticket_steps.end(),
                                  [&](const TicketStep& step) { return step.word == word; });
  check(found != ticket_steps.end());
  return found->meaning;
}

std::string line(std::string_view name, const std::string& value) {
  return std::string(name) + ": " + value + "\n";
}

std::string names_of(const std::vector<ModelId>& models) {
  std::string names = std::to_string(models.size()) + ": ";
  for (std::size_t i = 0; i < models.size() && i < models_named_max; ++i) {
    names += (i == 0 ? "" : ", ") + models[i].text();
  }
  if (models.size() > models_named_max) names += " and more, in the attached file";
  return names;
}

// How whoever reads a ticket finds out what is true.
std::string how_to_check(EntryIndex notice, const MailOptions& options) {
  const std::string index = std::to_string(notice.value);
  return line("How to check", "cpl desk check " + index) +
         line("Address", options.notices_address + index);
}

MailMessage in_thread(EntryIndex notice, const std::string& id, const MailRecipient& recipient,
                      const MailOptions& options, UnixMillis now) {
  const std::string index = std::to_string(notice.value);
  MailMessage message{
      options.from_name,         options.from, recipient.to, "", now, "", {}, options.list_name,
      recipient.unsubscribe_url, "",           "",           {}};
  message.for_ticket = true;
  message.id = id + "." + recipient.subscription;
  message.subject = "Removal notice, entry " + index;
  const std::string first = "notice-" + index + "." + recipient.subscription;
  if (message.id != first) message.thread = first;
  return message;
}

MailMessage follow_up(EntryIndex notice, const std::string& id, std::string_view step,
                      const MailRecipient& recipient, const MailOptions& options, UnixMillis now) {
  MailMessage message = in_thread(notice, id, recipient, options, now);
  message.subject = "Re: " + message.subject + ": " + std::string(step);
  message.text =
      line("Notice", "entry " + std::to_string(notice.value)) + line("Step", std::string(step));
  return message;
}

MailMessage opening(const Notice& notice, const MailedEvent& mailed, const MailRecipient& recipient,
                    const MailOptions& options, UnixMillis now) {
  const Event& event = mailed.event;
  const std::string index = std::to_string(event.sequence.value);
  MailMessage message = in_thread(event.sequence, "notice-" + index, recipient, options, now);
  constexpr std::uint64_t millis_per_hour = 3'600'000;
  const UnixMillis due{event.time.value + options.desk.validate_hours * millis_per_hour};
  message.text = line("Notice", "entry " + index) +
                 line("Decision", "entry " + std::to_string(notice.decision.value)) +
                 line("Models", names_of(notice.models)) +
                 line("Effective", format_time(effective_time(notice.effective_from, event.time))) +
                 line("Due", format_time(due)) + how_to_check(event.sequence, options) +
                 "\nThe Panel's registry asks the Service Desk to remove these models. Do nothing "
                 "on\nthe word of this message: run the command above with the trust policy that "
                 "you\nhold, and sign a receipt by the time that is due.\n";
  return message;
}

MailMessage step_of(const Event& event, const MailRecipient& recipient, const MailOptions& options,
                    UnixMillis now, const StatementBody& body) {
  const std::string id = "entry-" + std::to_string(event.sequence.value);
  const auto* receipt = std::get_if<Receipt>(&body);
  const bool is_back = std::holds_alternative<Withdrawal>(body);
  const std::string_view step = receipt != nullptr ? word_of(receipt->status)
                                : is_back          ? std::string_view("withdrawn")
                                                   : std::string_view("removed");
  MailMessage message = follow_up(*event.notice, id, step, recipient, options, now);
  if (receipt != nullptr && receipt->reject_code) {
    message.text += line("Code", *receipt->reject_code);
  }
  if (!event.models.empty()) message.text += line("Models", names_of(event.models));
  message.text += line("Time", format_time(event.time)) + how_to_check(*event.notice, options) +
                  "\n" + std::string(meaning_of(step)) + "\n";
  return message;
}

}  // namespace

Result<MailMessage> compose_ticket_event(const MailedEvent& mailed, const MailRecipient& recipient,
                                         const MailOptions& options, UnixMillis now) {
  const Event& event = mailed.event;
  if (!event.notice) return malformed("event-malformed", "the event to mail is of no notice");
  const Statement statement = TRY(read_signed(TRY(parse_entry(event.leaf)).statement));
  const auto* notice = std::get_if<Notice>(&statement.body);
  MailMessage message = notice != nullptr ? opening(*notice, mailed, recipient, options, now)
                                          : step_of(event, recipient, options, now, statement.body);
  message.sequence = format_sequence(event.sequence);
  message.attachments = {
      {"entry-" + std::to_string(event.sequence.value) + ".json", "application/json", mailed.json}};
  return message;
}

Result<MailMessage> compose_ticket_late(const Json& event, BytesView body,
                                        const MailRecipient& recipient, const MailOptions& options,
                                        UnixMillis now) {
  FieldErrors errors;
  FieldReader reader(event["data"], "#/data", errors);
  const EntryIndex notice{reader.integer("notice", 0, json_integer_max)};
  const std::string step = reader.text("step", 40);
  const std::string due = reader.text("due", 40);
  const std::string summary = reader.text("summary", 1000);
  if (!errors.empty()) return malformed("event-malformed", describe(errors));
  const std::string id = "late-" + std::to_string(notice.value) + "-" + step;
  MailMessage message = follow_up(notice, id, "late", recipient, options, now);
  message.text += line("Late", step) + line("Due", due) + how_to_check(notice, options) + "\n" +
                  std::string(meaning_of("late")) + " " + summary + ".\n";
  message.attachments = {{"event.json", "application/json", Bytes(body)}};
  return message;
}

}  // namespace cpl
