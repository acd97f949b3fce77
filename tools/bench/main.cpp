// cpl-bench: what the registry can do on this machine, each figure beside the limit that the
// machine itself sets. Takes no network but the loopback and leaves nothing behind.
#include "tools/bench/bench.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <iostream>

#include "tools/shared/cores.hpp"

namespace cpl::bench {
namespace {

struct Measurement {
  std::string name;
  Result<void> (*measure)(Bench&);
};

const std::vector<Measurement>& measurements() {
  static const std::vector<Measurement> all = {{"accept", measure_accept},
                                               {"read", measure_read},
                                               {"pages", measure_pages},
                                               {"evidence", measure_evidence},
                                               {"audit", measure_audit},
                                               {"start", measure_start},
                                               {"memory", measure_memory},
                                               {"witness", measure_witness},
                                               {"streams", measure_streams},
                                               {"deliveries", measure_deliveries},
                                               {"first_octet", measure_first_octet},
                                               {"backlog", measure_backlog}};
  return all;
}

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const Measurement& one : measurements()) names.push_back(one.name);
  return names;
}

// Most measurements have both ends of every connection in this process.
void allow_many_files() {
  rlimit limit{};
  check(getrlimit(RLIMIT_NOFILE, &limit) == 0);
  limit.rlim_cur = limit.rlim_max;
  check(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

int measure(const Options& options, const std::vector<std::string>& only,
            const std::filesystem::path& parent, Report::Form form) {
  const auto start = Clock::now();
  const TemporaryFolder folder(parent);
  const People people = People::make();
  Report report(form, folder.path().string());
  Bench bench{options, people, folder.path(), report, {}};
  for (const Measurement& one : measurements()) {
    if (!only.empty() && std::find(only.begin(), only.end(), one.name) == only.end()) continue;
    if (const auto done = one.measure(bench); !done) {
      std::cerr << "cpl-bench: " << one.name << ": " << done.error().detail << "\n";
      return 1;
    }
  }
  report.finish(seconds_since(start));
  return 0;
}

int run(int argc, char** argv) {
  CLI::App app("Measures the registry against the limits of this machine");
  app.footer("Example:\n  cpl-bench --only accept --rounds 5");
  Options options;
  options.threads = all_cores();
  options.cpld = std::filesystem::path(argv[0]).parent_path() / "cpld";
  std::vector<std::string> only;
  std::string parent = std::filesystem::temp_directory_path().string();
  bool json = false;
  app.add_option("--only", only, "Measure this alone; may be repeated")
      ->check(CLI::IsMember(names()));
  app.add_option("--rounds", options.rounds, "How often each figure is measured")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--models", options.models, "Models of the prepared log")
      ->check(CLI::Range(600, 1'000'000))
      ->capture_default_str();
  app.add_option("--backlog", options.backlog, "Events that 500 subscriptions are behind")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app.add_option("--cpld", options.cpld, "The service whose memory is measured")
      ->capture_default_str();
  app.add_option("--folder", parent, "Where the temporary folder is made")->capture_default_str();
  app.add_flag("--json", json, "Print one JSON object");
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  allow_many_files();
  return measure(options, only, parent, json ? Report::Form::json : Report::Form::text);
}

}  // namespace

TemporaryFolder::TemporaryFolder(const std::filesystem::path& parent) {
  std::string name = (parent / "cpl-bench-XXXXXX").string();
  check(mkdtemp(name.data()) != nullptr);
  check(chmod(name.c_str(), 0755) == 0);  // nginx gives up its rights before it reads.
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Result<const Prepared*> Bench::prepare() {
  if (!prepared) {
    prepared = TRY(prepare_log(folder / "prepared", people, options.models, options.threads));
  }
  return &*prepared;
}

double processor_seconds() {
  timespec used{};
  check(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

VerificationRate measure_verifications(unsigned threads, std::chrono::milliseconds time) {
  const PrivateKey key = PrivateKey::generate(KeyAlgorithm::ed25519);
  const Bytes message(1200, 'm');  // About what an addition has.
  const Bytes signature = key.sign(message);
  std::atomic<std::uint64_t> verified = 0;
  const double processor_start = processor_seconds();
  const auto start = Clock::now();
  in_parallel(threads, threads, [&](std::size_t) {
    std::uint64_t mine = 0;
    for (; Clock::now() - start < time; ++mine) {
      check(key.public_key().verify(message, signature));
    }
    verified += mine;
  });
  const auto count = static_cast<double>(verified);
  return {count / seconds_since(start), count / (processor_seconds() - processor_start)};
}

double syncs_per_second(const std::filesystem::path& folder, std::chrono::milliseconds time) {
  const std::filesystem::path path = folder / "syncs";
  const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
  check(file >= 0);
  const Bytes block(4096, 'b');
  std::uint64_t synced = 0;
  const auto start = Clock::now();
  for (; Clock::now() - start < time; ++synced) {
    check(write(file, block.data(), block.size()) == static_cast<ssize_t>(block.size()));
    check(fdatasync(file) == 0);
  }
  const double seconds = seconds_since(start);
  close(file);
  std::filesystem::remove(path);
  return static_cast<double>(synced) / seconds;
}

}  // namespace cpl::bench

int main(int argc, char** argv) {
  try {
    return cpl::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "cpl-bench: " << error.what() << "\n";
    return 1;
  }
}
