#include "tools/ui/workplace.hpp"

#include "tools/cpl/desk_receipt.hpp"

namespace cpl {

void write_form_key(HtmlWriter& html, const Workplace& work, const Href& action) {
  html.markup("<input type=\"hidden\" name=\"form\" value=\"");
  html.text(work.guard.form_key(action.text())).markup("\">");
}

void write_button_form(HtmlWriter& html, const Workplace& work, const Href& action,
                       std::string_view words) {
  html.markup("<form method=\"post\" action=\"").text(action.text()).markup("\">");
  write_form_key(html, work, action);
  html.markup("<p><button class=\"button\" type=\"submit\">").text(words);
  html.markup("</button></p></form>\n");
}

Result<Checkpoint> newest_checkpoint(const Workplace& work) {
  return work.newest.follow(work.client, TRY(read_policy_file(work.policy_file)));
}

Result<std::string> origin_of(const Workplace& work) {
  return receipt_origin(TRY(read_policy_file(work.policy_file)), work.policy_file, work.origin);
}

}  // namespace cpl
