#include "tools/ui/tray.hpp"

#include "api/html/parts.hpp"
#include "api/routes/views.hpp"
#include "tools/cpl/answer_text.hpp"
#include "tools/cpl/tray_answers.hpp"
#include "tools/ui/review_parts.hpp"
#include "tools/ui/sign.hpp"

namespace cpl {
namespace {

constexpr std::size_t shown_max = 200;

bool has_token(const Workplace& work) { return check_identity(work.cli.identity).has_value(); }

Href tray_place(const std::string& id, const char* act) {
  return Href("/tray").segment(id).segment(act);
}

// Whether a key of this session can sign what is missing; from the note, and not from what the
// registry says of it.
bool is_ours(const TrayAnswer& answer, const HeldKeys& keys, const CharterInForce& charter) {
  return std::any_of(keys.all().begin(), keys.all().end(), [&](const PersonSigner& key) {
    return may_sign(answer.review, key.verifier(), charter) &&
           line_of(answer.review.note, key.verifier()) == nullptr;
  });
}

void write_next(HtmlWriter& html, const Workplace& work, const TrayAnswer& answer,
                const std::string& id, const CharterInForce& charter) {
  const std::string state = text_of(answer.told, "state");
  if (state == "entered") {
    html.markup("In the log: ");
    write_link(html, Href("/entries").segment(text_of(answer.told, "entry")),
               "entry " + text_of(answer.told, "entry"));
    return;
  }
  if (answer.told.contains("refused")) {
    write_tag(html, Tone::bad, "The registry refused it");
    html.element("p", text_of(answer.told["refused"], "detail"));
  } else if (is_ours(answer, work.keys, charter)) {
    write_tag(html, Tone::warn, "Yours to sign");
  }
  write_button_form(html, work, tray_place(id, "take"), "Look at it");
  if (answer.told.value("yours", false)) {
    write_button_form(html, work, tray_place(id, "withdraw"), "Withdraw it");
  }
}

void write_row(Table& table, const Workplace& work, const Json& row,
               const CharterInForce& charter) {
  const std::string id = text_of(row, "id");
  const auto answer = tray_statement(work.client, id, {}, charter);
  if (!answer) {
    table.cell().text(id);
    table.cell().text(answer.error().detail);
    table.cell().markup("none");
    write_tag(table.cell(), Tone::bad, "Do not sign it");
    return;
  }
  table.cell().text(kind_in_words(answer->review.statement));
  HtmlWriter& what = table.cell();
  what.text(summary_of(answer->review.statement));
  what.markup("<p class=\"small muted\">As the registry tells, put there by ");
  what.text(text_of(answer->told, "put_by")).markup("</p>\n");
  write_signatures(table.cell(), answer->review);
  write_next(table.cell(), work, *answer, id, charter);
}

}  // namespace

void write_tray_section(HtmlWriter& html, const Workplace& work, const CharterInForce& charter) {
  if (!has_token(work)) return;
  const auto rows = tray_rows(work.client);
  if (rows && rows->empty()) return;
  html.element("h2", "In the registry’s tray");
  if (!rows) {
    note_start(html, Tone::warn, "The tray cannot be seen now");
    html.element("p", rows.error().detail);
    note_end(html);
    return;
  }
  Table table(html, "Waiting for signatures",
              {"Statement", "What it does", "Signatures", "What is next"});
  for (std::size_t i = 0; i < std::min(shown_max, rows->size()); ++i) {
    write_row(table, work, (*rows)[i], charter);
  }
}

void write_tray_form(HtmlWriter& html, const Workplace& work, const SignSet& set) {
  const bool is_signed = !set.reviews.front().note.signatures.empty();
  if (!has_token(work) || set.is_folder || !is_signed) return;
  const Href action = place_of(set).segment("tray");
  html.markup("<form method=\"post\" action=\"").text(action.text()).markup("\">");
  write_form_key(html, work, action);
  html.markup(
      "<p><input type=\"checkbox\" name=\"submits\" value=\"yes\" id=\"submits\"> <label "
      "for=\"submits\">The registry submits it when the last signature is there</label></p>\n"
      "<p><button class=\"button second\" type=\"submit\">Put it into the registry&rsquo;s tray, "
      "for the "
      "others to sign</button></p></form>\n");
}

Result<Page> take_from_tray(const Workplace& work, const std::string& id) {
  const TrayAnswer answer = TRY(tray_statement(work.client, id, {}, charter_in_force(work)));
  Page page;
  page.see_other = Href("/sign").segment(TRY(work.outbox.take(answer.review.note)));
  return page;
}

Result<Page> put_set_into_tray(const Workplace& work, const std::string& name,
                               const SentForm& form) {
  const CharterInForce charter = charter_in_force(work);
  const SignSet set = TRY(read_sign_set(work.outbox, name, charter));
  if (set.is_folder) return malformed("folder-not-file", "This is a folder of many files.");
  TRY_VOID(check_is_for(set, TRY(origin_of(work))));
  TRY(put_into_tray(work.client, set.reviews.front(), form.field("submits") == "yes", charter));
  Page page;
  page.see_other = Href("/sign");
  return page;
}

Result<Page> withdraw_page(const Workplace& work, const std::string& id) {
  TRY_VOID(withdraw_from_tray(work.client, id));
  Page page;
  page.see_other = Href("/sign");
  return page;
}

}  // namespace cpl
