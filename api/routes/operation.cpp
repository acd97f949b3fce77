// How the service fares. Strangers are told whether it takes statements, and by a code why not;
// figures and reasons, which tell of Parties and of this machine, are for those who look after it.
#include "api/http/bearer.hpp"
#include "api/routes/api.hpp"
#include "crypto/hash.hpp"
#include "registry/base/metric_text.hpp"

namespace cpl {
namespace {

// What whoever is turned away may know.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> told_of_codes = {
    {{"store-damaged", "its stored data is damaged, and its operator is told what to do"},
     {"write-failed", "it cannot write them down, and goes on by itself once it can"},
     {"clock-wrong", "its clock cannot be right, and it goes on by itself once it is"},
     {"witness-alarm", "a witness showed another history of it, and its operator is told"}}};

Error without_reason(const Error& refused) {
  std::string_view why = "its operator is told why";
  for (const auto& [code, sentence] : told_of_codes) {
    if (refused.code == code) why = sentence;
  }
  return Error{refused.errc, refused.code,
               "the registry takes no statements at present: " + std::string(why)};
}

}  // namespace

std::optional<Error> Api::refusal() const {
  const auto refused = log_.refusal();
  if (!refused) return std::nullopt;
  return without_reason(*refused);
}

bool Api::looks_after_us(const HttpRequest& request) const {
  const auto token = bearer_token_hash(request);
  const auto is_of = [&](const std::optional<Hash>& known) {
    return token && known && equal_in_constant_time(token->view(), known->view());
  };
  return is_of(options_.operator_token_sha256) || is_of(options_.metrics_token_sha256);
}

HttpResponse Api::readiness(const HttpRequest& request) const {
  const auto refused = log_.refusal();
  if (!refused) return text_response(200, "text/plain", "ready\n");
  return problem(looks_after_us(request) ? *refused : without_reason(*refused));
}

HttpResponse Api::metrics_for(const HttpRequest& request) const {
  if (!looks_after_us(request)) {
    return for_them_alone(problem(credentials_missing("of the operator, or the one for metrics")));
  }
  return for_them_alone(text_response(200, "text/plain; version=0.0.4; charset=utf-8", metrics()));
}

std::string Api::metrics() const {
  const NotifierStats stats = notifier_.stats();
  MetricText text;
  text.single("cpl_log_size", "gauge", "Entries under the published checkpoint.",
              log_.view()->size().value);
  text.single("cpl_ready", "gauge", "1 while statements are taken.", log_.trouble() ? 0 : 1);
  if (const auto trouble = log_.trouble()) {
    text.begin("cpl_not_ready_reason", "gauge", "Why no statements are taken.");
    text.sample("reason", trouble->code + ": " + trouble->detail, 1);
  }
  text.single("cpl_statements_accepted_total", "counter", "Statements that became entries.",
              statements_accepted_.load(std::memory_order_relaxed));
  text.single("cpl_statements_repeated_total", "counter",
              "Statements that were in the log already.",
              statements_repeated_.load(std::memory_order_relaxed));
  text.single("cpl_statements_refused_total", "counter", "Statements that were refused.",
              statements_refused_.load(std::memory_order_relaxed));
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
              "Late steps that somebody is named for who has no active subscription.",
              stats.untold);
  text.single("cpl_delivery_lag_entries", "gauge",
              "Entries behind the head of the slowest subscription.", stats.behind_max);
  text.single("cpl_stored_data_faults_total", "counter",
              "Times that stored data could not be read.", faults_.count() + stats.faults);
  if (options_.reports) {
    text.single("cpl_reports_waiting", "gauge", "Reports that have no answer yet.",
                options_.reports->waiting());
  }
  const StreamLimits::Stats streams = stream_limits_.stats();
  text.single("cpl_streams", "gauge", "Open streams of changes, and polls that wait.",
              streams.open);
  text.single("cpl_streams_refused_total", "counter", "Streams beyond a limit.", streams.refused);
  if (reads_) {
    const ReadPool::Stats reads = reads_->stats();
    text.single("cpl_reads_waiting", "gauge", "Long reads that wait for their turn.",
                reads.waiting);
    text.single("cpl_reads_refused_total", "counter", "Long reads for which too much waited.",
                reads.refused);
  }
  std::string out = text.take();
  // Where the store cannot be read, the rest is all the more wanted.
  if (const auto desk = desk_.metrics(*log_.view(), clock_.now())) out += *desk;
  if (extra_metrics_) out += extra_metrics_();
  return out;
}

}  // namespace cpl
