// Domain values as the API shows them. Sequences and indices are numbers here; the bytes that were
// signed stand beside what was read from them.
#pragma once

#include "api/routes/call.hpp"
#include "registry/list/certificate_cover.hpp"

namespace cpl {

Result<Json> entry_view(const LogView& log, EntryIndex index);
Json index_or_null(const std::optional<EntryIndex>& index);
// One line for the eye: what the entry did.
std::string summary_of(const Statement& statement);

Json cover_json(const std::vector<CoverEnd>& ends);
// Of the model that the path names.
Result<ModelRecord> record_of(const Call& call);
Json model_summary(const ModelRecord& record);
// The whole record, with the authority for its removal and the firmware that is listed beside it.
Result<Json> model_view(const LogView& log, const ModelRecord& record);
Result<Json> model_history_view(const LogView& log, const ModelId& id);

Result<Json> notice_view(const LogView& log, const NoticeRecord& record);
Json decision_view(const DecisionRecord& record);
Json meeting_view(const MeetingRecord& record);

}  // namespace cpl
