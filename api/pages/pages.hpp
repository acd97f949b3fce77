// The pages that there are. Each answers one question of a reader, first.
#pragma once

#include "api/pages/page_source.hpp"

namespace cpl {

Result<Page> home_page(const PageRequest& request, const PageSource& source);

Result<Page> search_page(const PageRequest& request, const PageSource& source);
Result<Page> forecast_page(const PageRequest& request, const PageSource& source);
Result<Page> manufacturer_page(const PageRequest& request, const PageSource& source);
Result<Page> lookup_page(const PageRequest& request, const PageSource& source);
Result<Page> models_page(const PageRequest& request, const PageSource& source);
Result<Page> model_page(const PageRequest& request, const PageSource& source);

Result<Page> changes_page(const PageRequest& request, const PageSource& source);
Result<Page> entry_page(const PageRequest& request, const PageSource& source);

Result<Page> notices_page(const PageRequest& request, const PageSource& source);
Result<Page> notice_page(const PageRequest& request, const PageSource& source);

Result<Page> performance_page(const PageRequest& request, const PageSource& source);

Result<Page> decisions_page(const PageRequest& request, const PageSource& source);
Result<Page> decision_page(const PageRequest& request, const PageSource& source);
Result<Page> agenda_page(const PageRequest& request, const PageSource& source);
Result<Page> meetings_page(const PageRequest& request, const PageSource& source);
Result<Page> meeting_page(const PageRequest& request, const PageSource& source);

Result<Page> extracts_page(const PageRequest& request, const PageSource& source);
Result<Page> extract_page(const PageRequest& request, const PageSource& source);
Result<Page> extract_difference_page(const PageRequest& request, const PageSource& source);
Result<Page> loadings_page(const PageRequest& request, const PageSource& source);
Result<Page> actions_page(const PageRequest& request, const PageSource& source);
Result<Page> proposals_page(const PageRequest& request, const PageSource& source);
Result<Page> specifications_page(const PageRequest& request, const PageSource& source);
Result<Page> keys_page(const PageRequest& request, const PageSource& source);
Result<Page> consistency_page(const PageRequest& request, const PageSource& source);
Result<Page> log_page(const PageRequest& request, const PageSource& source);

Result<Page> sign_in_page(const PageRequest& request, const PageSource& source);
Result<Page> signed_out_page(const PageRequest& request, const PageSource& source);

// A Party's own: these see it signed in.
Result<Page> me_page(const PageRequest& request, const PageSource& source);
Result<Page> new_subscription_page(const PageRequest& request, const PageSource& source);
Result<Page> subscription_page(const PageRequest& request, const PageSource& source);
Result<Page> change_subscription_page(const PageRequest& request, const PageSource& source);
Result<Page> end_subscription_page(const PageRequest& request, const PageSource& source);
Result<Page> attempts_page(const PageRequest& request, const PageSource& source);
Result<Page> attempt_page(const PageRequest& request, const PageSource& source);
Result<Page> openings_page(const PageRequest& request, const PageSource& source);
Result<Page> opening_page(const PageRequest& request, const PageSource& source);
Result<Page> new_report_page(const PageRequest& request, const PageSource& source);
Result<Page> report_page(const PageRequest& request, const PageSource& source);

Result<Page> check_page(const PageRequest& request, const PageSource& source);
Result<Page> help_page(const PageRequest& request, const PageSource& source);
Result<Page> help_words_page(const PageRequest& request, const PageSource& source);
Result<Page> help_follow_page(const PageRequest& request, const PageSource& source);
Result<Page> help_certificates_page(const PageRequest& request, const PageSource& source);
Result<Page> help_submission_page(const PageRequest& request, const PageSource& source);
Result<Page> developers_page(const PageRequest& request, const PageSource& source);
Result<Page> accessibility_page(const PageRequest& request, const PageSource& source);

}  // namespace cpl
