// All that answers requests, in groups by what they need, and what the groups share. In the order
// in which it is built: what stands below uses what stands above.
#pragma once

#include "api/routes/access.hpp"
#include "api/routes/api_options.hpp"
#include "api/routes/changes.hpp"
#include "api/routes/consent.hpp"
#include "api/routes/decisions.hpp"
#include "api/routes/deployed.hpp"
#include "api/routes/extracts.hpp"
#include "api/routes/feed.hpp"
#include "api/routes/forecast.hpp"
#include "api/routes/form_seal.hpp"
#include "api/routes/journal.hpp"
#include "api/routes/models.hpp"
#include "api/routes/notices.hpp"
#include "api/routes/openings.hpp"
#include "api/routes/operation.hpp"
#include "api/routes/oversight.hpp"
#include "api/routes/parties.hpp"
#include "api/routes/problems.hpp"
#include "api/routes/reports.hpp"
#include "api/routes/sessions.hpp"
#include "api/routes/statements.hpp"
#include "api/routes/status.hpp"
#include "api/routes/subscriptions.hpp"
#include "api/routes/tray.hpp"
#include "registry/base/histogram.hpp"

namespace cpl {

struct Services {
  // The references outlive this.
  Services(Log& log, Sequencer& sequencer, Notifier& notifier, const Clock& clock,
           ApiOptions options);

  Log& registry_log;
  const ApiOptions options;
  const ViewSource published;

  // Any thread may use what follows.
  Problems problems;
  const AccessCheck access;
  const Idempotency idempotency;
  EventFeed feed;
  StreamLimits stream_limits;
  DeskMetrics desk;
  RateLimiter statement_rate;
  SessionBook sessions;
  const FormSeal form_seal;
  RateLimiter sign_in_rate;
  const std::unique_ptr<ReadPool> reads;  // May be null.
  Histogram evidence_times;               // Of gathering it; what is kept is not gathered again.

  const StatusRoute status;
  const ModelRoutes models;
  const ForecastRoute forecast;
  const DecisionRoutes decisions;
  const NoticeRoutes notices;
  const ChangeRoutes changes;
  const FeedRoutes feeds;
  ExtractRoutes extracts;
  DeployedRoutes deployed;
  StatementRoutes statements;
  const SubscriptionRoutes subscriptions;
  JournalRoutes journal;
  const OpeningRoutes openings;
  const PartyRoutes parties;
  const OversightRoutes oversight;
  const ReportRoutes reports;
  TrayRoutes tray;
  const SessionRoutes own_sessions;
  const ConsentRoutes consents;
  OperationRoutes operation;
};

}  // namespace cpl
