// Where a registrar prepares statements: each page makes one from the log as it stands and from
// what is filled in, puts it among those to be signed, and leads there.
#pragma once

#include <span>

#include "api/html/page.hpp"
#include "api/html/parts.hpp"
#include "api/http/sent_form.hpp"
#include "tools/cpl/sealer.hpp"
#include "tools/ui/workplace.hpp"

namespace cpl {

// What can be prepared here.
Page prepare_index_page();

// `asked` is the page's query; `form` what was sent, or null where it is only looked at.
using PreparePage = Result<Page> (*)(const Workplace& work, const PageRequest& asked,
                                     const SentForm* form);
// By the last part of its address: "notice". Null for what there is none for.
PreparePage find_prepare_page(std::string_view kind);

Result<Page> prepare_notice_page(const Workplace&, const PageRequest&, const SentForm*);
Result<Page> prepare_removal_page(const Workplace&, const PageRequest&, const SentForm*);
Result<Page> prepare_reinstatement_page(const Workplace&, const PageRequest&, const SentForm*);
Result<Page> prepare_minutes_page(const Workplace&, const PageRequest&, const SentForm*);
Result<Page> prepare_decision_page(const Workplace&, const PageRequest&, const SentForm*);
Result<Page> prepare_additions_page(const Workplace&, const PageRequest&, const SentForm*);

Result<Page> prepare_correction_page(const Workplace&, const PageRequest&, const SentForm*);
Result<Page> prepare_certificate_page(const Workplace&, const PageRequest&, const SentForm*);
Result<Page> prepare_disclosure_page(const Workplace&, const PageRequest&, const SentForm*);
Result<Page> prepare_charter_page(const Workplace&, const PageRequest&, const SentForm*);

Page begin_prepare_page(std::string title);
// Words of the statement, to choose from.
std::vector<Choice> choices_of_words(std::span<const std::string_view> words);
// The id and name of the field for what stands at that place: "at-ts_name" of "/ts_name".
std::string prepare_field_id(std::string_view pointer);
// The form once more, with what was wrong on top.
Page with_mistake(Page page, const Error& error);
// The form's start, for files, too; its end with a button.
void prepare_form_start(HtmlWriter& html, const Workplace& work, const Href& action);
void prepare_form_end(HtmlWriter& html);
// Keeps the statement among those to be signed, and leads to it.
Result<Page> kept_statement(const Workplace& work, StatementBody body, const Sealer& sealer);
// The model ids in a field of several lines, each once, in its order.
Result<std::vector<std::string>> ids_in_field(std::string_view text);

}  // namespace cpl
