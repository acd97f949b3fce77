// What the service itself takes, as the system counts it: cpld as it is installed, on the prepared
// log, after some thousand reads of all kinds.
#include <unistd.h>

#include <fstream>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "tools/bench.hpp"
#include "tools/bench_load.hpp"
#include "tools/bench_peers.hpp"
#include "tools/files.hpp"

namespace cpl::bench {
namespace {

constexpr double mebibytes_target = 150;

double resident_mebibytes(int process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

Result<std::filesystem::path> write_config(const Bench& bench, const std::filesystem::path& data,
                                           std::uint16_t port) {
  const std::filesystem::path folder = bench.folder / "memory";
  std::filesystem::create_directories(folder);
  TRY_VOID(write_file(folder / "log.key", bench.people.log.to_key_file(), Secrecy::secret));
  TRY_VOID(write_file(folder / "notice.key", to_base64(random_bytes(32)) + "\n", Secrecy::secret));
  const std::string config =
      "origin = \"" + origin + "\"\ndata_dir = \"" + data.string() +
      "\"\nlog_key_file = \"log.key\"\nnotice_key_file = \"notice.key\"\n" +
      "public_url = \"http://127.0.0.1\"\n" +
      "event_type_prefix = \"example.bench\"\n[server]\nport = " + std::to_string(port) + "\n";
  TRY_VOID(write_file(folder / "cpld.toml", config, Secrecy::open));
  return folder / "cpld.toml";
}

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

}  // namespace

Result<void> measure_memory(Bench& bench) {
  if (access(bench.options.cpld.c_str(), X_OK) != 0) {
    bench.report.skip("memory", bench.options.cpld.string() + " cannot be run; see --cpld");
    return {};
  }
  const Prepared* prepared = TRY(bench.prepare());
  const std::uint16_t port = free_port();
  const auto config = TRY(write_config(bench, prepared->folder, port));
  const auto cpld = TRY(Child::start({bench.options.cpld.string(), "--config", config.string()},
                                     bench.folder / "memory" / "output"));
  TRY_VOID(await_port(port, *cpld));
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
  return {};
}

}  // namespace cpl::bench
