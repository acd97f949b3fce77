#include "tools/ui/audit_run.hpp"

#include <nlohmann/json.hpp>

#include "crypto/note.hpp"
#include "registry/base/printed_json.hpp"
#include "registry/extract/audit.hpp"
#include "registry/statement/statement.hpp"
#include "tools/shared/audit_html.hpp"
#include "tools/shared/fetch.hpp"
#include "tools/shared/version.hpp"

namespace cpl {
namespace {

// A registry that answers ever more slowly keeps no thread here for ever.
constexpr std::chrono::hours audit_time_max{24};

std::uint64_t millis_since(std::chrono::steady_clock::time_point begun) {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::steady_clock::now() - begun)
                                        .count());
}

// The id of entry 0, where the audit replays it.
std::optional<Hash> id_of_first(const Entry& entry) {
  const auto note = parse_note(entry.statement);
  return note ? std::optional(statement_id(note->text)) : std::nullopt;
}

}  // namespace

AuditRun::~AuditRun() {
  stop();
  std::thread ending;
  {
    const Lock lock(mutex_);  // Which the audit takes once more before it ends.
    ending = std::move(thread_);
  }
  if (ending.joinable()) ending.join();
}

void AuditRun::stop() { stop_ = true; }

Result<void> AuditRun::start(AuditTask task) {
  const Lock lock(mutex_);
  if (last_.is_running) {
    return refuse("audit-running", "An audit is under way. Stop it first, or wait until it ends.");
  }
  if (thread_.joinable()) thread_.join();  // It has ended.
  stop_ = false;
  done_ = 0;
  of_ = 0;
  first_done_ = 0;
  begun_ = std::chrono::steady_clock::now();
  last_ = {};
  last_.is_running = true;
  thread_ = std::thread([this, moved = std::move(task)]() mutable { run(std::move(moved)); });
  return {};
}

AuditProgress AuditRun::progress() {
  const Lock lock(mutex_);
  AuditProgress now = last_;
  if (!now.is_running) return now;
  now.is_stopping = stop_;
  now.done = done_;
  now.of = of_;
  if (first_done_ == 0) first_done_ = now.done;
  const std::uint64_t millis = std::max<std::uint64_t>(1, millis_since(begun_));
  now.entries_each_second = (now.done - std::min(now.done, first_done_)) * 1000 / millis;
  return now;
}

void AuditRun::run(AuditTask task) {
  auto report = audit_once(task);
  const Lock lock(mutex_);
  last_ = {};
  if (report) {
    last_.report = *std::move(report);
  } else {
    last_.failure = report.error();
  }
}

// An answer that is not asked for any more ends the audit without an outcome, and finds nothing.
FetchResource AuditRun::stoppable(FetchResource fetch) const {
  const auto deadline = std::chrono::steady_clock::now() + audit_time_max;
  return [this, deadline, fetch = std::move(fetch)](const std::string& path) -> Result<Bytes> {
    if (stop_) {
      return Error{Errc::unavailable, "audit-stopped",
                   "The audit was stopped before its end. It says nothing of the log."};
    }
    if (std::chrono::steady_clock::now() > deadline) {
      return Error{Errc::unavailable, "audit-too-long",
                   "The audit took longer than a day. It says nothing of the log."};
    }
    return fetch(path);
  };
}

Result<std::string> AuditRun::audit_once(AuditTask& task) {
  const auto begun = std::chrono::steady_clock::now();
  AuditLedger ledger = TRY(shelf_.read_state(task.origin, task.policy));
  if (task.from_start) ledger = AuditLedger::from_start(std::move(ledger.checkpoint));
  if (!task.options.charter) task.options.charter = TRY(shelf_.read_charter(task.origin));
  std::optional<Hash> first = task.options.charter;
  task.options.on_entry = [&](const Entry& entry, const Change&) {
    if (entry.index.value == 0 && !first) first = id_of_first(entry);
  };
  task.options.on_progress = [this](std::uint64_t done, std::uint64_t of) {
    done_ = done;
    of_ = of;
  };
  const FetchResource fetch = stoppable(fetch_from(task.source, task.answer_time_max));
  const AuditReport report = TRY(audit_with_extracts(fetch, task.policy, task.options, ledger));
  if (report.findings.empty()) {
    TRY_VOID(shelf_.keep_state(task.origin, ledger));
    if (first) TRY_VOID(shelf_.keep_charter(task.origin, *first));
  }
  const std::uint64_t duration = millis_since(begun);
  const AuditPage page{.report = report,
                       .audited_at = task.options.now,
                       .duration_millis = duration,
                       .source = task.source,
                       .program = "cpl " + std::string(version)};
  return shelf_.keep_report(task.options.now, printed_json(to_json(report, duration)) + "\n",
                            audit_html(page));
}

}  // namespace cpl
