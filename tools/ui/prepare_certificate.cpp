// What became of a certificate, and the opening of a sealed text for all to read.
#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"
#include "crypto/encoding.hpp"
#include "tools/cpl/preparation.hpp"
#include "tools/ui/prepare.hpp"

namespace cpl {
namespace {

void write_renewed_fields(HtmlWriter& html, const PageRequest& asked) {
  const auto field = [&](std::string_view name, std::string_view label, std::string_view hint) {
    write_text_field(html, name, label, asked.asked(name), hint);
  };
  html.markup("<fieldset class=\"choices\"><legend>The certificate that holds now</legend>\n");
  html.markup("<p class=\"small\">Only where it was renewed.</p>\n");
  field("at-number", "Its number", "As printed");
  field("at-issue_date", "Issued", "Such as 2026-07-09");
  write_select(html, "at-match", "How its versions agree with the record",
               choices_of_words(certificate_match_words), asked.asked("at-match"));
  field("at-as_printed", "Its versions, as printed", "Where they are written otherwise; or empty");
  write_select(html, "at-kind", "Of a CPA certificate: is it dated?",
               choices_of_words(cpa_kind_words), asked.asked("at-kind"));
  field("at-end_date", "Of a CPA certificate: expires, or is to be renewed by",
        "Such as 2032-07-08");
  field("at-sc_version", "Of a CPA certificate: version of the Security Characteristics",
        "Or empty");
  html.markup("</fieldset>\n");
}

// The same JSON as in the file of `cpl certificate --renewed`.
Json renewed_json(const SentForm& form, bool is_cpa) {
  Json json = Json::object();
  const auto put = [&](const char* name, std::string_view field) {
    if (!form.field(field).empty()) json[name] = form.field(field);
  };
  put("number", "at-number");
  put("issue_date", "at-issue_date");
  put("match", "at-match");
  put("as_printed", "at-as_printed");
  if (!is_cpa) return json;
  put("kind", "at-kind");
  put("sc_version", "at-sc_version");
  put(form.field("at-kind") == "DATED" ? "expiry_date" : "renewal_date", "at-end_date");
  return json;
}

Result<void> put_renewed_certificate(const SentForm& form, CertificateChange& change) {
  const bool is_cpa = change.kind == CertificateKind::cpa;
  const Json json = renewed_json(form, is_cpa);
  FieldErrors errors;
  if (is_cpa) {
    change.renewed_cpa = read_cpa(json, "#", errors);
  } else {
    change.renewed = read_certificate(json, "#", errors);
  }
  if (errors.empty()) return {};
  return invalid_fields("certificate-invalid", "the certificate that holds now", errors);
}

Result<Page> kept_certificate(const Workplace& work, const SentForm& form) {
  const ModelId model = TRY(ModelId::parse(form.field("model")));
  const auto kind = read_word<CertificateKind>(form.field("scheme"));
  const auto event = read_word<CertificateEvent>(form.field("event"));
  const auto date = Date::parse(form.field("date"));
  if (!kind || !event) {
    return malformed("certificate-missing", "Choose the certificate, and what became of it.");
  }
  if (!date) return malformed("date-malformed", "Give the day such as 2026-07-09.");
  PrepareOptions why;
  why.reason = std::string(form.field("reason"));
  why.sealed_reason = std::string(form.field("sealed_reason"));
  if (!why.reason.empty() && !why.sealed_reason.empty()) {
    return malformed("reason-twice", "Give the reason in one field: for all, or under seal.");
  }
  Sealer sealer;
  auto reason = TRY(reason_of(why, sealer));
  CertificateChange change{model, *kind, *event, *date, {}, {}, std::move(reason)};
  const bool is_renewed = *event == CertificateEvent::renewed;
  if (is_renewed) TRY_VOID(put_renewed_certificate(form, change));
  if (!is_renewed && !form.field("at-number").empty()) {
    return malformed("certificate-not-renewed",
                     "A new certificate goes with \"renewed\" alone. Empty its fields.");
  }
  return kept_statement(work, std::move(change), sealer);
}

Result<Page> kept_disclosure(const Workplace& work, const SentForm& form) {
  const auto entry = from_decimal(form.field("entry"));
  if (!entry) {
    return malformed("index-malformed", "Name the entry that holds the seal by its number.");
  }
  const SentFile* const file = form.file("seals");
  if (file == nullptr) {
    return malformed("seals-missing",
                     "Choose the file that opens the seal: its name ends in .seals.");
  }
  const std::vector<Opening> openings = TRY(parse_openings(file->content));
  const std::string_view field = form.field("field");
  const Opening* chosen = openings.size() == 1 && field.empty() ? &openings.front() : nullptr;
  std::string known;
  for (const Opening& opening : openings) {
    if (opening.field == field) chosen = &opening;
    known += (known.empty() ? "" : ", ") + opening.field;
  }
  if (chosen == nullptr) {
    return malformed("seal-not-found", "Say which of its texts is to be opened: " + known + ".");
  }
  return kept_statement(
      work, Disclosure{EntryIndex{*entry}, chosen->field, chosen->salt, chosen->words}, {});
}

}  // namespace

Result<Page> prepare_certificate_page(const Workplace& work, const PageRequest& asked,
                                      const SentForm* form) {
  if (form != nullptr) return kept_certificate(work, *form);
  Page page = begin_prepare_page("Record what became of a certificate");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  prepare_form_start(html, work, Href("/prepare/certificate"));
  write_text_field(html, "model", "Of which model?", asked.asked("model"),
                   "Such as ESME-1063-00050203-38040404");
  write_select(html, "scheme", "Which certificate?", choices_of_words(certificate_kind_words),
               asked.asked("scheme"));
  write_select(html, "event", "What became of it?", choices_of_words(certificate_event_words),
               asked.asked("event"));
  write_text_field(html, "date", "On which day?", asked.asked("date"), "Such as 2026-07-09");
  write_renewed_fields(html, asked);
  write_text_area(html, "reason", "Why, for all to read", asked.asked("reason"), "May be left out");
  write_text_area(html, "sealed_reason", "Or why, under seal", asked.asked("sealed_reason"),
                  "What opens it stays beside the statement on this computer");
  prepare_form_end(html);
  return page;
}

Result<Page> prepare_disclosure_page(const Workplace& work, const PageRequest& asked,
                                     const SentForm* form) {
  if (form != nullptr) return kept_disclosure(work, *form);
  Page page = begin_prepare_page("Open a sealed text for all to read");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup(
      "<p class=\"lead\">Once it is in the log, everybody can read the text, for ever.</p>\n");
  prepare_form_start(html, work, Href("/prepare/disclosure"));
  write_text_field(html, "entry", "Which entry holds the seal?", asked.asked("entry"),
                   "The number of the entry");
  write_file_field(html, "seals", "The file that opens it");
  write_text_field(html, "field", "Where the text stands", asked.asked("field"),
                   "Such as /reason; may be left out where the file opens one text");
  prepare_form_end(html);
  return page;
}

}  // namespace cpl
