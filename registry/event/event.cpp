#include "registry/event/event.hpp"

#include "crypto/encoding.hpp"
#include "registry/statement/statement.hpp"

namespace cpl {
namespace {

constexpr std::size_t sequence_digits = 20;
constexpr std::size_t named_models_max = 5;

std::string name_models(const std::vector<ModelId>& models) {
  std::string names;
  for (std::size_t i = 0; i < models.size() && i < named_models_max; ++i) {
    names += (i == 0 ? "" : ", ") + models[i].text();
  }
  if (models.size() > named_models_max) {
    names += " and " + std::to_string(models.size() - named_models_max) + " more";
  }
  return names;
}

std::string decision_name(EntryIndex decision) {
  return "the decision in entry " + std::to_string(decision.value);
}

void describe(const Addition& addition, Event& event) {
  event.kind = "entry.added.v1";
  event.models = {addition.model.id()};
  event.subject = "model/" + event.models[0].text();
  event.summary = "Added: " + event.models[0].text();
}

void describe(const Removal& removal, Event& event) {
  event.notice = removal.notice;
  event.kind = "entry.removed.v1";
  event.models = {removal.model};
  event.subject = "model/" + removal.model.text();
  event.summary = "Removed: " + removal.model.text() + " (" + removal.status_word +
                  "), in effect since " +
                  format_time(effective_time(removal.effective_from, event.time)) +
                  ", on the notice in entry " + std::to_string(removal.notice.value);
}

void describe(const Reinstatement& reinstatement, Event& event) {
  event.kind = "entry.reinstated.v1";
  event.models = {reinstatement.model};
  event.subject = "model/" + reinstatement.model.text();
  event.summary = "Reinstated: " + reinstatement.model.text() + ", in effect since " +
                  format_time(effective_time(reinstatement.effective_from, event.time)) + ", on " +
                  decision_name(reinstatement.decision);
}

void describe(const Correction& correction, Event& event) {
  event.kind = "entry.corrected.v1";
  event.models = {correction.model.id()};
  event.subject = "model/" + event.models[0].text();
  event.summary = "Corrected: the record of " + event.models[0].text();
}

void describe(const CertificateChange& change, Event& event) {
  event.kind = "entry.certificate.v1";
  event.models = {change.model};
  event.subject = "model/" + change.model.text();
  event.summary = "Certificate: the " + std::string(word_of(change.kind)) + " certificate of " +
                  change.model.text() + " was " + std::string(word_of(change.event)) + " on " +
                  change.date.text();
}

void describe(const Charter&, Event& event) {
  if (event.sequence.value == 0) return;
  event.kind = "key.rotated.v1";
  event.subject = "charter";
  event.summary = "The registry's charter changed: keys or rules are new";
}

void describe(const Notice& notice, Audience audience, Event& event) {
  const bool desk = audience == Audience::service_desk;
  event.kind = desk ? "removal.directed.v1" : "removal.announced.v1";
  event.models = notice.models;
  event.notice = event.sequence;
  event.subject = "notice/" + std::to_string(event.sequence.value);
  event.summary = (desk ? "Formal notice to remove: " : "Removal under way: ") +
                  name_models(notice.models) + ", from " +
                  format_time(effective_time(notice.effective_from, event.time)) + ", on " +
                  decision_name(notice.decision);
}

std::string notice_name(EntryIndex notice) {
  return "the notice in entry " + std::to_string(notice.value);
}

void describe(const Withdrawal& withdrawal, Audience audience, Event& event) {
  const bool desk = audience == Audience::service_desk;
  event.kind = desk ? "removal.recalled.v1" : "removal.withdrawn.v1";
  event.models = withdrawal.models;
  event.notice = withdrawal.notice;
  event.subject = "notice/" + std::to_string(withdrawal.notice.value);
  event.summary = (desk ? "Taken back: " : "No longer to be removed: ") +
                  name_models(withdrawal.models) + ", " + notice_name(withdrawal.notice);
}

// The desk's own word, back to its systems: a colleague's may have given it.
void describe_to_desk(const Receipt& receipt, Event& event) {
  event.kind = "removal.receipt.v1";
  event.summary = "Receipt: " + notice_name(receipt.notice) + " was " +
                  std::string(word_of(receipt.status)) +
                  (receipt.reject_code ? " (" + *receipt.reject_code + ")" : "") +
                  (receipt.applied_at ? " at " + format_time(*receipt.applied_at) : "");
}

void describe(const Receipt& receipt, Audience audience, Event& event) {
  event.notice = receipt.notice;
  event.subject = "notice/" + std::to_string(receipt.notice.value);
  if (audience == Audience::service_desk) return describe_to_desk(receipt, event);
  if (receipt.status != ReceiptStatus::rejected) return;
  event.kind = "removal.rejected.v1";
  event.models = receipt.models;
  event.summary = "Rejected by the Service Desk: " + name_models(receipt.models) + " stays, " +
                  notice_name(receipt.notice);
}

void describe(const Loading& loading, Audience audience, Event& event) {
  if (loading.status != LoadingStatus::loaded || audience == Audience::service_desk) return;
  event.kind = "list.loaded.v1";
  event.subject = "extract/" + std::to_string(loading.version);
  event.summary = "In the DCC's systems: version " + std::to_string(loading.version) +
                  " of the list, since " + format_time(loading.at);
}

// One for each type of statement, so that one that is new does not compile before it stands here.
struct Describe {
  Audience audience;
  Event& event;

  // These concern nobody but the registry itself.
  void operator()(const Minutes&) const {}
  void operator()(const Decision&) const {}
  void operator()(const Disclosure&) const {}
  void operator()(const Deployment&) const {}
  void operator()(const MeetingCalendar&) const {}
  void operator()(const MeetingPaper&) const {}
  void operator()(const ActionUpdate&) const {}
  void operator()(const Specifications&) const {}

  void operator()(const Charter& charter) const { describe(charter, event); }
  void operator()(const Addition& addition) const { describe(addition, event); }
  void operator()(const Notice& notice) const { describe(notice, audience, event); }
  void operator()(const Removal& removal) const { describe(removal, event); }
  void operator()(const Reinstatement& back) const { describe(back, event); }
  void operator()(const Correction& correction) const { describe(correction, event); }
  void operator()(const CertificateChange& change) const { describe(change, event); }
  void operator()(const Receipt& receipt) const { describe(receipt, audience, event); }
  void operator()(const Withdrawal& withdrawal) const { describe(withdrawal, audience, event); }
  void operator()(const Loading& loading) const { describe(loading, audience, event); }
};

}  // namespace

Audience audience_of(std::string_view kind) {
  const bool for_desk = kind == "removal.directed.v1" || kind == "removal.receipt.v1" ||
                        kind == "removal.recalled.v1";
  return for_desk ? Audience::service_desk : Audience::parties;
}

std::string format_sequence(EntryIndex index) {
  const std::string digits = std::to_string(index.value);
  return std::string(sequence_digits - digits.size(), '0') + digits;
}

std::optional<EntryIndex> parse_sequence(std::string_view text) {
  if (text.size() != sequence_digits) return std::nullopt;
  const auto first = std::min(text.find_first_not_of('0'), text.size() - 1);
  const auto value = from_decimal(text.substr(first));
  if (!value) return std::nullopt;
  return EntryIndex{*value};
}

Result<std::optional<Event>> event_of(BytesView leaf, Audience audience) {
  const Entry entry = TRY(parse_entry(leaf));
  const Statement statement = TRY(read_signed(entry.statement));
  Event event{entry.index, {}, {}, entry.time, {}, {}, Bytes(leaf)};
  std::visit(Describe{audience, event}, statement.body);
  if (event.kind.empty()) return std::optional<Event>();
  return std::optional(std::move(event));
}

}  // namespace cpl
