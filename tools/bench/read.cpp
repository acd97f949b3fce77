// Reads under wrk, round by round beside a bare Beast server that has the same bodies in memory and
// nginx that has one of them in a file.
#include "tools/bench/bench.hpp"
#include "tools/bench/load.hpp"
#include "tools/bench/peers.hpp"

namespace cpl::bench {
namespace {

constexpr int wrk_seconds = 2;
constexpr double beast_target = 0.70;
constexpr double nginx_target = 0.80;

struct Resource {
  std::string name;
  std::string what;
  std::string target;
  std::vector<double> ours;
  std::vector<double> beast;
};

}  // namespace

Result<void> measure_read(Bench& bench) {
  if (!find_program("wrk")) {
    bench.report.skip("read", "wrk is not installed");
    return {};
  }
  const Prepared* prepared = TRY(bench.prepare());
  const auto registry =
      TRY(RunningRegistry::start(prepared->folder, bench.people, bench.options.threads));
  std::vector<Resource> resources = {
      {"model", "GET of one model's record.", "/v1/models/" + prepared->ids.front(), {}, {}},
      {"tile", "GET of a full hash tile, 8 KiB.", "/tile/0/000", {}, {}},
      {"bundle", "GET of a full bundle of 256 entries.", "/tile/entries/000", {}, {}}};
  std::map<std::string, Bytes> bodies;
  for (const Resource& resource : resources) {
    bodies[resource.target] = TRY(fetch(registry->port(), resource.target));
  }
  const Bytes tile = bodies.at("/tile/0/000");
  const BeastServer beast(std::move(bodies), bench.options.threads);
  const std::uint16_t nginx_port = free_port();
  std::unique_ptr<Child> nginx;
  if (const auto program = find_program("nginx")) {
    nginx =
        TRY(start_nginx(*program, bench.folder / "nginx", tile, bench.options.threads, nginx_port));
  } else {
    bench.report.skip("read.tile_nginx", "nginx is not installed");
  }
  std::vector<double> of_nginx;
  for (std::size_t round = 0; round < bench.options.rounds; ++round) {
    for (Resource& resource : resources) {
      resource.ours.push_back(TRY(run_wrk(registry->port(), resource.target, wrk_seconds)));
      resource.beast.push_back(TRY(run_wrk(beast.port(), resource.target, wrk_seconds)));
    }
    if (nginx != nullptr) of_nginx.push_back(TRY(run_wrk(nginx_port, "/tile", wrk_seconds)));
  }
  for (const Resource& resource : resources) {
    bench.report.add({"read." + resource.name, resource.what, "/s", resource.ours,
                      "a bare Beast server's", resource.beast,
                      Target{Bound::at_least, beast_target}});
  }
  if (nginx != nullptr) {
    bench.report.add({"read.tile_nginx", "The same tile beside nginx with a static file.", "/s",
                      resources[1].ours, "nginx's", of_nginx,
                      Target{Bound::at_least, nginx_target}});
  }
  return {};
}

}  // namespace cpl::bench
