// What needs no socket: evidence, the audit, and opening a log.
#include "registry/audit/audit.hpp"
#include "registry/evidence/verdict.hpp"
#include "registry/query/evidence_builder.hpp"
#include "registry/tlog/entry.hpp"
#include "tools/bench/bench.hpp"

namespace cpl::bench {
namespace {

constexpr std::size_t evidence_repeats = 100;
constexpr std::chrono::milliseconds calibration{500};
constexpr double build_ms_target = 2;
constexpr double judge_ms_target = 3;
constexpr double state_proof_ms_target = 1;
// Of a long log more: its last bundle, which one core reads alone, counts for less.
constexpr double audit_target = 0.80;
constexpr double long_audit_target = 0.85;
constexpr std::size_t long_audit_models = 1'000'000;

// Of processor time.
double median_milliseconds_of(const std::function<void()>& work) {
  std::vector<double> times;
  for (std::size_t i = 0; i < evidence_repeats; ++i) {
    const double start = processor_seconds();
    work();
    times.push_back((processor_seconds() - start) * 1000);
  }
  return median(std::move(times));
}

// Under the statements of all entries, and one under the checkpoint.
std::size_t signatures_in(const Evidence& evidence) {
  std::size_t count = 1;
  for (const ProvenEntry& proven : evidence.entries) {
    const auto entry = parse_entry(proven.leaf);
    check(entry.has_value());
    const auto note = parse_note(entry->statement);
    check(note.has_value());
    count += note->signatures.size();
  }
  return count;
}

// What a mirror serves: the published paths, answered from the log itself.
Result<Bytes> resource_of(const LogView& log, const std::string& path) {
  if (path == "checkpoint") return log.checkpoint_note();
  const auto tile = parse_tile_path(path);
  if (!tile) return Error{Errc::not_found, "not-found", path + " is no tile"};
  return log.tile(*tile);
}

// Of each of many models, with what proves it: the worst of a hundred in each round.
Result<void> measure_state_proofs(Bench& bench, const LogView& view, const Prepared& prepared) {
  Figure proof{
      "evidence.state",
      "Proving the state of a model, the slowest of " + std::to_string(evidence_repeats) + ".",
      "ms",
      {},
      {},
      {},
      Target{Bound::at_most, state_proof_ms_target}};
  for (std::size_t round = 0; round < bench.options.rounds; ++round) {
    double slowest = 0;
    for (std::size_t i = 0; i < evidence_repeats; ++i) {
      const auto at = (round + i * 37) % prepared.ids.size();
      const ModelId model = TRY(ModelId::parse(prepared.ids[at]));
      const double start = processor_seconds();
      TRY(view.state_proof(model, view.size()));
      slowest = std::max(slowest, (processor_seconds() - start) * 1000);
    }
    proof.values.push_back(slowest);
  }
  bench.report.add(std::move(proof));
  return {};
}

}  // namespace

Result<void> measure_evidence(Bench& bench) {
  const Prepared* prepared = TRY(bench.prepare());
  const auto open = TRY(open_log(prepared->folder, bench.people));
  const auto view = open->log->view();
  const Evidence evidence = TRY(build_removal_evidence(*view, prepared->removed));
  const Bytes file = format_evidence(evidence);
  const TrustPolicy policy = TrustPolicy::of_log(bench.people.log.verifier());
  const JudgeOptions judge_options{open->clock.now()};
  if (judge_file(file, policy, judge_options).outcome != Outcome::valid) {
    return refuse("evidence-invalid", "the evidence of the prepared log is not valid");
  }
  Figure build{"evidence.build",
               "Building the evidence of a removal as a file.",
               "ms",
               {},
               {},
               {},
               Target{Bound::at_most, build_ms_target}};
  Figure judged{"evidence.judge",
                "Judging it offline, from the file.",
                "ms",
                {},
                "its signature checks alone",
                {},
                {}};
  Figure rest{"evidence.judge_rest",
              "Judging it without its signature checks.",
              "ms",
              {},
              {},
              {},
              Target{Bound::at_most, judge_ms_target}};
  for (std::size_t round = 0; round < bench.options.rounds; ++round) {
    judged.limits.push_back(static_cast<double>(signatures_in(evidence)) * 1000 /
                            measure_verifications(1, calibration).per_processor_second);
    build.values.push_back(median_milliseconds_of([&] {
      const auto built = build_removal_evidence(*view, prepared->removed);
      check(built && format_evidence(*built).size() == file.size());
    }));
    judged.values.push_back(
        median_milliseconds_of([&] { judge_file(file, policy, judge_options); }));
    rest.values.push_back(std::max(0.0, judged.values.back() - judged.limits.back()));
  }
  bench.report.add(std::move(build));
  bench.report.add(std::move(judged));
  bench.report.add(std::move(rest));
  bench.report.add({"evidence.size",
                    "The evidence file.",
                    "octets",
                    {static_cast<double>(file.size())},
                    {},
                    {},
                    {}});
  return measure_state_proofs(bench, *view, *prepared);
}

Result<void> measure_audit(Bench& bench) {
  const Prepared* prepared = TRY(bench.prepare());
  const auto open = TRY(open_log(prepared->folder, bench.people));
  const auto view = open->log->view();
  const TrustPolicy policy = TrustPolicy::of_log(bench.people.log.verifier());
  AuditOptions options;
  options.threads = bench.options.threads;
  Figure entries{
      "audit.entries", "Entries of a full audit, read from the log itself.", "/s", {}, {}, {}, {}};
  Figure signatures{
      "audit.signatures",
      "Signatures checked by the audit.",
      "/s",
      {},
      "the signature checks of all cores",
      {},
      Target{Bound::at_least,
             bench.options.models < long_audit_models ? audit_target : long_audit_target}};
  for (std::size_t round = 0; round < bench.options.rounds; ++round) {
    const VerificationRate before = measure_verifications(options.threads, calibration);
    const auto start = Clock::now();
    const AuditReport report = TRY(
        audit([&](const std::string& path) { return resource_of(*view, path); }, policy, options));
    const double seconds = seconds_since(start);
    const VerificationRate after = measure_verifications(options.threads, calibration);
    if (!report.findings.empty()) return refuse("audit-finding", report.findings[0].detail);
    entries.values.push_back(static_cast<double>(report.entries) / seconds);
    signatures.values.push_back(static_cast<double>(report.signatures) / seconds);
    signatures.limits.push_back((before.per_second + after.per_second) / 2);
  }
  bench.report.add(std::move(entries));
  bench.report.add(std::move(signatures));
  return {};
}

Result<void> measure_start(Bench& bench) {
  const Prepared* prepared = TRY(bench.prepare());
  const std::filesystem::path empty = bench.folder / "empty";
  std::filesystem::create_directories(empty);
  Figure start{"start.open",
               "Opening the log of " + std::to_string(bench.options.models) +
                   " models, "
                   "its database included, until it could answer.",
               "ms",
               {},
               "opening an empty log",
               {},
               {}};
  for (std::size_t round = 0; round < bench.options.rounds; ++round) {
    for (const bool is_empty : {true, false}) {
      const auto from = Clock::now();
      const auto open = TRY(open_log(is_empty ? empty : prepared->folder, bench.people));
      (is_empty ? start.limits : start.values).push_back(seconds_since(from) * 1000);
    }
  }
  bench.report.add(std::move(start));
  return {};
}

}  // namespace cpl::bench
