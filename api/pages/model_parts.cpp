#include <nlohmann/json.hpp>

#include "api/pages/model_parts.hpp"

namespace cpl {
namespace {

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

namespace {

// Newest first: the way back for devices of the others.
void write_firmware_row(Table& table, Said node, std::string_view id, Said edges) {
  const std::string_view own = node["id"].text();
  HtmlWriter& name = table.cell();
  write_model_link(name, own);
  if (own == id) name.markup(" this one");
  write_said(table.cell(), node["firmware_version_printed"].text());
  write_tag(table.cell(), model_state(node));
  HtmlWriter& from = table.cell();
  bool has_any = false;
  for (const Said& edge : edges.items()) {
    if (edge["to"].text() != own) continue;
    if (has_any) from.markup("<br>");
    write_model_link(from, edge["from"].text());
    has_any = true;
  }
  if (!has_any) from.markup("none named");
}

}  // namespace

Result<void> write_firmware(HtmlWriter& html, Said model, const PageSource& source) {
  const std::string_view id = model["id"].text();
  const Json json = TRY(source.get(Href("/v1/models").segment(id).segment("upgrades")));
  const Said upgrades(json);
  html.element("h2", "Firmware of the same hardware");
  {
    Table table(html, "Each may be upgraded to from those beside it, as the manufacturer stated",
                {"Model", "As printed", "State", "Upgrade from"});
    for (const Said& node : upgrades["nodes"].items()) {
      write_firmware_row(table, node, id, upgrades["edges"]);
    }
  }
  if (!upgrades["nodes_are_all"].is_true()) {
    html.element("p", "There are more: these are the first two hundred.");
  }
  const std::string_view contact = model["model"]["fir_contact"].text();
  if (contact.empty()) return {};
  html.markup("<p>Contact for this firmware: ");
  write_said(html, contact);
  html.markup("</p>\n");
  return {};
}

void write_facts(HtmlWriter& html, Said model) {
  html.element("h2", "The model");
  Facts facts(html);
  const std::string_view variant = model["esme_variant"].text();
  facts.fact("Device type", device_type_name(model["physical_device_type"].text()) +
                                (variant.empty() ? "" : "; variant " + std::string(variant)));
  HtmlWriter& maker = facts.fact("Manufacturer");
  write_link(maker, Href("/manufacturers").segment(model["manufacturer_id"].text()),
             model["manufacturer_name"].text());
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
