// Gathers the evidence for a question from a log.
#pragma once

#include "registry/evidence/evidence.hpp"
#include "registry/log/log_view.hpp"

namespace cpl {

// Where witnesses are asked, what is published may be behind the log for some seconds: entry
// `index` of the log must be under the published checkpoint (`not-published-yet`). A log that must
// not sign has none to prove anything under (`read-only`).
Result<void> check_published(const LogView& published, EntryIndex index);

Result<Evidence> build_removal_evidence(const LogView& log, const ModelId& model);
Result<Evidence> build_notice_evidence(const LogView& log, EntryIndex notice);
// Listed, removed or never listed, when the log had size `at`.
Result<Evidence> build_model_evidence(const LogView& log, const ModelId& model, TreeSize at);
Result<Evidence> build_decision_evidence(const LogView& log, EntryIndex decision);

// How large the log was at that time.
Result<TreeSize> size_at_time(const LogView& log, UnixMillis time);

// The tlog-proof of one entry under the view's checkpoint.
Result<Bytes> build_tlog_proof(const LogView& log, EntryIndex index);

}  // namespace cpl
