#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "tools/bench/bench.hpp"

namespace cpl::bench {
namespace {

constexpr std::string_view noise =
    "Shared virtual machines are noisy: absolute numbers of two sittings do not compare. Judge the "
    "ratios, which are to limits measured beside the value in the same run.";

double low_of(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}
double high_of(const std::vector<double>& values) {
  return *std::max_element(values.begin(), values.end());
}

// Three digits that count.
std::string number(double value) {
  std::array<char, 64> text{};
  const int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

std::string spread(const std::vector<double>& values) {
  std::string text = number(median(values));
  if (values.size() > 1)
    text += " (" + number(low_of(values)) + "-" + number(high_of(values)) + ")";
  return text;
}

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name"))
      return line.substr(std::min(line.size(), line.find(": ") + 2));
  }
  return "unknown";
}

std::string line_of(const Figure& figure) {
  std::string line = figure.name + ": " + spread(figure.values) + " " + figure.unit;
  if (!figure.limits.empty()) {
    line += "; " + spread(figure.ratios()) + " of " + figure.limit_name + ", " +
            spread(figure.limits) + " " + figure.unit;
  }
  if (figure.target) {
    line += figure.target->bound == Bound::at_least ? "; target >= " : "; target <= ";
    line += number(figure.target->value) + (*figure.met() ? " met" : " MISSED");
  }
  return line + "\n    " + figure.what + "\n";
}

Json json_of(const Figure& figure) {
  Json json = {{"what", figure.what},
               {"unit", figure.unit},
               {"value", median(figure.values)},
               {"low", low_of(figure.values)},
               {"high", high_of(figure.values)}};
  if (!figure.limits.empty()) {
    json["limit_name"] = figure.limit_name;
    json["limit"] = median(figure.limits);
    json["ratio"] = median(figure.ratios());
    json["ratio_low"] = low_of(figure.ratios());
    json["ratio_high"] = high_of(figure.ratios());
  }
  if (figure.target) {
    const bool at_least = figure.target->bound == Bound::at_least;
    json[at_least ? "target_at_least" : "target_at_most"] = figure.target->value;
    json["met"] = *figure.met();
  }
  return json;
}

}  // namespace

double quantile(std::vector<double> values, double q) {
  check(!values.empty());
  std::sort(values.begin(), values.end());
  const long place = std::lround(q * static_cast<double>(values.size() - 1));
  return values[static_cast<std::size_t>(place)];
}

double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

std::vector<double> Figure::ratios() const {
  check(limits.size() == values.size() || limits.empty());
  std::vector<double> ratios;
  for (std::size_t i = 0; i < limits.size(); ++i) ratios.push_back(values[i] / limits[i]);
  return ratios;
}

std::optional<bool> Figure::met() const {
  if (!target) return std::nullopt;
  const double got = median(limits.empty() ? values : ratios());
  return target->bound == Bound::at_least ? got >= target->value : got <= target->value;
}

Report::Report(Form form, std::string data_folder)
    : form_(form), data_folder_(std::move(data_folder)) {
  if (form_ == Form::json) return;
  std::cout << std::thread::hardware_concurrency() << " cores, " << processor_name() << "; data in "
            << data_folder_ << "\n"
            << noise << "\nShown: median (lowest-highest) of the rounds.\n\n"
            << std::flush;
}

void Report::add(Figure figure) {
  if (form_ == Form::text) std::cout << line_of(figure) << std::flush;
  figures_.push_back(std::move(figure));
}

void Report::skip(const std::string& name, const std::string& why) {
  if (form_ == Form::text) std::cout << "SKIPPED " << name << ": " << why << "\n" << std::flush;
  skipped_[name] = why;
}

void Report::finish(double seconds) {
  if (form_ == Form::text) {
    std::cout << "\nTook " << number(seconds) << " s.\n";
    return;
  }
  Json json = {{"machine",
                {{"cores", std::thread::hardware_concurrency()},
                 {"processor", processor_name()},
                 {"data_folder", data_folder_}}},
               {"note", noise},
               {"seconds", seconds},
               {"figures", Json::object()},
               {"skipped", skipped_}};
  for (const Figure& figure : figures_) json["figures"][figure.name] = json_of(figure);
  std::cout << json.dump(2) << "\n";
}

}  // namespace cpl::bench
