#include "tools/bench/service.hpp"

#include <fstream>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "tools/shared/files.hpp"

namespace cpl::bench {
namespace {

Result<std::filesystem::path> write_config(const Bench& bench, const std::filesystem::path& data,
                                           const std::filesystem::path& folder,
                                           std::uint16_t port) {
  std::filesystem::create_directories(folder);
  TRY_VOID(write_file(folder / "log.key", bench.people.log.to_key_file(), Secrecy::secret));
  TRY_VOID(write_file(folder / "notice.key", to_base64(random_bytes(32)) + "\n", Secrecy::secret));
  const std::string config =
      "origin = \"" + origin + "\"\ndata_dir = \"" + data.string() +
      "\"\nlog_key_file = \"log.key\"\nnotice_key_file = \"notice.key\"\n" +
      "public_url = \"http://127.0.0.1\"\n" +
      "event_type_prefix = \"example.bench\"\n[server]\nport = " + std::to_string(port) +
      "\nthreads = " + std::to_string(bench.options.threads) +
      "\nconnections_max = 20000\nconnections_per_address_max = 20000" +
      "\nstreams_max = 20000\nstreams_per_address_max = 20000\n";
  TRY_VOID(write_file(folder / "cpld.toml", config, Secrecy::open));
  return folder / "cpld.toml";
}

}  // namespace

Result<std::unique_ptr<Child>> start_cpld(const Bench& bench, const std::filesystem::path& data,
                                          const std::filesystem::path& folder, std::uint16_t port) {
  const auto config = TRY(write_config(bench, data, folder, port));
  auto cpld = TRY(
      Child::start({bench.options.cpld.string(), "--config", config.string()}, folder / "output"));
  TRY_VOID(await_port(port, *cpld));
  return cpld;
}

double resident_mebibytes(int process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

}  // namespace cpl::bench
