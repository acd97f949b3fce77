// Work records as the store and an auditor's state keep them.
#pragma once

#include "registry/list/work_record.hpp"

namespace cpl {

Bytes encode(const WorkRecord& record);
Result<WorkRecord> decode_work(WorkKind kind, BytesView value);

}  // namespace cpl
