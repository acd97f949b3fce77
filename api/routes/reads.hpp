// What anybody may read of the log and of the list: answered from the views of the call alone.
#pragma once

#include "api/routes/call.hpp"

namespace cpl {

Result<HttpResponse> get_description(const Call& call);
Result<HttpResponse> get_health(const Call& call);
Result<HttpResponse> get_tile(const Call& call);

Result<HttpResponse> list_entries(const Call& call);
Result<HttpResponse> get_entry(const Call& call);
Result<HttpResponse> get_leaf(const Call& call);
Result<HttpResponse> get_entry_proof(const Call& call);
Result<HttpResponse> get_entry_evidence(const Call& call);
Result<HttpResponse> get_charter(const Call& call);

Result<HttpResponse> list_change_months(const Call& call);
Result<HttpResponse> look_models_up(const Call& call);
Result<HttpResponse> get_similar_models(const Call& call);
Result<HttpResponse> find_any(const Call& call);
Result<HttpResponse> list_keys(const Call& call);
Result<HttpResponse> get_consistency(const Call& call);

Result<HttpResponse> get_model_history(const Call& call);
Result<HttpResponse> get_model_chain(const Call& call);
Result<HttpResponse> get_model_upgrades(const Call& call);

Result<HttpResponse> get_decision_evidence(const Call& call);
Result<HttpResponse> list_meetings(const Call& call);
Result<HttpResponse> get_meeting(const Call& call);

Result<HttpResponse> list_actions(const Call& call);
Result<HttpResponse> list_planned_meetings(const Call& call);
Result<HttpResponse> list_proposals(const Call& call);
Result<HttpResponse> get_specifications(const Call& call);

}  // namespace cpl
