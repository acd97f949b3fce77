#include "api/pages/subscription_form.hpp"

#include <nlohmann/json.hpp>

#include "api/http/form.hpp"
#include "api/pages/own_words.hpp"
#include "api/pages/shared.hpp"

namespace cpl {
namespace {

// The second is a label.
using Choices = std::span<const std::pair<std::string_view, std::string_view>>;
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> event_types = {
    {{"entry.removed.v1", "A model was removed"},
     {"removal.announced.v1", "A removal is under way"},
     {"removal.directed.v1", "The formal notice to remove"},
     {"removal.withdrawn.v1", "A notice was taken back: the model stays"},
     {"removal.recalled.v1", "A formal notice was taken back"},
     {"removal.rejected.v1", "The Service Desk rejected a notice: the model stays"},
     {"removal.receipt.v1", "A receipt on a notice"},
     {"entry.added.v1", "A model is on the list"},
     {"entry.reinstated.v1", "A removed model is back"},
     {"entry.corrected.v1", "A record was mended"},
     {"entry.certificate.v1", "A certificate lapsed or was renewed"},
     {"list.loaded.v1", "The DCC loaded a version of the list"},
     {"certificate.ending.v1", "A certificate ends, some months ahead"},
     {"key.rotated.v1", "There is a new charter"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> device_types = {
    {{"ESME", "ESME, electricity meters"},
     {"GSME", "GSME, gas meters"},
     {"CH", "CH, communications hubs"},
     {"PPMID", "PPMID, prepayment displays"},
     {"HCALCS", "HCALCS, load control switches"},
     {"SAPC", "SAPC, standalone auxiliary load control switches"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> classes = {
    {{"WHITE", "WHITE"}, {"GREEN", "GREEN"}, {"AMBER", "AMBER"}, {"RED", "RED"}}};

// Of the filter: its member, what its fields' names begin with, and what there is to choose.
struct ChoiceList {
  std::string_view member;
  std::string_view prefix;
  Choices choices;
};
constexpr std::array<ChoiceList, 3> choice_lists = {{{"types", "type-", event_types},
                                                     {"device_types", "device-", device_types},
                                                     {"classifications", "class-", classes}}};
struct PastedList {
  std::string_view member;
  std::string_view field;
};
constexpr std::array<PastedList, 3> pasted_lists = {
    {{"manufacturer_ids", "makers"}, {"models", "models"}, {"hardware", "hardware"}}};
constexpr std::string_view ticked = "on";

std::string field_name(std::string_view prefix, std::string_view value) {
  return std::string(prefix) + std::string(value);
}

const FieldFault* fault_at(const std::vector<FieldFault>& faults, std::string_view field) {
  const auto found = std::find_if(faults.begin(), faults.end(),
                                  [&](const FieldFault& fault) { return fault.field == field; });
  return found == faults.end() ? nullptr : &*found;
}

void write_fault(HtmlWriter& html, const std::vector<FieldFault>& faults, std::string_view field) {
  if (const FieldFault* const fault = fault_at(faults, field)) {
    write_field_error(html, field, fault->words);
  }
}

// Of the other audience: the Service Desk gets the formal notice, Parties its announcement.
bool is_for_others(std::string_view type, const Viewer& viewer) {
  constexpr std::array<std::string_view, 3> desks = {"removal.directed.v1", "removal.recalled.v1",
                                                     "removal.receipt.v1"};
  constexpr std::array<std::string_view, 4> parties = {
      "removal.announced.v1", "removal.withdrawn.v1", "removal.rejected.v1", "list.loaded.v1"};
  const auto is_among = [type](const auto& types) {
    return std::find(types.begin(), types.end(), type) != types.end();
  };
  return viewer.is_service_desk ? is_among(parties) : is_among(desks);
}

void write_choices(HtmlWriter& html, const ChoiceList& list, std::string_view legend,
                   const HttpParameters& form, const Viewer& viewer) {
  choices_start(html, legend);
  for (const auto& [value, words] : list.choices) {
    if (is_for_others(value, viewer)) continue;
    const std::string name = field_name(list.prefix, value);
    write_checkbox(html, name, words, form_field(form, name) == ticked);
  }
  choices_end(html);
}

}  // namespace

std::string url_given(const HttpParameters& form) {
  const std::string url(form_field(form, "url"));
  const bool is_address = url.find('@') != url.npos && url.find(':') == url.npos;
  return is_address ? "mailto:" + url : url;
}

Json filter_given(const HttpParameters& form) {
  Json filter = Json::object();
  for (const auto& [member, prefix, choices] : choice_lists) {
    for (const auto& [value, words] : choices) {
      if (form_field(form, field_name(prefix, value)) == ticked) {
        filter[std::string(member)].push_back(value);
      }
    }
  }
  for (const auto& [member, field] : pasted_lists) {
    const auto words = pasted_words(form_field(form, field));
    if (!words.empty()) filter[std::string(member)] = words;
  }
  return filter;
}

HttpParameters form_of(Said subscription) {
  HttpParameters form = {{"url", std::string(receiver_address(subscription["url"].text()))},
                         {"delivery", std::string(subscription["delivery"].text())}};
  const Said filter = subscription["filter"];
  for (const auto& [member, prefix, choices] : choice_lists) {
    for (const std::string& value : filter[member].texts()) {
      form.emplace_back(field_name(prefix, value), ticked);
    }
  }
  for (const auto& [member, field] : pasted_lists) {
    std::string lines;
    for (const std::string& value : filter[member].texts()) lines += value + "\n";
    form.emplace_back(field, lines);
  }
  return form;
}

void write_where(HtmlWriter& html, const HttpParameters& form,
                 const std::vector<FieldFault>& faults) {
  html.markup("<div class=\"field\">");
  write_fault(html, faults, "url");
  write_text_field(html, "url", "Address", form_field(form, "url"),
                   "Your receiver's https address, or an e-mail address");
  html.markup("</div>\n");
}

void write_what(HtmlWriter& html, const HttpParameters& form, const Viewer& viewer,
                const std::vector<FieldFault>& faults) {
  html.element("p", "Where you choose nothing, you are told of all.");
  write_choices(html, choice_lists[0], "What happened", form, viewer);
  write_choices(html, choice_lists[1], "Types of device", form, viewer);
  html.markup("<div class=\"field\">");
  write_fault(html, faults, "makers");
  write_text_field(html, "makers", "Manufacturers", form_field(form, "makers"),
                   "Their identifiers of four characters, with spaces between");
  html.markup("</div>\n<div class=\"field\">");
  write_fault(html, faults, "models");
  write_text_area(html, "models", "Models", form_field(form, "models"),
                  "Ids, one to a line, or a column of a spreadsheet");
  html.markup("</div>\n<div class=\"field\">");
  write_fault(html, faults, "hardware");
  write_text_area(html, "hardware", "Hardware, with whatever firmware",
                  form_field(form, "hardware"),
                  "One to a line: type, manufacturer, model and hardware version, such as "
                  "ESME-1063-00050203, or type and manufacturer alone, such as ESME-1063. You hear "
                  "of new firmware for it, too");
  html.markup("</div>\n");
  write_choices(html, choice_lists[2], "Advisories of these classes, too", form, viewer);
}

void write_given(HtmlWriter& html, const HttpParameters& form) {
  for (const std::string_view field : {"url", "delivery", "makers", "models", "hardware"}) {
    const std::string_view value = form_field(form, field);
    if (!value.empty()) write_hidden(html, field, value);
  }
  for (const auto& [member, prefix, choices] : choice_lists) {
    for (const auto& [value, words] : choices) {
      const std::string name = field_name(prefix, value);
      if (form_field(form, name) == ticked) write_hidden(html, name, ticked);
    }
  }
}

std::vector<FieldFault> faults_at_fields(const Error& error) {
  std::vector<FieldFault> found;
  for (const Fault& fault : error.faults) {
    std::string_view field = "url";
    for (const auto& [member, at] : pasted_lists) {
      if (fault.pointer.starts_with("#/filter/" + std::string(member))) field = at;
    }
    if (fault_at(found, field) == nullptr) found.push_back({field, fault.detail});
  }
  if (found.empty()) found.push_back({"url", error.detail});
  return found;
}

void write_filter(Facts& facts, Said filter) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> names = {
      {{"types", "What happened"},
       {"device_types", "Types of device"},
       {"manufacturer_ids", "Manufacturers"},
       {"models", "Models"},
       {"hardware", "Hardware"},
       {"classifications", "Advisories of class"}}};
  constexpr std::size_t shown_max = 20;
  for (const auto& [member, name] : names) {
    auto values = filter[member].texts();
    const bool is_class = member == "classifications";
    if (values.empty()) {
      facts.fact(name, is_class ? "none" : "all");
      continue;
    }
    const std::size_t more = values.size() - std::min(values.size(), shown_max);
    values.resize(values.size() - more);
    for (std::string& value : values) {
      for (const auto& [type, words] : event_types) {
        if (value == type) value = words;
      }
    }
    if (more > 0) values.push_back(grouped(more) + " more");
    facts.fact(name, joined(values));
  }
}

}  // namespace cpl
