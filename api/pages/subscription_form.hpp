// What a Party says in a form of where its notifications go and what they are about, and the same
// as the API has it.
#pragma once

#include "api/html/parts.hpp"
#include "api/pages/page_source.hpp"

namespace cpl {

// A mailbox as people write it becomes its URL.
std::string url_given(const HttpParameters& form);
Json filter_given(const HttpParameters& form);
// The fields that say the same as a subscription of the API.
HttpParameters form_of(Said subscription);

void write_where(HtmlWriter& html, const HttpParameters& form,
                 const std::vector<FieldFault>& faults);
void write_what(HtmlWriter& html, const HttpParameters& form, const Viewer& viewer,
                const std::vector<FieldFault>& faults);
// All of it, for a form that only asks whether it is right.
void write_given(HtmlWriter& html, const HttpParameters& form);

// The faults that the API found, at the fields that they came from.
std::vector<FieldFault> faults_at_fields(const Error& error);

// A filter as a list of facts; one that wants all says so.
void write_filter(Facts& facts, Said filter);

}  // namespace cpl
