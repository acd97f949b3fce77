// What a Party tells SECAS of a wrong entry, and what became of it.
#include <nlohmann/json.hpp>

#include "api/pages/own_words.hpp"
#include "api/pages/shared.hpp"

namespace cpl {
namespace {

// What is wrong, and how the API has it: "cpa withdrawn"; "" is the entry itself.
std::string about_words(Said report) {
  const Said certificate = report["certificate"];
  if (!certificate.exists()) return "The entry is wrong";
  return "Its " + certificate_name(certificate["kind"].text()) +
         " certificate: " + std::string(certificate["event"].text());
}

const std::vector<Choice>& report_choices() {
  static const std::vector<Choice> choices = {
      {"", "The entry is wrong"},
      {"cpa withdrawn", "Its CPA certificate was withdrawn"},
      {"cpa cancelled", "Its CPA certificate was cancelled"},
      {"cpa expired", "Its CPA certificate expired"},
      {"cpa renewed", "Its CPA certificate was renewed"},
      {"zigbee withdrawn", "Its ZigBee certificate was withdrawn"},
      {"zigbee cancelled", "Its ZigBee certificate was cancelled"},
      {"zigbee expired", "Its ZigBee certificate expired"},
      {"zigbee renewed", "Its ZigBee certificate was renewed"},
      {"dlms withdrawn", "Its DLMS certificate was withdrawn"},
      {"dlms cancelled", "Its DLMS certificate was cancelled"},
      {"dlms expired", "Its DLMS certificate expired"},
      {"dlms renewed", "Its DLMS certificate was renewed"}};
  return choices;
}

// As people type lines, and the API takes them.
std::string lines_of(std::string_view text) {
  std::string lines;
  for (const char c : text) {
    if (c != '\r') lines += c;
  }
  return lines;
}

Json report_content(const PageRequest& request) {
  Json content = {{"model", request.asked("model")}, {"text", lines_of(request.asked("text"))}};
  const std::string_view about = request.asked("about");
  const auto space = about.find(' ');
  if (space != about.npos) {
    content["certificate"] = {{"kind", about.substr(0, space)}, {"event", about.substr(space + 1)}};
  }
  return content;
}

std::vector<FieldFault> report_faults(const Error& error) {
  std::vector<FieldFault> faults;
  for (const Fault& fault : error.faults) {
    const bool is_model = fault.pointer.starts_with("#/model");
    faults.push_back({is_model ? "model" : "text", fault.detail});
  }
  if (faults.empty()) faults.push_back({"model", error.detail});
  return faults;
}

Page report_form(const PageRequest& request, const std::vector<FieldFault>& faults) {
  Page page{.title = faults.empty() ? "Report a wrong entry" : "Error: Report a wrong entry",
            .main = {},
            .crumbs = {{"Your notifications", Href("/me")}}};
  HtmlWriter& html = page.main;
  if (!faults.empty()) {
    page.status = 400;
    write_error_summary(html, faults);
  }
  html.markup("<h1>Report a wrong entry</h1>\n");
  html.element(
      "p",
      "SECAS reads it and answers here. A report changes nothing by itself: the people who "
      "sign for the list do.");
  form_start(html, Href("/report"), request.form_key);
  const auto write_fault_at = [&](std::string_view field) {
    for (const FieldFault& fault : faults) {
      if (fault.field == field) return write_field_error(html, field, fault.words);
    }
  };
  html.markup("<div class=\"field\">");
  write_fault_at("model");
  write_text_field(html, "model", "Model", request.asked("model"), "Its id, as the list has it");
  html.markup("</div>\n<div class=\"field\">");
  write_select(html, "about", "What is wrong", report_choices(), request.asked("about"));
  html.markup("</div>\n<div class=\"field\">");
  write_fault_at("text");
  write_text_area(html, "text", "In your words", request.asked("text"),
                  "What is wrong, and how you know it: up to 2,000 letters");
  html.markup(
      "</div>\n<p><button class=\"button\" type=\"submit\">Send it to SECAS</button></p>\n");
  html.markup("</form>\n");
  return page;
}

void write_report_answers(HtmlWriter& html, const std::vector<Said>& answers) {
  html.element("h2", "What became of it");
  if (answers.empty()) html.element("p", "SECAS has not answered yet.");
  for (const Said& answer : answers) {
    const bool is_acted = answer["outcome"].text() == "acted";
    html.markup("<section class=\"card\"><p class=\"row\">");
    write_tag(html, is_acted ? Tone::good : Tone::grey, is_acted ? "Acted on" : "No action");
    write_time(html, answer["at"].text());
    html.markup("</p>\n<p class=\"said lines\">").text(answer["text"].text()).markup("</p>\n");
    const auto entries = answer["entries"].items();
    if (!entries.empty()) {
      html.markup("<p>Done in entry ");
      bool is_first = true;
      for (const Said& entry : entries) {
        if (!is_first) html.markup(", ");
        is_first = false;
        write_entry_link(html, entry.count());
      }
      html.markup("</p>\n");
    }
    html.markup("</section>\n");
  }
}

}  // namespace

Result<Page> new_report_page(const PageRequest& request, const PageSource& source) {
  if (!request.is_sent) return report_form(request, {});
  const auto sent = source.answer({.method = HttpMethod::post,
                                   .path = Href("/v1/reports"),
                                   .body = report_content(request).dump(),
                                   .key = request.sent_form});
  if (!sent) {
    const Error& error = sent.error();
    const bool is_mine = error.errc == Errc::invalid || error.code == "model-not-found";
    if (!is_mine) return error;
    return report_form(request, report_faults(error));
  }
  const Json report = TRY(sent->json());
  Page page;
  page.see_other = Href("/reports").segment(Said(report)["number"].count());
  return page;
}

Result<Page> report_page(const PageRequest& request, const PageSource& source) {
  const Href path = Href("/v1/reports").segment(request.place());
  const Json json = TRY(source.get(path));
  const Said report(json);
  Page page{.title = "Report " + std::string(request.place()),
            .main = {},
            .crumbs = {{"Your notifications", Href("/me")}},
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<p class=\"row\">");
  write_tag(html, report_state(report));
  html.markup("<span>sent ");
  write_time(html, report["received"].text());
  html.markup("</span></p>\n");
  {
    Facts facts(html);
    write_model_link(facts.fact("Model"), report["model"].text());
    facts.fact("What is wrong", about_words(report));
    HtmlWriter& words = facts.fact("In your words");
    words.markup("<span class=\"said lines\">").text(report["text"].text()).markup("</span>");
  }
  write_report_answers(html, report["answers"].items());
  return page;
}

}  // namespace cpl
