// How the service fares. Strangers are told whether it takes statements, and by a code why not;
// figures and reasons, which tell of Parties and of this machine, are for those who look after it.
#include "api/routes/operation.hpp"

#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/not_ready.hpp"
#include "registry/base/metric_text.hpp"

namespace cpl {
namespace {

void put_times(MetricText& text, const OperationRoutes::Parts& parts, const NotifierStats& stats) {
  text.histogram("cpl_commit_seconds",
                 "From taking up a batch of statements until it was durable, signed and shown.",
                 parts.sequencer.commit_times());
  text.histogram("cpl_delivery_seconds",
                 "From sending an event until its receiver took it, in whole milliseconds.",
                 stats.delivery_times);
  text.histogram("cpl_evidence_seconds", "To gather the evidence that somebody asked for.",
                 parts.evidence_times.counts());
}

}  // namespace

Result<HttpResponse> OperationRoutes::readiness(const Call& call) const {
  const auto refused = parts.log.refusal();
  if (!refused) return text_response(200, "text/plain", "ready\n");
  return parts.access.caretaker(call.request) ? *refused : without_reason(*refused);
}

Result<HttpResponse> OperationRoutes::checkpoint(const Call& call) const {
  const Bytes& note = call.published.checkpoint_note();
  if (note.empty()) {
    if (const auto refused = public_refusal(parts.log)) return *refused;
    return Error{Errc::unavailable, "not-published-yet",
                 "the witnesses have not cosigned a checkpoint of this log yet"};
  }
  call.keep_published();
  return text_response(200, "text/plain; charset=utf-8", note);
}

Result<HttpResponse> OperationRoutes::back_up(const Call&) const {
  // A copy of what is damaged would be taken for a backup.
  if (const auto refused = parts.log.refusal(); refused && refused->code == "store-damaged") {
    return *refused;
  }
  if (!make_backup) {
    return Error{Errc::unavailable, "backup-not-configured",
                 "operator.backup_dir is not set in the service's configuration"};
  }
  const BackupMade made = TRY(make_backup());
  return json_response(201, {{"folder", made.folder}, {"size", made.size.value}});
}

Result<HttpResponse> OperationRoutes::metrics(const Call&) const {
  return text_response(200, "text/plain; version=0.0.4; charset=utf-8", metric_lines());
}

std::string OperationRoutes::metric_lines() const {
  const NotifierStats stats = parts.notifier.stats();
  MetricText text;
  text.single("cpl_log_size", "gauge", "Entries under the published checkpoint.",
              parts.log.view()->size().value);
  text.single("cpl_ready", "gauge", "1 while statements are taken.", parts.log.trouble() ? 0 : 1);
  if (const auto trouble = parts.log.trouble()) {
    text.begin("cpl_not_ready_reason", "gauge", "Why no statements are taken.");
    text.sample("reason", trouble->code + ": " + trouble->detail, 1);
  }
  text.single("cpl_statements_accepted_total", "counter", "Statements that became entries.",
              parts.statements.accepted.load(std::memory_order_relaxed));
  text.single("cpl_statements_repeated_total", "counter",
              "Statements that were in the log already.",
              parts.statements.repeated.load(std::memory_order_relaxed));
  text.single("cpl_statements_refused_total", "counter", "Statements that were refused.",
              parts.statements.refused.load(std::memory_order_relaxed));
  text.single("cpl_subscriptions", "gauge", "Subscriptions.", stats.subscriptions);
  text.single("cpl_subscriptions_quarantined", "gauge",
              "Subscriptions whose endpoint keeps failing.", stats.quarantined);
  text.single("cpl_subscriptions_pending", "gauge",
              "Subscriptions whose receiver is not verified yet.", stats.pending);
  text.single("cpl_subscriptions_paused", "gauge", "Subscriptions that their owner has paused.",
              stats.paused);
  text.single("cpl_subscription_quarantines_total", "counter",
              "Times that an endpoint was quarantined.", stats.quarantines);
  text.single("cpl_subscription_recoveries_total", "counter", "Times that one left its quarantine.",
              stats.recoveries);
  text.single("cpl_deliveries_total", "counter", "Events delivered.", stats.delivered);
  text.single("cpl_delivery_failures_total", "counter", "Attempts that failed.", stats.failed);
  text.single("cpl_desk_escalations_untold", "gauge",
              "Late steps whose named contact has no active subscription.", stats.untold);
  text.single("cpl_delivery_lag_entries", "gauge",
              "Entries behind the head of the slowest subscription.", stats.behind_max);
  text.single("cpl_stored_data_faults_total", "counter",
              "Times that stored data could not be read.", parts.problems.faults() + stats.faults);
  if (parts.reports != nullptr) {
    text.single("cpl_reports_waiting", "gauge", "Reports that have no answer yet.",
                parts.reports->waiting());
  }
  const StreamLimits::Stats streams = parts.streams.stats();
  text.single("cpl_streams", "gauge", "Open streams of changes, and polls that wait.",
              streams.open);
  text.single("cpl_streams_refused_total", "counter", "Streams beyond a limit.", streams.refused);
  if (parts.reads != nullptr) {
    const ReadPool::Stats reads = parts.reads->stats();
    text.single("cpl_reads_waiting", "gauge", "Long reads that wait for their turn.",
                reads.waiting);
    text.single("cpl_reads_refused_total", "counter", "Long reads for which too much waited.",
                reads.refused);
  }
  put_times(text, parts, stats);
  std::string out = text.take();
  // Where the store cannot be read, the rest is all the more wanted.
  if (const auto desk = parts.desk.metrics(*parts.log.view(), parts.clock.now())) out += *desk;
  out += parts.extracts.metrics();
  if (extra_metrics) out += extra_metrics();
  return out;
}

}  // namespace cpl
