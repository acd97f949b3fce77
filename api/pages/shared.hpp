// What several pages show: entries by a line each, a decision's words, where it was minuted, who
// signed.
#pragma once

#include "api/html/said_time.hpp"
#include "api/pages/pages.hpp"
#include "api/pages/state_words.hpp"

namespace cpl {

// "panel-1, panel-3 and panel-5"; that nobody can tell, where that is so.
std::string signers_words(Said signed_by);

// A summary of an entry as a sentence begins, with the models in it as links.
void write_summary(HtmlWriter& html, std::string_view summary);

void write_search_form(HtmlWriter& html, std::string_view text);
// The choice of a device type, in a form.
void write_device_type(HtmlWriter& html, std::string_view chosen);

// Words as people paste them: by lines, commas, spaces, out of a column in quotation marks; each
// once.
std::vector<std::string> pasted_words(std::string_view text);

bool is_model_id(std::string_view text);

// Entries as the API lists them, newest first, under this caption.
void write_entries(HtmlWriter& html, std::string_view caption, const std::vector<Said>& entries);

// A text of the log in quotation marks, or that it is sealed.
void write_words(HtmlWriter& html, Said text, std::string_view disclosed);

// "SECP_31_0804, item 2, decision 2", with a link to the meeting.
void write_minuted_place(HtmlWriter& html, Said reference);

// The models that a decision authorises something of, and what.
void write_authorised(HtmlWriter& html, Said decision);

// Who signed an entry, and when it was made: one sentence.
void write_signed(HtmlWriter& html, const PageSource& source, std::uint64_t entry);

std::vector<Said> reversed(std::vector<Said> items);

}  // namespace cpl
