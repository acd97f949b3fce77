// How many streams may be open, of one address and of all. Any thread.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "crypto/mutex.hpp"
#include "crypto/result.hpp"

namespace cpl {

class StreamLimits {
 public:
  struct Options {
    std::uint64_t streams_max = 8'000;
    // Many readers may stand behind one address: a proxy, a company.
    std::uint64_t streams_per_address_max = 200;
  };
  struct Stats {
    std::uint64_t open = 0;
    std::uint64_t refused = 0;
  };

  explicit StreamLimits(Options options) : options_(options) {}

  // A stream's place: given back when it is destroyed. These limits outlive it.
  class Place {
   public:
    Place(StreamLimits& limits, std::string address)
        : limits_(limits), address_(std::move(address)) {}
    ~Place() { limits_.give_back(address_); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    StreamLimits& limits_;
    const std::string address_;
  };

  Result<std::unique_ptr<Place>> take(const std::string& address);
  Stats stats() const;

 private:
  void give_back(const std::string& address);

  const Options options_;
  mutable Mutex mutex_;
  std::unordered_map<std::string, std::uint64_t> open_of_ GUARDED_BY(mutex_);
  std::uint64_t open_ GUARDED_BY(mutex_) = 0;
  std::uint64_t refused_ GUARDED_BY(mutex_) = 0;
};

}  // namespace cpl
