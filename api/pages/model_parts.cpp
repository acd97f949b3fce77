#include "api/pages/model_parts.hpp"

namespace cpl {
namespace {

void step_start(HtmlWriter& html, bool is_open, std::string_view name) {
  if (is_open) {
    html.markup("<li class=\"open\">");
  } else {
    html.markup("<li>");
  }
  html.markup("<p><strong>").text(name).markup("</strong> ");
}

void step_end(HtmlWriter& html) { html.markup("</li>\n"); }

void write_minutes_step(HtmlWriter& html, Said decision) {
  const bool is_final = decision["final_minutes"].exists();
  step_start(html, !is_final, "Panel minutes");
  write_tag(html, standing_words(decision["standing"].text()));
  html.markup("</p><p>");
  write_minuted_place(html, decision["reference"]);
  if (is_final) {
    html.markup(", final in entry ");
    write_entry_link(html, decision["final_minutes"].count());
  } else {
    html.markup(
        ". When final minutes with these words are in the log, the decision is confirmed; with "
        "other words it is contradicted.");
  }
  html.markup("</p>");
  step_end(html);
}

void write_receipts(HtmlWriter& html, std::uint64_t notice, const PageSource& source) {
  const auto json = source.get(Href("/v1/notices").segment(notice));
  if (!json) return;
  const auto receipts = Said(*json)["receipts"].items();
  const StateWords state = notice_state(Said(*json)["state"].text());
  step_start(html, receipts.empty(), "The Service Desk's receipts");
  write_tag(html, state);
  html.markup("</p>");
  for (const Said& receipt : receipts) {
    html.markup("<p>");
    write_signed(html, source, receipt.count());
    html.markup("</p>");
  }
  step_end(html);
}

void write_certificate(HtmlWriter& html, Said certificate) {
  html.text(certificate["number"].text()).markup(", issued ");
  write_time(html, certificate["issue_date"].text());
  if (certificate["expiry_date"].exists()) {
    html.markup("; expires ");
    write_time(html, certificate["expiry_date"].text());
  }
  if (certificate["renewal_date"].exists()) {
    html.markup("; to be renewed by ");
    write_time(html, certificate["renewal_date"].text());
  }
  if (certificate["match"].text() == "mapped") html.markup("; mapped to this firmware by evidence");
}

}  // namespace

void write_authority(HtmlWriter& html, Said model, const PageSource& source) {
  const Said decision = model["authority"];
  if (!decision.exists()) return;
  const bool is_removed = model["status"].text() == "removed";
  html.markup("<h2 id=\"why\">");
  html.text(is_removed ? "Why it was removed, and on whose decision"
                       : "The Panel's decision about it");
  html.markup("</h2>\n<ol class=\"steps\">\n");
  write_minutes_step(html, decision);
  step_start(html, false, "Decision");
  write_signed(html, source, decision["entry"].count());
  html.markup("</p><p>");
  write_words(html, decision["text"], decision["disclosed_text"].text());
  html.markup("</p>");
  step_end(html);
  if (const auto notice = model["notice"].number()) {
    step_start(html, false, "Notice to the DCC Service Desk");
    write_signed(html, source, *notice);
    html.markup(" <a href=\"").text(Href("/notices").segment(*notice).text());
    html.markup("\">Read the notice</a></p>");
    step_end(html);
    write_receipts(html, *notice, source);
  }
  if (const auto removed = model["removed_by"].number()) {
    step_start(html, false, "Removal");
    write_signed(html, source, *removed);
    html.markup("</p>");
    step_end(html);
  }
  html.markup("</ol>\n");
}

void write_firmware(HtmlWriter& html, Said model) {
  const auto firmware = model["listed_firmware"].texts();
  const auto before = model["model"]["predecessors"].texts();
  html.element("h2", "Firmware of the same hardware");
  Facts facts(html);
  HtmlWriter& listed = facts.fact("Also on the list");
  if (firmware.empty()) listed.markup("none");
  for (const std::string& id : firmware) {
    write_model_link(listed, id);
    listed.markup("<br>");
  }
  HtmlWriter& from = facts.fact("May be upgraded to this one");
  if (before.empty()) from.markup("the manufacturer has named none");
  for (const std::string& id : before) {
    write_model_link(from, id);
    from.markup("<br>");
  }
  facts.fact("Contact for firmware", model["model"]["fir_contact"].text());
}

void write_facts(HtmlWriter& html, Said model) {
  html.element("h2", "The model");
  Facts facts(html);
  const std::string_view variant = model["esme_variant"].text();
  facts.fact("Device type", device_type_words(model["physical_device_type"].text()) +
                                (variant.empty() ? "" : "; variant " + std::string(variant)));
  HtmlWriter& maker = facts.fact("Manufacturer");
  write_said(maker, model["manufacturer_name"].text());
  maker.markup(" <span class=\"id\">").text(model["manufacturer_id"].text()).markup("</span>");
  HtmlWriter& hardware = facts.fact("Model, hardware");
  hardware.markup("<span class=\"id\">").text(model["model_id"].text());
  hardware.markup("</span>, <span class=\"id\">").text(model["hardware_version"].text());
  hardware.markup("</span>");
  HtmlWriter& firmware = facts.fact("Firmware");
  firmware.markup("<span class=\"id\">").text(model["firmware_version"].text()).markup("</span>");
  if (model["firmware_version_printed"].exists()) {
    firmware.markup(", printed as ");
    write_said(firmware, model["firmware_version_printed"].text());
  }
  std::string specification =
      std::string(model["ts_name"].text()) + " " + std::string(model["ts_version"].text());
  if (model["gbcs_version"].exists()) {
    specification += ", GBCS " + std::string(model["gbcs_version"].text());
  }
  facts.fact("Specification", specification + ", " + std::string(model["generation"].text()));
  if (model["image_hash"].exists()) {
    write_hash(facts.fact("SHA-256 of the firmware image"), model["image_hash"].text());
  }
  facts.fact("CPL Entry ID", model["cpl_entry_id"].text());
  facts.fact("Submitted by", model["submitted_by"].text());
  facts.fact("Remarks", model["remarks"].text());
}

void write_certificates(HtmlWriter& html, Said certificates, Said lapsed) {
  html.element("h2", "Certificates");
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kinds = {
      {{"cpa", "CPA"}, {"zigbee", "ZigBee"}, {"dlms", "DLMS"}}};
  Facts facts(html);
  for (const auto& [kind, name] : kinds) {
    const Said certificate = certificates[kind];
    HtmlWriter& fact = facts.fact(name);
    if (!certificate.exists()) {
      fact.markup("not needed for this type of device, or none given");
      continue;
    }
    write_certificate(fact, certificate);
    if (!lapsed[kind].exists()) continue;
    fact.markup("<br>");
    write_tag(fact, Tone::bad, "Ended: " + std::string(lapsed[kind]["event"].text()));
  }
}

}  // namespace cpl
