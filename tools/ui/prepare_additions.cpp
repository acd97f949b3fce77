// Additions, from a list of models.
#include "api/html/parts.hpp"
#include "crypto/encoding.hpp"
#include "tools/cpl/additions.hpp"
#include "tools/ui/prepare.hpp"

namespace cpl {
namespace {

constexpr std::size_t problems_shown_max = 200;

SheetDefaults defaults_given(const SentForm& form, UnixMillis now) {
  const std::string_view who = form.field("submitted_by");
  SheetDefaults defaults{who.empty() ? "SECAS" : std::string(who), now};
  if (form.field("dates") == "dmy") defaults.dates = SheetDefaults::DateOrder::dmy;
  if (form.field("dates") == "mdy") defaults.dates = SheetDefaults::DateOrder::mdy;
  if (const auto match = read_word<CertificateMatch>(form.field("match"))) defaults.match = *match;
  return defaults;
}

void write_problems(HtmlWriter& html, const SheetReading& reading) {
  note_start(html, Tone::bad, counted(reading.error_count, "error") + " in the list");
  html.element("p", "Nothing was prepared. Mend them in the list, and choose it again.");
  note_end(html);
  Table table(html, "What is wrong, by row", {"#Row", "Column", "What"});
  std::size_t shown = 0;
  for (const SheetProblem& problem : reading.problems) {
    if (++shown > problems_shown_max) break;
    table.cell().number(problem.row);
    table.cell().text(problem.column);
    HtmlWriter& what = table.cell();
    if (problem.severity == SheetProblem::Severity::warning) what.markup("Look at it: ");
    what.text(problem.detail);
  }
}

// Nothing where the list became statements; else the reading with its errors.
struct SheetOutcome {
  SheetReading reading;
  std::optional<std::string> kept;  // The folder among the statements to sign.
};

Result<SheetOutcome> keep_additions(const Workplace& work, const SentForm& form) {
  const SentFile* const file = form.file("list");
  if (file == nullptr) return malformed("list-missing", "Choose the file of the list.");
  const UnixMillis now{work.cli.clock.now().value / 1000 * 1000};
  SheetOutcome outcome{read_model_sheet(file->content, defaults_given(form, now)), {}};
  if (!outcome.reading.usable()) return outcome;
  if (outcome.reading.models.empty()) {
    return malformed("sheet-empty", file->name + " has no row of a model.");
  }
  const auto prepared =
      TRY(prepare_additions(TRY(origin_of(work)), outcome.reading.models, now, StatedTime()));
  std::vector<Bytes> texts;
  std::vector<std::pair<std::string, Bytes>> files;
  for (const PreparedAddition& one : prepared) {
    texts.push_back(one.text);
    files.emplace_back(one.file, one.text);
  }
  if (const auto judged = ask_registry(work.client, texts)) {
    note_refusals(*judged, prepared, outcome.reading);
  }
  if (outcome.reading.usable()) outcome.kept = TRY(work.outbox.keep_many("additions", files));
  return outcome;
}

}  // namespace

Result<Page> prepare_additions_page(const Workplace& work, const PageRequest&,
                                    const SentForm* form) {
  Page page = begin_prepare_page("Prepare additions");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  if (form != nullptr) {
    const SheetOutcome outcome = TRY(keep_additions(work, *form));
    if (outcome.kept) {
      page.see_other = Href("/sign").segment(*outcome.kept);
      return page;
    }
    write_problems(html, outcome.reading);
  }
  prepare_form_start(html, work, Href("/prepare/additions"));
  write_file_field(html, "list", "The list, CSV in UTF-8");
  write_text_field(html, "submitted_by", "Who submitted it", "SECAS",
                   "Where the list itself does not say");
  write_select(html, "dates", "How dates with slashes are written",
               {{"", "There are none"}, {"dmy", "Day first"}, {"mdy", "Month first"}}, "");
  std::vector<Choice> matches = {{"", "The list says"}};
  for (const std::string_view word : certificate_match_words) matches.push_back({word, word});
  write_select(html, "match", "How certificates agree with their rows", matches, "");
  prepare_form_end(html);
  return page;
}

}  // namespace cpl
