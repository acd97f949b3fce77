#include "api/routes/services.hpp"

#include "api/routes/sign_in.hpp"

namespace cpl {
namespace {

std::unique_ptr<ReadPool> read_pool(unsigned threads) {
  if (threads == 0) return nullptr;
  return std::make_unique<ReadPool>(ReadPool::Options{.threads = threads});
}

}  // namespace

Services::Services(Log& log, Sequencer& sequencer, Notifier& notifier, const Clock& clock,
                   ApiOptions given)
    : registry_log(log),
      options(std::move(given)),
      published(options.published ? options.published : [&log] { return log.view(); }),
      problems(options.tell_fault, clock, options.problem_base),
      access(options.parties, options.operator_token_sha256, options.metrics_token_sha256),
      idempotency(options.answers, clock, options.problem_base),
      feed(options.events, options.cache_octets_max / 4),
      stream_limits(options.stream_limits),
      desk(options.desk),
      statement_rate(options.statement_rate),
      sessions(options.parties, clock, {}),
      sign_in_rate({.per_second = 1, .burst = sign_in_burst_seconds}),
      reads(read_pool(options.read_threads)),
      status{log, options.desk, options.extracts, options.cosigning},
      models{clock},
      forecast(clock),
      decisions{options.desk},
      notices{options.desk, options.log_key, clock},
      changes{.feed = feed,
              .limits = stream_limits,
              .published = published,
              .clock = clock,
              .type_prefix = options.events.type_prefix},
      feeds{feed, {options.public_url, options.events}, clock},
      extracts(log, clock, statement_rate, options.extracts, options.desk.limits.load_hours),
      deployed{options.deployed},
      statements(log, sequencer, clock, statement_rate, problems, options.log_key.name()),
      subscriptions{.notifier = notifier,
                    .log = log,
                    .clock = clock,
                    .type_prefix = options.events.type_prefix,
                    .check_target = options.check_target,
                    .mail = options.mail},
      journal(options.journal, clock),
      openings{.shelf = options.openings, .notifier = notifier, .clock = clock, .journal = journal},
      parties{.book = options.parties, .notifier = notifier, .clock = clock, .desk = options.desk},
      oversight{.notifier = notifier, .type_prefix = options.events.type_prefix},
      reports{options.reports, clock},
      tray({.book = options.tray,
            .holders = options.tray_holders,
            .log = log,
            .clock = clock,
            .statements = statements,
            .journal = journal,
            .origin = options.log_key.name(),
            .mail = options.mail,
            .tell_fault = options.tell_fault}),
      own_sessions{sessions},
      consents{notifier},
      operation{.parts = {.log = log,
                          .notifier = notifier,
                          .clock = clock,
                          .access = access,
                          .problems = problems,
                          .statements = statements.counts(),
                          .sequencer = sequencer,
                          .evidence_times = evidence_times,
                          .streams = stream_limits,
                          .desk = desk,
                          .extracts = extracts,
                          .reports = options.reports.get(),
                          .reads = reads.get()},
                .make_backup = options.make_backup} {}

}  // namespace cpl
