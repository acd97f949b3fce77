// What the programs themselves take, as the system counts it: cpld as it is installed, on the
// prepared log, until it listens and after some thousand reads of all kinds; and cpl audit of it.
#include <unistd.h>

#include "tools/bench/bench.hpp"
#include "tools/bench/load.hpp"
#include "tools/bench/service.hpp"
#include "tools/shared/files.hpp"

namespace cpl::bench {
namespace {

constexpr double mebibytes_target = 150;
constexpr double audit_mebibytes_target = 300;
constexpr double start_milliseconds_target = 5000;

std::vector<Bytes> read_requests(const Prepared& prepared, std::size_t models) {
  std::vector<Bytes> requests;
  for (const std::string& id : prepared.ids) requests.push_back(get_request("/v1/models/" + id));
  for (std::uint64_t tile = 0; tile < models / tile_width; ++tile) {
    requests.push_back(get_request("/" + tile_path({0, tile, tile_width, false})));
    requests.push_back(get_request("/" + tile_path({0, tile, tile_width, true})));
  }
  for (std::size_t i = 0; i + 1 < prepared.ids.size(); i += 100) {
    requests.push_back(get_request("/v1/models?limit=500&after=" + prepared.ids[i]));
    requests.push_back(get_request("/v1/models/" + prepared.removed.text() + "/evidence"));
  }
  return requests;
}

Result<void> measure_audit_memory(Bench& bench, std::uint16_t port) {
  const std::filesystem::path cpl = bench.options.cpld.parent_path() / "cpl";
  if (access(cpl.c_str(), X_OK) != 0) {
    bench.report.skip("memory.audit", cpl.string() + " cannot be run; see --cpld");
    return {};
  }
  const std::filesystem::path policy = bench.folder / "policy.txt";
  const std::string log = "log " + bench.people.log.verifier().to_string() + "\nquorum none\n";
  TRY_VOID(write_file(policy, log, Secrecy::open));
  const auto audit =
      TRY(Child::start({cpl.string(), "audit", "http://127.0.0.1:" + std::to_string(port),
                        "--policy", policy.string()},
                       bench.folder / "audit-output"));
  const Child::Ended ended = audit->await_end();
  if (!ended.well) return refuse("audit-failed", "cpl audit did not find the log sound");
  bench.report.add({"memory.audit",
                    "Resident memory of cpl audit at its peak.",
                    "MiB",
                    {ended.mebibytes_max},
                    {},
                    {},
                    Target{Bound::at_most, audit_mebibytes_target}});
  return {};
}

}  // namespace

Result<void> measure_memory(Bench& bench) {
  if (access(bench.options.cpld.c_str(), X_OK) != 0) {
    bench.report.skip("memory", bench.options.cpld.string() + " cannot be run; see --cpld");
    return {};
  }
  const Prepared* prepared = TRY(bench.prepare());
  const std::uint16_t port = free_port();
  const auto from = Clock::now();
  const auto cpld = TRY(start_cpld(bench, prepared->folder, bench.folder / "memory", port));
  bench.report.add({"start.service",
                    "From the start of cpld over " + std::to_string(bench.options.models) +
                        " models until it listens.",
                    "ms",
                    {seconds_since(from) * 1000},
                    {},
                    {},
                    Target{Bound::at_most, start_milliseconds_target}});
  const double at_start = resident_mebibytes(cpld->id());
  const auto requests = read_requests(*prepared, bench.options.models);
  const LoadResult result = TRY(run_load({port, requests, 32, bench.options.threads, {}}));
  const auto answered = result.statuses.find(200);
  if (answered == result.statuses.end() || answered->second != requests.size()) {
    return refuse("reads-failed", "not all reads were answered with success");
  }
  bench.report.add(
      {"memory.start", "Resident memory of cpld once it listens.", "MiB", {at_start}, {}, {}, {}});
  bench.report.add({"memory.after_reads",
                    "The same after " + std::to_string(requests.size()) + " reads of all kinds.",
                    "MiB",
                    {resident_mebibytes(cpld->id())},
                    {},
                    {},
                    Target{Bound::at_most, mebibytes_target}});
  return measure_audit_memory(bench, port);
}

}  // namespace cpl::bench
