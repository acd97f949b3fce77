// How the service fares. Strangers are told whether it takes statements, and by a code why not;
// figures and reasons, which tell of Parties and of this machine, are for those who look after it.
#pragma once

#include "api/accounts/report_book.hpp"
#include "api/feed/stream_limits.hpp"
#include "api/routes/access.hpp"
#include "api/routes/desk_metrics.hpp"
#include "api/routes/extracts.hpp"
#include "api/routes/read_pool.hpp"
#include "api/routes/statements.hpp"
#include "notifier/run/notifier.hpp"
#include "registry/log/sequencer.hpp"

namespace cpl {

struct BackupMade {
  std::string folder;  // On the service's machine.
  TreeSize size;
};

struct OperationRoutes {
  // What the figures are about.
  struct Parts {
    const Log& log;
    const Notifier& notifier;
    const Clock& clock;
    const AccessCheck& access;
    const Problems& problems;
    const StatementCounts& statements;
    const Sequencer& sequencer;
    const Histogram& evidence_times;
    const StreamLimits& streams;
    DeskMetrics& desk;
    const ExtractRoutes& extracts;
    const ReportBook* reports;  // May be null, as may the next.
    const ReadPool* reads;
  };

  const Parts parts;
  // Makes a backup and says where; empty where none is configured.
  const std::function<Result<BackupMade>()> make_backup;
  std::function<std::string()> extra_metrics = {};  // More lines; may be empty.

  Result<HttpResponse> readiness(const Call& call) const;
  Result<HttpResponse> checkpoint(const Call& call) const;
  Result<HttpResponse> metrics(const Call& call) const;
  Result<HttpResponse> back_up(const Call& call) const;

 private:
  std::string metric_lines() const;
};

}  // namespace cpl
