// Who may have how many connections: each has a place, which is given back when it ends. Any
// thread.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "api/server/server.hpp"
#include "crypto/mutex.hpp"

namespace cpl {

enum class Admission : std::uint8_t {
  served,
  full,             // No room, unless one that owes a request gives way.
  too_many_of_one,  // Its address has as many as one may.
};

class ConnectionBook {
 public:
  class Place {
   public:
    Place(ConnectionBook& book, std::string source, Admission admission)
        : book_(book), source_(std::move(source)), admission_(admission) {}
    ~Place() { book_.give_back(*this); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    Admission admission() const { return admission_; }
    // Another gave way to it.
    void serve() { book_.serve(*this); }

   private:
    friend class ConnectionBook;
    ConnectionBook& book_;
    const std::string source_;
    Admission admission_;
  };

  ConnectionBook(const ServerLimits& limits, const ProxyRules& proxies);

  // `descriptor` is the connection's. Null: it is refused, and there is no place even to wait while
  // it is told why.
  std::unique_ptr<Place> take(const std::string& address, int descriptor);
  std::uint64_t open() const;     // With those that are being told why they are refused.
  std::uint64_t refused() const;  // Since the start.
  void keep_descriptors(int below);

 private:
  void serve(Place& place);
  void give_back(const Place& place);
  Admission judge(const std::string& address, const std::string& source, int descriptor) const
      REQUIRES(mutex_);
  bool is_proxy(const std::string& address) const;

  const std::uint64_t served_max_;
  const std::uint64_t of_one_max_;
  const std::vector<IpAddress> proxies_;  // Each stands for many.
  mutable Mutex mutex_;
  int descriptors_max_ GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::uint64_t> served_of_ GUARDED_BY(mutex_);
  std::uint64_t served_ GUARDED_BY(mutex_) = 0;
  std::uint64_t told_ GUARDED_BY(mutex_) = 0;
  std::uint64_t refused_ GUARDED_BY(mutex_) = 0;
};

}  // namespace cpl
