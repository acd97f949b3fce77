#include "api/server/admission.hpp"

namespace cpl {
namespace {

// So many at a time are told in good order why they are refused.
constexpr std::uint64_t told_max = 64;
// No more than this many of them for one that has too many itself: the others may yet find room.
constexpr std::uint64_t told_of_one_max = 32;
// And so few where descriptors are short.
constexpr int told_descriptors = 4;

}  // namespace

ConnectionBook::ConnectionBook(const ServerLimits& limits, const ProxyRules& proxies)
    : served_max_(limits.connections_max),
      of_one_max_(limits.connections_per_address_max),
      proxies_(proxies.proxies),
      descriptors_max_(limits.descriptors_max) {}

void ConnectionBook::keep_descriptors(int below) {
  const Lock lock(mutex_);
  descriptors_max_ = std::max(descriptors_max_, below);
}

// The system gives the lowest number that is free: a high one says that all below it are in use.
Admission ConnectionBook::judge(const std::string& address, const std::string& source,
                                int descriptor) const {
  const auto of_one = served_of_.find(source);
  if (of_one != served_of_.end() && of_one->second >= of_one_max_ && !is_proxy(address)) {
    return Admission::too_many_of_one;
  }
  return served_ >= served_max_ || descriptor >= descriptors_max_ ? Admission::full
                                                                  : Admission::served;
}

bool ConnectionBook::is_proxy(const std::string& address) const {
  const auto read = parse_ip_address(address);
  return read &&
         std::find(proxies_.begin(), proxies_.end(), without_mapping(*read)) != proxies_.end();
}

std::unique_ptr<ConnectionBook::Place> ConnectionBook::take(const std::string& address,
                                                            int descriptor) {
  const std::string source = address_group(address);
  const Lock lock(mutex_);
  const Admission admission = judge(address, source, descriptor);
  if (admission == Admission::served) {
    ++served_;
    ++served_of_[source];
  } else {
    ++refused_;
    const bool is_short = descriptor >= descriptors_max_ + told_descriptors;
    if (is_short || told_ >= (admission == Admission::full ? told_max : told_of_one_max)) {
      return nullptr;
    }
    ++told_;
  }
  return std::make_unique<Place>(*this, source, admission);
}

void ConnectionBook::serve(Place& place) {
  const Lock lock(mutex_);
  check(place.admission_ == Admission::full);
  place.admission_ = Admission::served;
  --told_;
  --refused_;
  ++served_;
  ++served_of_[place.source_];
}

void ConnectionBook::give_back(const Place& place) {
  const Lock lock(mutex_);
  if (place.admission_ != Admission::served) {
    --told_;
    return;
  }
  --served_;
  const auto of_one = served_of_.find(place.source_);
  if (--of_one->second == 0) served_of_.erase(of_one);
}

std::uint64_t ConnectionBook::open() const {
  const Lock lock(mutex_);
  return served_ + told_;
}

std::uint64_t ConnectionBook::refused() const {
  const Lock lock(mutex_);
  return refused_;
}

}  // namespace cpl
