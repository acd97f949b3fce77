// The operator's pages, on the operator's own machine alone: how the service stands, its Parties
// and their tokens, everybody's deliveries, openings, backups. What is shown is the registry's
// word; the operator's token stays where `cpl` has it and is on no page.
#pragma once

#include "api/html/page.hpp"
#include "api/http/sent_form.hpp"
#include "api/pages/state_words.hpp"
#include "tools/ui/workplace.hpp"

namespace cpl {

// Whether the token of this session is the operator's, as the registry tells.
bool holds_operator_token(const Workplace& work);

// What is asked for below /operator or /deliveries.
struct OperatorRequest {
  const std::vector<std::string>& segments;
  const HttpParameters& query;
  const SentForm* form;  // Null where the page is only looked at.

  // Of the path behind "/operator"; empty where there are fewer.
  std::string_view part(std::size_t at) const;
  std::string_view asked(std::string_view name) const;
};

Result<Page> operator_home(const Workplace& work);
// Nothing where there is no such page.
Result<std::optional<Page>> operator_page_of(const Workplace& work, const OperatorRequest& asked);

Result<std::optional<Page>> parties_page_of(const Workplace& work, const OperatorRequest& asked);
Result<std::optional<Page>> deliveries_page_of(const Workplace& work, const OperatorRequest& asked);
// Which Parties an entry has reached (/deliveries).
Result<Page> reach_page(const Workplace& work, const OperatorRequest& asked);
Result<std::optional<Page>> openings_page_of(const Workplace& work, const OperatorRequest& asked);

Page begin_operator_page(std::string title);
// The form's start and, hidden, a name of its own: sent twice, it makes one thing.
void operator_form_start(HtmlWriter& html, const Workplace& work, const Href& action);
void operator_form_end(HtmlWriter& html, std::string_view words);
// By that name; empty of a form that has none.
std::string made_once_key(const SentForm& form);
// "Ready", and so on: of a subscription.
StateWords overseen_state(std::string_view state);

}  // namespace cpl
