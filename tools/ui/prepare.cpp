#include "tools/ui/prepare.hpp"

namespace cpl {
namespace {

struct PrepareKind {
  std::string_view name;
  PreparePage page;
  std::string_view words;
};
constexpr std::array<PrepareKind, 10> prepare_kinds = {
    {{"additions", &prepare_additions_page, "Additions: a list of models, as CSV"},
     {"minutes", &prepare_minutes_page, "Minutes of the Panel, draft or final"},
     {"decision", &prepare_decision_page, "A decision, from minutes that are in the log"},
     {"notice", &prepare_notice_page, "A notice of removal to the Service Desk"},
     {"removal", &prepare_removal_page, "The removals that a validated notice allows"},
     {"reinstatement", &prepare_reinstatement_page, "The return of a removed model"},
     {"correction", &prepare_correction_page, "The correction of a model's record"},
     {"certificate", &prepare_certificate_page, "What became of a certificate"},
     {"disclosure", &prepare_disclosure_page, "The opening of a sealed text, for all to read"},
     {"charter", &prepare_charter_page, "A charter: whose keys count, and the rules' values"}}};

constexpr std::size_t ids_in_field_max = 1000;

}  // namespace

Page prepare_index_page() {
  Page page = begin_prepare_page("Prepare a statement");
  page.crumbs.clear();
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup(
      "<p class=\"lead\">What you prepare stays on this computer until it is signed and "
      "sent.</p>\n<ul class=\"places\">");
  for (const PrepareKind& kind : prepare_kinds) {
    html.markup("<li>");
    write_link(html, Href("/prepare").segment(kind.name), kind.words);
    html.markup("</li>");
  }
  html.markup("</ul>\n");
  return page;
}

PreparePage find_prepare_page(std::string_view kind) {
  for (const PrepareKind& one : prepare_kinds) {
    if (one.name == kind) return one.page;
  }
  return nullptr;
}

Page begin_prepare_page(std::string title) {
  return {.title = std::move(title),
          .main = {},
          .section = Section::prepare,
          .crumbs = {{"Prepare", Href("/prepare")}}};
}

std::vector<Choice> choices_of_words(std::span<const std::string_view> words) {
  std::vector<Choice> choices;
  choices.reserve(words.size());
  for (const std::string_view word : words) choices.push_back({word, word});
  return choices;
}

std::string prepare_field_id(std::string_view pointer) {
  std::string id = "at";
  for (const char one : pointer) {
    if (one != '#') id += one == '/' ? '-' : one;
  }
  return id;
}

Page with_mistake(Page page, const Error& error) {
  std::vector<FieldFault> faults;
  std::vector<std::string> fields;
  fields.reserve(error.faults.size());
  for (const Fault& fault : error.faults) {
    fields.push_back(prepare_field_id(fault.pointer));
    faults.push_back({fields.back(), fault.pointer + ": " + fault.detail});
  }
  if (faults.empty()) faults.push_back({"main", error.detail + " (" + error.code + ")"});
  HtmlWriter html;
  write_error_summary(html, faults);
  html.append(page.main);
  page.main = std::move(html);
  page.title = "Error: " + page.title;
  return page;
}

void prepare_form_start(HtmlWriter& html, const Workplace& work, const Href& action) {
  html.markup("<form class=\"form\" method=\"post\" enctype=\"multipart/form-data\" action=\"");
  html.text(action.text()).markup("\">");
  write_form_key(html, work, action);
}

void prepare_form_end(HtmlWriter& html) {
  html.markup(
      "<p><button class=\"button\" type=\"submit\">Go on: check before you sign</button></p>"
      "</form>\n");
}

Result<Page> kept_statement(const Workplace& work, StatementBody body, const Sealer& sealer) {
  const Bytes text =
      format_statement({TRY(origin_of(work)), work.cli.clock.now(), std::move(body)});
  TRY(parse_statement(text));
  Page page;
  page.see_other = Href("/sign").segment(TRY(work.outbox.keep(text, sealer)));
  return page;
}

Result<std::vector<std::string>> ids_in_field(std::string_view text) {
  std::vector<std::string> ids;
  while (!text.empty()) {
    const auto start = text.find_first_not_of(" \t\r\n,;");
    if (start == text.npos) break;
    text.remove_prefix(start);
    const auto end = std::min(text.find_first_of(" \t\r\n,;"), text.size());
    const std::string id = TRY(ModelId::parse(text.substr(0, end))).text();
    text.remove_prefix(end);
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    if (ids.size() > ids_in_field_max) {
      return malformed("models-too-many", "at most 1,000 models can be named at once");
    }
  }
  return ids;
}

}  // namespace cpl
