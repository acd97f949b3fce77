// Notices, removals and reinstatements, on what is in the log.
#include <nlohmann/json.hpp>

#include "api/html/parts.hpp"
#include "api/pages/impact.hpp"
#include "api/pages/shared.hpp"
#include "crypto/encoding.hpp"
#include "tools/cpl/statement_bodies.hpp"
#include "tools/ui/prepare.hpp"

namespace cpl {
namespace {

constexpr std::string_view listed_at_once = "50";

void write_model_ticks(HtmlWriter& html, std::string_view legend,
                       const std::vector<std::string>& ids) {
  choices_start(html, legend);
  for (const std::string& id : ids) write_checkbox(html, "model-" + id, id, true);
  choices_end(html);
}

std::vector<std::string> ticked_models(const SentForm& form) {
  constexpr std::string_view prefix = "model-";
  std::vector<std::string> ids;
  for (const auto& [name, value] : form.fields) {
    if (name.starts_with(prefix) && value == "on") ids.push_back(name.substr(prefix.size()));
  }
  return ids;
}

void write_why_fields(HtmlWriter& html, const PageRequest& asked) {
  const std::string_view basis = asked.asked("basis");
  write_select(html, "basis", "On what basis", choices_of_words(removal_basis_words),
               basis.empty() ? word_of(RemovalBasis::panel_decision) : basis);
  write_text_field(html, "effective_from", "From when", asked.asked("effective_from"),
                   "Such as 2026-12-24T09:00:00Z, or a day; empty: from its entry on");
  write_text_area(html, "reason", "Why, for all to read", asked.asked("reason"), "May be left out");
  write_text_area(html, "sealed_reason", "Or why, under seal", asked.asked("sealed_reason"),
                  "What opens it stays beside the statement on this computer");
}

Result<PrepareOptions> why_given(const SentForm& form) {
  PrepareOptions options;
  options.basis = std::string(form.field("basis"));
  if (!read_word<RemovalBasis>(options.basis)) {
    return malformed("basis-unknown", "Choose the basis of the removal.");
  }
  options.effective_from = std::string(form.field("effective_from"));
  options.reason = std::string(form.field("reason"));
  options.sealed_reason = std::string(form.field("sealed_reason"));
  if (!options.reason.empty() && !options.sealed_reason.empty()) {
    return malformed("reason-twice", "Give the reason in one field: for all, or under seal.");
  }
  return options;
}

Result<std::uint64_t> entry_given(std::string_view text, std::string_view what) {
  const auto number = from_decimal(text);
  if (number) return *number;
  return malformed("index-malformed",
                   "The " + std::string(what) + " is named by the number of its entry.");
}

void write_open_decisions(HtmlWriter& html, const std::vector<Said>& decisions,
                          std::string_view kind) {
  Table table(html, "Decisions that are not wholly acted on", {"Decision", "Words", "Still to do"});
  for (const Said& decision : decisions) {
    const std::string entry = std::to_string(decision["entry"].count());
    write_link(table.cell(), Href("/prepare").segment(kind).query("decision", entry),
               "Decision " + entry);
    write_words(table.cell(), decision["text"], decision["disclosed_text"].text());
    HtmlWriter& remaining = table.cell();
    for (const std::string& id : decision["remaining"].texts()) {
      remaining.text(id).markup("<br>");
    }
  }
}

// Decisions that somebody has still to act on, each a way to the page for it.
Result<Page> choose_decision(const Workplace& work, Page page, std::string_view kind) {
  const Json json =
      TRY(work.source.get(Href("/v1/decisions").query("open", "1").query("limit", listed_at_once)));
  const auto decisions = Said(json)["decisions"].items();
  HtmlWriter& html = page.main;
  html.element("h2", "On which decision?");
  if (decisions.empty()) {
    html.markup("<p class=\"lead\">No decision is open: everything authorised is done.</p>\n");
    return page;
  }
  write_open_decisions(html, decisions, kind);
  return page;
}

Result<Page> kept_notice(const Workplace& work, std::uint64_t decision, const SentForm& form) {
  PrepareOptions options = TRY(why_given(form));
  options.models = ticked_models(form);
  options.decision = decision;
  Sealer sealer;
  Notice notice = TRY(notice_of(options, sealer));
  return kept_statement(work, std::move(notice), sealer);
}

// Many go into one folder: they are signed and sent together.
Result<Page> kept_removals(const Workplace& work, std::uint64_t notice, const SentForm& form) {
  PrepareOptions options = TRY(why_given(form));
  options.notice = notice;
  options.status = std::string(form.field("status"));
  const auto models = ticked_models(form);
  if (models.size() == 1 || !options.sealed_reason.empty()) {
    if (models.size() != 1) {
      return malformed("reason-for-many",
                       "A reason under seal goes with one removal: tick one model at a time.");
    }
    options.models = models;
    Sealer sealer;
    Removal removal = TRY(removal_of(options, sealer));
    return kept_statement(work, std::move(removal), sealer);
  }
  const std::string origin = TRY(origin_of(work));
  std::vector<std::pair<std::string, Bytes>> texts;
  for (const std::string& id : models) {
    options.models = {id};
    Sealer none;
    Removal removal = TRY(removal_of(options, none));
    texts.emplace_back(id + ".stmt",
                       format_statement({origin, work.cli.clock.now(), std::move(removal)}));
    TRY(parse_statement(texts.back().second));
  }
  if (texts.empty()) return malformed("models-missing", "Tick the models to be removed.");
  Page page;
  page.see_other = Href("/sign").segment(TRY(work.outbox.keep_many("removals", texts)));
  return page;
}

void write_validated_notices(HtmlWriter& html, const std::vector<Said>& notices) {
  Table table(html, "Notices that the Service Desk has validated", {"Notice", "Models"});
  for (const Said& notice : notices) {
    const std::string entry = std::to_string(notice["entry"].count());
    write_link(table.cell(), Href("/prepare/removal").query("notice", entry), "Notice " + entry);
    HtmlWriter& models = table.cell();
    for (const std::string& id : notice["models"].texts()) models.text(id).markup("<br>");
  }
}

Result<Page> choose_notice(const Workplace& work, Page page) {
  const Json json = TRY(work.source.get(
      Href("/v1/notices").query("state", "validated").query("limit", listed_at_once)));
  const auto notices = Said(json)["notices"].items();
  HtmlWriter& html = page.main;
  html.element("h2", "On which notice?");
  if (notices.empty()) {
    html.markup(
        "<p class=\"lead\">No notice is validated by the Service Desk and waits for its "
        "removals.</p>\n");
    return page;
  }
  write_validated_notices(html, notices);
  return page;
}

}  // namespace

Result<Page> prepare_notice_page(const Workplace& work, const PageRequest& asked,
                                 const SentForm* form) {
  Page page = begin_prepare_page("Prepare a notice of removal");
  page.main.element("h1", page.title);
  if (asked.asked("decision").empty()) return choose_decision(work, std::move(page), "notice");
  const std::uint64_t entry = TRY(entry_given(asked.asked("decision"), "decision"));
  if (form != nullptr) return kept_notice(work, entry, *form);
  const Json json = TRY(work.source.get(Href("/v1/decisions").segment(entry)));
  const auto remaining = Said(json)["remaining"].texts();
  HtmlWriter& html = page.main;
  html.markup("<p class=\"lead\">On decision ");
  write_link(html, Href("/decisions").segment(entry), std::to_string(entry));
  html.markup(": ");
  write_words(html, Said(json)["text"], Said(json)["disclosed_text"].text());
  html.markup("</p>\n");
  write_impact_section(html, work.source, remaining);
  // The guard holds a form to the path alone.
  html.markup("<form class=\"form\" method=\"post\" action=\"/prepare/notice?decision=");
  html.text(std::to_string(entry)).markup("\">");
  write_form_key(html, work, Href("/prepare/notice"));
  write_model_ticks(html, "Which models?", remaining);
  write_why_fields(html, asked);
  prepare_form_end(html);
  return page;
}

Result<Page> prepare_removal_page(const Workplace& work, const PageRequest& asked,
                                  const SentForm* form) {
  Page page = begin_prepare_page("Prepare removals");
  page.main.element("h1", page.title);
  if (asked.asked("notice").empty()) return choose_notice(work, std::move(page));
  const std::uint64_t entry = TRY(entry_given(asked.asked("notice"), "notice"));
  if (form != nullptr) return kept_removals(work, entry, *form);
  const auto models = TRY(models_to_remove(work.client, entry));
  HtmlWriter& html = page.main;
  html.markup("<p class=\"lead\">As notice ");
  write_link(html, Href("/notices").segment(entry), std::to_string(entry));
  html.markup(" has it. One statement is made for each model.</p>\n");
  write_impact_section(html, work.source, models);
  html.markup("<form class=\"form\" method=\"post\" action=\"/prepare/removal?notice=");
  html.text(std::to_string(entry)).markup("\">");
  write_form_key(html, work, Href("/prepare/removal"));
  write_model_ticks(html, "Which models?", models);
  write_select(html, "status", "What the DCC's list will say",
               choices_of_words(removed_status_words), asked.asked("status"));
  write_why_fields(html, asked);
  prepare_form_end(html);
  return page;
}

Result<Page> prepare_reinstatement_page(const Workplace& work, const PageRequest& asked,
                                        const SentForm* form) {
  Page page = begin_prepare_page("Prepare the return of a model");
  page.main.element("h1", page.title);
  if (asked.asked("decision").empty()) {
    return choose_decision(work, std::move(page), "reinstatement");
  }
  const std::uint64_t entry = TRY(entry_given(asked.asked("decision"), "decision"));
  if (form != nullptr) {
    PrepareOptions options;
    options.models = {std::string(form->field("model"))};
    options.decision = entry;
    options.effective_from = std::string(form->field("effective_from"));
    options.reason = std::string(form->field("reason"));
    Sealer sealer;
    Reinstatement back = TRY(reinstatement_of(options, sealer));
    return kept_statement(work, std::move(back), sealer);
  }
  const Json json = TRY(work.source.get(Href("/v1/decisions").segment(entry)));
  HtmlWriter& html = page.main;
  html.markup("<form class=\"form\" method=\"post\" action=\"/prepare/reinstatement?decision=");
  html.text(std::to_string(entry)).markup("\">");
  write_form_key(html, work, Href("/prepare/reinstatement"));
  const auto remaining = Said(json)["remaining"].texts();
  std::vector<Choice> choices;
  choices.reserve(remaining.size());
  for (const std::string& id : remaining) choices.push_back({id, id});
  write_select(html, "model", "Which model?", choices, asked.asked("model"));
  write_text_field(html, "effective_from", "From when", asked.asked("effective_from"),
                   "Such as 2026-12-24T09:00:00Z, or a day; empty: from its entry on");
  write_text_area(html, "reason", "Why, for all to read", asked.asked("reason"), "May be left out");
  prepare_form_end(html);
  return page;
}

}  // namespace cpl
