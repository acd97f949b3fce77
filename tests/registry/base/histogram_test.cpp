// Times in buckets, and how Prometheus reads them.
#include "registry/base/histogram.hpp"

#include <catch2/catch.hpp>

#include "registry/base/metric_text.hpp"

namespace cpl::testing::histogram_test {
namespace {

using namespace std::chrono_literals;

std::string text_of(const Histogram& histogram) {
  MetricText text;
  text.histogram("cpl_a_seconds", "How long.", histogram.counts());
  return text.take();
}

bool has(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("histogram: a time counts up to its own bound, and one microsecond more to the next") {
  Histogram histogram;
  histogram.add(100us);
  histogram.add(101us);
  histogram.add(0us);
  histogram.add(-5ms);  // No time that passes is so; it counts as nothing, and does not overflow.
  const HistogramCounts read = histogram.counts();
  CHECK(read.counts[0] == 3);
  CHECK(read.counts[1] == 1);
  CHECK(read.total_microseconds == 201);
}

TEST_CASE("histogram: what is beyond the last bound is counted, in +Inf alone") {
  Histogram histogram;
  histogram.add(10s);
  histogram.add(11s);
  const std::string text = text_of(histogram);
  CHECK(has(text, "cpl_a_seconds_bucket{le=\"1\"} 0"));
  CHECK(has(text, "cpl_a_seconds_bucket{le=\"10\"} 1"));
  CHECK(has(text, "cpl_a_seconds_bucket{le=\"+Inf\"} 2"));
  CHECK(has(text, "cpl_a_seconds_count 2"));
  CHECK(has(text, "cpl_a_seconds_sum 21"));
}

TEST_CASE("histogram: each bucket counts what is in those before it, in seconds") {
  Histogram histogram;
  histogram.add(200us);
  histogram.add(2ms);
  histogram.add(2'500us);
  histogram.add(3ms);
  const std::string text = text_of(histogram);
  CHECK(text.starts_with("# HELP cpl_a_seconds How long.\n# TYPE cpl_a_seconds histogram\n"));
  CHECK(has(text, "cpl_a_seconds_bucket{le=\"0.0001\"} 0"));
  CHECK(has(text, "cpl_a_seconds_bucket{le=\"0.00025\"} 1"));
  CHECK(has(text, "cpl_a_seconds_bucket{le=\"0.001\"} 1"));
  CHECK(has(text, "cpl_a_seconds_bucket{le=\"0.0025\"} 3"));
  CHECK(has(text, "cpl_a_seconds_bucket{le=\"0.005\"} 4"));
  CHECK(has(text, "cpl_a_seconds_sum 0.0077"));
}

}  // namespace cpl::testing::histogram_test
