#include "tools/ui/sign.hpp"

#include "api/html/parts.hpp"
#include "api/pages/impact.hpp"
#include "api/routes/views.hpp"
#include "crypto/encoding.hpp"
#include "tools/ui/review_parts.hpp"
#include "tools/ui/tray.hpp"

namespace cpl {
namespace {

constexpr std::size_t reviews_shown_max = 50;

void write_set_row(Table& table, const SignSet& set, const Workplace& work,
                   const CharterInForce& charter) {
  const StatementReview& first = set.reviews.front();
  write_link(table.cell(), place_of(set), set.name);
  HtmlWriter& what = table.cell();
  if (set.is_folder) what.text(counted(set.reviews.size(), "statement") + ", the first: ");
  what.text(summary_of(first.statement));
  write_signatures(table.cell(), first);
  HtmlWriter& next = table.cell();
  const auto keys = who_may_sign(set, work.keys, charter);
  if (set.is_complete()) {
    write_tag(next, Tone::good, "Send it to the registry");
  } else if (keys.empty()) {
    next.markup("Others sign it");
  } else if (set.is_signed_by(keys.front()->verifier())) {
    next.markup("You have signed: pass it on");
  } else {
    write_tag(next, Tone::warn, "Yours to sign");
  }
}

// Whoever put such a file there is told of it, and the others are shown.
void write_unreadable_row(Table& table, const std::string& name, const Error& error) {
  table.cell().text(name);
  table.cell().text(error.detail);
  table.cell().markup("none");
  write_tag(table.cell(), Tone::bad, "Not a statement");
}

void write_take_form(HtmlWriter& html, const Workplace& work) {
  html.markup(
      "<h2>A statement that you were given</h2>\n<form class=\"form\" method=\"post\" "
      "action=\"/sign\" enctype=\"multipart/form-data\">");
  write_form_key(html, work, Href("/sign"));
  write_file_field(html, "file", "Choose the file");
  write_text_area(html, "note", "Or paste it", "",
                  "All of it: from cpl/statement/v1 to the last signature");
  html.markup("<p><button class=\"button\" type=\"submit\">Look at it</button></p></form>\n");
}

// Whether the registry would take it, asked with the text alone: what is missing of signatures is
// told already.
void write_preflight(HtmlWriter& html, const Workplace& work, const StatementReview& review) {
  const auto checked = work.client.post("/v1/statements/check", review.note.text, "text/plain");
  if (checked) return;
  note_start(html, Tone::warn, "The registry would not take it as its log stands now");
  html.element("p", checked.error().detail);
  html.markup("<p class=\"small\">Code: <code>").text(checked.error().code);
  html.markup("</code></p>\n");
  note_end(html);
}

// Each model that leaves its devices nowhere to go is ticked by name.
void write_stranded_ticks(HtmlWriter& html, const std::vector<std::string>& stranded) {
  if (stranded.empty()) return;
  html.markup("<fieldset class=\"choices\"><legend>No listed successor</legend>\n");
  for (const std::string& id : stranded) {
    html.markup("<div><input type=\"checkbox\" required value=\"known\" name=\"without-").text(id);
    html.markup("\" id=\"without-").text(id).markup("\"> <label for=\"without-").text(id);
    html.markup("\">I know that devices of ").text(id);
    html.markup(" have no firmware on the list to go to</label></div>\n");
  }
  html.markup("</fieldset>\n");
}

void write_sign_form(HtmlWriter& html, const Workplace& work, const SignSet& set,
                     const std::vector<const PersonSigner*>& keys) {
  const Href action = place_of(set).segment("sign");
  html.markup("<form method=\"post\" action=\"").text(action.text()).markup("\">");
  write_form_key(html, work, action);
  html.markup("<input type=\"hidden\" name=\"id\" value=\"").text(set.id()).markup("\">\n");
  write_stranded_ticks(html, stranded_ids(set, work.source));
  html.markup("<p class=\"row\">");
  for (const PersonSigner* key : keys) {
    html.markup("<button class=\"button\" type=\"submit\" name=\"key\" value=\"");
    html.text(key->verifier().name()).markup("\">Sign as ").text(key->verifier().name());
    html.markup("</button>");
  }
  html.markup(
      "</p></form>\n<p class=\"small muted\">You are asked once more outside the browser. A "
      "signature cannot be taken back.</p>\n");
}

void write_minutes_form(HtmlWriter& html, const Workplace& work, const SignSet& set) {
  if (!std::holds_alternative<Decision>(set.reviews.front().statement.body)) return;
  const Href action = place_of(set).segment("minutes");
  html.markup(
      "<details><summary><span>Find these words in minutes that you hold</span></summary>\n"
      "<form method=\"post\" enctype=\"multipart/form-data\" action=\"");
  html.text(action.text()).markup("\">");
  write_form_key(html, work, action);
  write_file_field(html, "minutes", "The minutes, as text or PDF");
  html.markup(
      "<p><button class=\"button second\" type=\"submit\">Compare</button></p></form></details>\n");
}

void write_ways_on(HtmlWriter& html, const Workplace& work, const SignSet& set,
                   const CharterInForce& charter) {
  html.element("h2", "What is next");
  std::vector<const PersonSigner*> keys;
  for (const PersonSigner* key : who_may_sign(set, work.keys, charter)) {
    if (!set.is_signed_by(key->verifier())) keys.push_back(key);
  }
  if (!keys.empty()) write_sign_form(html, work, set, keys);
  if (keys.empty() && !set.is_complete()) {
    html.markup("<p>Nothing here is yours to sign. Pass it on to those who sign.</p>\n");
  }
  if (set.is_complete()) {
    write_button_form(html, work, place_of(set).segment("send"), "Send it to the registry");
  }
  write_tray_form(html, work, set);
  if (!set.is_folder) {
    html.markup("<p><a class=\"button second\" href=\"");
    html.text(place_of(set).segment("file").text());
    html.markup("\">Save the file, to pass it on</a></p>\n");
    write_minutes_form(html, work, set);
  }
  html.markup("<details><summary><span>Nobody will sign it</span></summary>\n");
  write_button_form(html, work, place_of(set).segment("discard"), "Delete it from this computer");
  html.markup("</details>\n");
}

Page page_of_one(const Workplace& work, const StatementReview& review) {
  Page page = begin_sign_page("Check before you sign: " + kind_in_words(review.statement));
  page.main.element("h1", page.title);
  write_signatures(page.main, review);
  write_preflight(page.main, work, review);
  return page;
}

Page page_of_many(const SignSet& set) {
  Page page = begin_sign_page("Check before you sign: " + counted(set.reviews.size(), "statement"));
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  {
    Table table(html, "The first of them", {"File", "What it does", "Signatures"});
    for (std::size_t i = 0; i < std::min(reviews_shown_max, set.reviews.size()); ++i) {
      table.cell().text(set.reviews[i].file.filename().string());
      table.cell().text(summary_of(set.reviews[i].statement));
      write_signatures(table.cell(), set.reviews[i]);
    }
  }
  if (set.reviews.size() > reviews_shown_max) {
    html.element("p", "And " + std::to_string(set.reviews.size() - reviews_shown_max) + " more.");
  }
  return page;
}

}  // namespace

CharterInForce charter_in_force(const Workplace& work) {
  const auto policy = read_policy_file(work.policy_file);
  if (!policy) return nullptr;
  auto charter = proven_charter(work.client, *policy);
  return charter ? *std::move(charter) : nullptr;
}

Page begin_sign_page(std::string title) {
  return {.title = std::move(title),
          .main = {},
          .section = Section::sign,
          .crumbs = {{"To sign", Href("/sign")}},
          .is_proven = true};
}

Result<Page> sign_list_page(const Workplace& work) {
  const CharterInForce charter = charter_in_force(work);
  const auto names = TRY(work.outbox.names());
  Page page = begin_sign_page("Statements to sign");
  page.crumbs.clear();
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  if (names.empty()) {
    html.markup("<p class=\"lead\">No statement waits on this computer.</p>\n");
  } else {
    Table table(html, "On this computer, and not in the log yet",
                {"Statement", "What it does", "Signatures", "What is next"});
    for (const std::string& name : names) {
      const auto set = read_sign_set(work.outbox, name, charter);
      if (set) {
        write_set_row(table, *set, work, charter);
      } else {
        write_unreadable_row(table, name, set.error());
      }
    }
  }
  write_tray_section(html, work, charter);
  write_take_form(html, work);
  return page;
}

Result<Page> sign_page(const Workplace& work, const std::string& name) {
  const CharterInForce charter = charter_in_force(work);
  const SignSet set = TRY(read_sign_set(work.outbox, name, charter));
  TRY_VOID(check_is_for(set, TRY(origin_of(work))));
  Page page = set.is_folder ? page_of_many(set) : page_of_one(work, set.reviews.front());
  write_impact_section(page.main, work.source, removed_ids(set));
  if (!set.is_folder) TRY_VOID(write_review(page.main, set.reviews.front()));
  write_ways_on(page.main, work, set, charter);
  return page;
}

Result<Page> statement_file(const Workplace& work, const std::string& name) {
  const SignSet set = TRY(read_sign_set(work.outbox, name, nullptr));
  if (set.is_folder) return malformed("folder-not-file", "This is a folder of many files.");
  const Note& note = set.reviews.front().note;
  Page page;
  page.download = Download{name, "text/plain; charset=utf-8",
                           note.signatures.empty() ? note.text : format_note(note)};
  return page;
}

}  // namespace cpl
