// A products list of invented devices that looks like a real one: for demonstrations, measurements
// and tests. The same arguments give the same list on every machine.
#pragma once

#include "registry/statement/model.hpp"

namespace cpl {

// Sound by check_device_model, with the certificates and image hashes that a default charter asks
// for, none of them expired at `today`. Every natural key is unique; a predecessor stands before
// its successors; entry ids count from CPL-000001. `count` is at most sample_count_max.
std::vector<DeviceModel> sample_models(std::size_t count, std::uint64_t seed, const Date& today);

inline constexpr std::size_t sample_count_max = 10'000'000;

// The same list one by one, for what is too large for memory.
class SampleList {
 public:
  SampleList(std::size_t count, std::uint64_t seed, const Date& today);
  ~SampleList();
  SampleList(const SampleList&) = delete;
  SampleList& operator=(const SampleList&) = delete;

  std::optional<DeviceModel> next();  // Nothing after the last.

 private:
  class Maker;
  std::unique_ptr<Maker> maker_;
};

}  // namespace cpl
