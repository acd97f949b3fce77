// The auditor's pages: an audit of the log from this machine, how far it is, and the reports that
// are kept.
#pragma once

#include "api/html/page.hpp"
#include "api/http/sent_form.hpp"
#include "tools/ui/workplace.hpp"

namespace cpl {

// Of /audit and what is below it; nothing where there is no such page. `form` is null where it is
// only looked at.
Result<std::optional<Page>> audit_page_of(const Workplace& work,
                                          const std::vector<std::string>& segments,
                                          const SentForm* form);

// A report, from its JSON. `when` says in words when it was made.
Page audit_report_page(const std::string& when, const Json& report);

}  // namespace cpl
