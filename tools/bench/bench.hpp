// What the measurements share: figures that are ratios to a limit measured in the same run, the
// temporary folder they work in, and the one registry that most of them measure.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>

#include "tools/bench/registry.hpp"

namespace cpl::bench {

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Processor time this process has used, in all its threads: steadier than the clock on the wall
// where others share the machine.
double processor_seconds();

enum class Bound : std::uint8_t { at_least, at_most };

struct Target {
  Bound bound{};
  double value = 0;
};

// One value for each round; with a limit, as many limits, each measured beside its value.
struct Figure {
  std::string name;  // Stable: the key in the JSON.
  std::string what;
  std::string unit;
  std::vector<double> values;
  std::string limit_name;
  std::vector<double> limits;
  std::optional<Target> target;  // For the ratio where there are limits, else for the value.

  std::vector<double> ratios() const;
  std::optional<bool> met() const;  // By the median.
};

double median(std::vector<double> values);
double quantile(std::vector<double> values, double q);

class Report {
 public:
  void add(Figure figure);
  void skip(const std::string& name, const std::string& why);

  enum class Form : std::uint8_t { text, json };
  // As text each figure is shown when it is there; as JSON all of them at the end.
  Report(Form form, std::string data_folder);
  void finish(double seconds);

 private:
  const Form form_;
  const std::string data_folder_;
  std::vector<Figure> figures_;
  std::map<std::string, std::string> skipped_;
};

// Made under `parent`, readable by everybody, removed with all it holds.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::filesystem::path& parent);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Options {
  std::size_t rounds = 3;
  std::size_t models = 10'000;
  std::size_t backlog = 500;  // Events that each subscription is behind.
  unsigned threads = 2;       // As many as the machine has cores.
  std::filesystem::path cpld;
};

struct Bench {
  const Options& options;
  const People& people;
  const std::filesystem::path& folder;
  Report& report;
  std::optional<Prepared> prepared;

  // The log of options.models models and one removal; made when first asked for.
  Result<const Prepared*> prepare();
};

// Ed25519 verifications on so many threads at once: the limit of what takes statements.
struct VerificationRate {
  double per_second = 0;
  double per_processor_second = 0;
};
VerificationRate measure_verifications(unsigned threads, std::chrono::milliseconds time);
// Appends of 4 KiB that are made durable one after another.
double syncs_per_second(const std::filesystem::path& folder, std::chrono::milliseconds time);

Result<void> measure_accept(Bench& bench);
Result<void> measure_read(Bench& bench);
Result<void> measure_pages(Bench& bench);
Result<void> measure_evidence(Bench& bench);
Result<void> measure_audit(Bench& bench);
Result<void> measure_start(Bench& bench);
Result<void> measure_memory(Bench& bench);
Result<void> measure_witness(Bench& bench);
Result<void> measure_streams(Bench& bench);
Result<void> measure_deliveries(Bench& bench);
Result<void> measure_first_octet(Bench& bench);
Result<void> measure_backlog(Bench& bench);

}  // namespace cpl::bench
