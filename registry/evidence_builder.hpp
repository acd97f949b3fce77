// Gathers the evidence for a question from a log.
#pragma once

#include "registry/evidence.hpp"
#include "registry/log_view.hpp"

namespace cpl {

Result<Evidence> build_removal_evidence(const LogView& log, const ModelId& model);
Result<Evidence> build_notice_evidence(const LogView& log, EntryIndex notice);

// The tlog-proof of one entry under the view's checkpoint.
Result<Bytes> build_tlog_proof(const LogView& log, EntryIndex index);

}  // namespace cpl
