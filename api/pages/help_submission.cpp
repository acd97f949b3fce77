// How a new model gets onto the list: what a manufacturer, a supplier or the DCC prepares, with an
// example.
#include "api/pages/shared.hpp"

namespace cpl {
namespace {

struct FieldHelp {
  std::string_view column;
  std::string_view value;  // Of the example.
  std::string_view meaning;
};
constexpr std::array<FieldHelp, 14> fields = {{
    {"generation", "SMETS2+", "SMETS1 or SMETS2+. The DCC sends SMETS1 entries."},
    {"physical_device_type", "ESME", "ESME, GSME, CH, PPMID, HCALCS or SAPC."},
    {"manufacturer_id", "1063",
     "The ZigBee manufacturer code: 4 hexadecimal digits, as in the firmware file's header."},
    {"manufacturer_name", "Example Meters Ltd", "As it will stand on the list."},
    {"model_id", "0005", "4 hexadecimal digits."},
    {"hardware_version", "0203", "4 hexadecimal digits: version and revision."},
    {"firmware_version", "09030A07",
     "8 hexadecimal digits: the file version of the firmware file's header, and never worked out "
     "from a printed version."},
    {"firmware_version_printed", "09, radio 3.10.7",
     "As it stands in manuals and on certificates."},
    {"ts_name, ts_version", "SMETS, V4.2", "The Technical Specification that it is built to."},
    {"image_hash", "64 digits",
     "SHA-256 of the Manufacturer Image: of the file without its header and signature."},
    {"cert_zigbee_number, …_issue_date", "ZIG1234, 2026-03-02",
     "Likewise cert_dlms_ and cert_cpa_, whichever the type of device needs."},
    {"cert_zigbee_match", "EXACT",
     "EXACT where the certificate names this firmware; MAPPED_BY_EVIDENCE where it names another."},
    {"evidence", "AUDIT_ONLY: and 64 digits",
     "SHA-256 of the file that maps one to the other. SECAS keeps the file, and only this hash is "
     "published."},
    {"predecessors", "ESME-1063-00050203-09030A06",
     "Firmware that can be upgraded to this one; N/A for the first firmware of a hardware."},
}};

void write_fields(HtmlWriter& html) {
  html.markup("<h2>A row, field by field</h2>\n");
  Table table(html, "The fields of an example", {"Column", "Example", "What it is"});
  for (const FieldHelp& field : fields) {
    table.cell().text(field.column);
    table.cell().text(field.value);
    table.cell().text(field.meaning);
  }
}

void write_steps(HtmlWriter& html) {
  html.markup(
      "<p class=\"lead\">A model comes onto the list by a sheet with one row for each model. Check "
      "it on your own computer first: most sheets that come back have a well-formed value that is "
      "another firmware's.</p>\n"
      "<h2>In three steps</h2>\n<ol>"
      "<li><code>cpl import --template models.csv</code> makes an empty sheet. Fill in a row for "
      "each model, and save it as CSV in UTF-8, with the digits as text.</li>\n"
      "<li><code>cpl submission check models.csv --firmware image.zigbee</code> says of each field "
      "what is wrong and what to do. It reads the header and the hash of the firmware file and "
      "compares them with the row. Nothing leaves your computer.</li>\n"
      "<li>When nothing is wrong, send the sheet to SECAS with its certificates, and with the "
      "evidence that it names.</li></ol>\n");
}

void write_example(HtmlWriter& html) {
  html.markup(
      "<h2>What a mistake looks like</h2>\n<p>Somebody typed the version of the last release. Both "
      "are eight good digits; the file tells them apart:</p>\n"
      "<pre>row 2, firmware_version: error: the header of image.zigbee says manufacturer 1063 and "
      "file version 09030A07, and this row has 10030A08: correct the cell, or give the file of "
      "this "
      "firmware</pre>\n");
}

void write_questions(HtmlWriter& html) {
  html.markup(
      "<h2>Must I re-certify?</h2>\n<p>Not always. A change of firmware does not always need a new "
      "certificate. Where a certificate names another firmware than the row, SECAS asks for "
      "evidence that maps one to the other, such as an extract of release notes. If you are not "
      "sure whether the certificate still holds, ask the body that issued it.</p>\n"
      "<h2>Who may send what?</h2>\n<p>The DCC sends SMETS1 entries and Communications Hubs. "
      "Suppliers and manufacturers send the rest; a manufacturer need not be a Party. "
      "<code>--sent-by</code> checks it.</p>\n"
      "<h2>Who sees my evidence?</h2>\n<p>SECAS keeps it for audit. Only its SHA-256 stands on the "
      "list. <a href=\"/help/certificates\">More about certificates and evidence</a>.</p>\n"
      "<h2>Why are there two firmware versions?</h2>\n<p>Manufacturers print versions in decimal, "
      "in "
      "hexadecimal, or in both at once. So the list goes by the eight digits of the file, and "
      "keeps "
      "the printed version beside them.</p>\n");
}

}  // namespace

Result<Page> help_submission_page(const PageRequest&, const PageSource&) {
  Page page{.title = "How to submit a model", .main = {}, .crumbs = {{"Help", Href("/help")}}};
  page.main.element("h1", page.title);
  write_steps(page.main);
  write_fields(page.main);
  write_example(page.main);
  write_questions(page.main);
  return page;
}

}  // namespace cpl
