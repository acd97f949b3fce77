// The correction of a model's record: what it says now beside what it is to say.
#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"
#include "crypto/encoding.hpp"
#include "tools/cpl/preparation.hpp"
#include "tools/ui/prepare.hpp"

namespace cpl {
namespace {

// Of the record, where it stands and what people call it. What makes up the model's id cannot be
// corrected: another id is another model.
struct CorrectableField {
  std::string_view pointer;
  std::string_view words;
};
constexpr std::array<CorrectableField, 37> correctable = {
    {{"/manufacturer_name", "Manufacturer"},
     {"/firmware_version_printed", "Firmware version, as printed"},
     {"/firmware_encoding", "How the firmware version is written"},
     {"/generation", "Generation"},
     {"/ts_name", "Technical Specification"},
     {"/ts_version", "Its version"},
     {"/gbcs_version", "GBCS version"},
     {"/esme_variant", "ESME variant"},
     {"/han_variant", "HAN variant"},
     {"/certificates/cpa/number", "CPA certificate"},
     {"/certificates/cpa/as_printed", "CPA: versions, as printed"},
     {"/certificates/cpa/sc_version", "CPA: version of the Security Characteristics"},
     {"/certificates/cpa/issue_date", "CPA: issued"},
     {"/certificates/cpa/kind", "CPA: dated or lifetime"},
     {"/certificates/cpa/expiry_date", "CPA: expires"},
     {"/certificates/cpa/renewal_date", "CPA: to be renewed by"},
     {"/certificates/cpa/match", "CPA: how its versions agree"},
     {"/certificates/dlms/number", "DLMS certificate"},
     {"/certificates/dlms/as_printed", "DLMS: versions, as printed"},
     {"/certificates/dlms/issue_date", "DLMS: issued"},
     {"/certificates/dlms/match", "DLMS: how its versions agree"},
     {"/certificates/zigbee/number", "ZigBee certificate"},
     {"/certificates/zigbee/as_printed", "ZigBee: versions, as printed"},
     {"/certificates/zigbee/issue_date", "ZigBee: issued"},
     {"/certificates/zigbee/match", "ZigBee: how its versions agree"},
     {"/image_hash", "SHA-256 of the firmware image"},
     {"/image_creator", "Creator of the image"},
     {"/image_hash_signature", "Signature of the image's hash"},
     {"/associating_party", "Associating Party"},
     {"/cpl_entry_id", "Number on older lists"},
     {"/fir_contact", "Contact for firmware"},
     {"/fir_release_date", "Firmware released"},
     {"/fir_notes", "Notes on the firmware"},
     {"/submitted_by", "Submitted by"},
     {"/received_at", "Received"},
     {"/predecessors", "Firmware that can be upgraded to it"},
     {"/remarks", "Remarks"}}};

bool is_list(std::string_view pointer) { return pointer == "/predecessors"; }

std::string value_at(const Json& record, std::string_view pointer) {
  const Json::json_pointer place{std::string(pointer)};
  if (!record.contains(place)) return "";
  const Json& value = record.at(place);
  if (value.is_string()) return value.get<std::string>();
  std::string words;
  for (const std::string& word : Said(value).texts()) words += (words.empty() ? "" : " ") + word;
  return words;
}

// An empty text leaves the member out.
void put_value(Json& record, std::string_view pointer, std::string_view text) {
  const Json::json_pointer place{std::string(pointer)};
  if (is_list(pointer)) {
    record[place] = pasted_words(text);
  } else if (!text.empty()) {
    record[place] = text;
  } else if (record.contains(place)) {
    record[place.parent_pointer()].erase(place.back());
  }
}

// A certificate of which nothing is left is none.
void drop_empty_certificates(Json& record) {
  Json& certificates = record["certificates"];
  for (const std::string_view kind : certificate_kind_words) {
    const auto found = certificates.find(kind);
    if (found != certificates.end() && found->empty()) certificates.erase(found);
  }
}

Result<Json> record_of(const Workplace& work, const std::string& id) {
  const std::string known = TRY(ModelId::parse(id)).text();
  const Json json = TRY(work.source.get(Href("/v1/models").segment(known)));
  const auto record = json.find("model");
  if (record == json.end() || !record->is_object()) {
    return malformed("answer-malformed", "the registry's answer holds no record of the model");
  }
  return *record;
}

Result<Page> kept_correction(const Workplace& work, const std::string& id, const SentForm& form) {
  const Json before = TRY(record_of(work, id));
  Json after = before;
  if (const SentFile* const file = form.file("record")) {
    after = TRY(parse_json(file->content));
  } else {
    for (const CorrectableField& field : correctable) {
      put_value(after, field.pointer, form.field(prepare_field_id(field.pointer)));
    }
    drop_empty_certificates(after);
  }
  FieldErrors errors;
  DeviceModel model = read_device_model(after, "#", errors);
  if (!errors.empty()) return invalid_fields("model-invalid", "the record", errors);
  if (model.id().text() != id) {
    return malformed("model-mismatch",
                     "The record is of another model, " + model.id().text() + ".");
  }
  if (to_json(model) == before) {
    return malformed("nothing-corrected",
                     "The record says what it said before. Change what is wrong.");
  }
  const std::string why(form.field("reason"));
  if (why.empty()) {
    return malformed("reason-missing", "Say what was wrong: everybody can read it in the log.");
  }
  Correction correction{std::move(model), Text(why), {}};
  if (!form.field("decision").empty()) {
    const auto decision = from_decimal(form.field("decision"));
    if (!decision) {
      return malformed("index-malformed", "The decision is named by the number of its entry.");
    }
    correction.decision = EntryIndex{*decision};
  }
  return kept_statement(work, std::move(correction), {});
}

Page choose_model(Page page) {
  HtmlWriter& html = page.main;
  html.markup("<form class=\"form\" method=\"get\" action=\"/prepare/correction\">");
  write_text_field(html, "model", "Of which model?", "", "Such as ESME-1063-00050203-38040404");
  html.markup("<p><button class=\"button\" type=\"submit\">Go on</button></p></form>\n");
  return page;
}

void write_locked(HtmlWriter& html, const Json& record) {
  const Said said(record);
  Facts facts(html);
  facts.fact("Device type", said["physical_device_type"].text());
  facts.fact("Manufacturer's number", said["manufacturer_id"].text());
  facts.fact("Model", said["model_id"].text());
  facts.fact("Hardware version", said["hardware_version"].text());
  facts.fact("Firmware version", said["firmware_version"].text());
}

// What was typed before a mistake stays.
void write_both_columns(HtmlWriter& html, const Json& record, const PageRequest& asked) {
  const bool is_again = !asked.asked("form").empty();
  Table table(html, "What the record says, and what it is to say", {"Field", "Now", "Corrected"});
  for (const CorrectableField& field : correctable) {
    const std::string id = prepare_field_id(field.pointer);
    const std::string now = value_at(record, field.pointer);
    table.cell()
        .markup("<label for=\"")
        .text(id)
        .markup("\">")
        .text(field.words)
        .markup("</label>");
    write_said(table.cell(), now);
    const std::string_view value = is_again ? asked.asked(id) : std::string_view(now);
    HtmlWriter& cell = table.cell();
    if (value.find('\n') == value.npos) {
      cell.markup("<input type=\"text\" spellcheck=\"false\" autocomplete=\"off\" id=\"").text(id);
      cell.markup("\" name=\"").text(id).markup("\" value=\"").text(value).markup("\">");
    } else {
      cell.markup("<textarea rows=\"4\" spellcheck=\"false\" id=\"").text(id);
      std::string lines(value);
      std::erase(lines, '\r');
      cell.markup("\" name=\"").text(id).markup("\">\n").text(lines).markup("</textarea>");
    }
  }
}

}  // namespace

Result<Page> prepare_correction_page(const Workplace& work, const PageRequest& asked,
                                     const SentForm* form) {
  Page page = begin_prepare_page("Prepare a correction");
  page.main.element("h1", page.title);
  const std::string id(asked.asked("model"));
  if (id.empty()) return choose_model(std::move(page));
  if (form != nullptr) return kept_correction(work, id, *form);
  const Json record = TRY(record_of(work, id));
  HtmlWriter& html = page.main;
  html.markup("<p class=\"lead\">Of ");
  write_model_link(html, id);
  html.markup(". Everybody sees the record before and after, for ever.</p>\n");
  html.element("h2", "What cannot be corrected");
  html.markup("<p>This makes up the model&rsquo;s id: another id is another model.</p>\n");
  write_locked(html, record);
  html.element("h2", "What is wrong?");
  html.markup(
      "<form class=\"form\" method=\"post\" enctype=\"multipart/form-data\" "
      "action=\"/prepare/correction?model=");
  html.text(id).markup("\">");
  write_form_key(html, work, Href("/prepare/correction"));
  write_both_columns(html, record, asked);
  write_text_area(html, "reason", "What was wrong, for all to read", asked.asked("reason"),
                  "Such as: the printed version had a typing error");
  write_text_field(html, "decision", "The decision's entry, where one is needed",
                   asked.asked("decision"), "The number of its entry; or empty");
  html.markup("<details><summary><span>Or choose the whole record as a file</span></summary>\n");
  write_file_field(html, "record", "The whole, correct record as JSON");
  html.markup("</details>\n");
  prepare_form_end(html);
  return page;
}

}  // namespace cpl
