// The list's records as the store and an auditor's state keep them.
#pragma once

#include "registry/list/list.hpp"

namespace cpl {

Bytes encode(const CharterRecord& record);
Bytes encode(const ModelRecord& record);
Bytes encode(const DecisionRecord& record);
Bytes encode(const MeetingRecord& record);
Bytes encode(const NoticeRecord& record);
Bytes encode(const SealRecord& record);

Result<std::shared_ptr<const CharterRecord>> decode_charter(BytesView value);
Result<ModelRecord> decode_model(BytesView value);
Result<DecisionRecord> decode_decision(BytesView value);
Result<MeetingRecord> decode_meeting(BytesView value);
Result<NoticeRecord> decode_notice(BytesView value);
Result<SealRecord> decode_seals(BytesView value);

}  // namespace cpl
