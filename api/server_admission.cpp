#include "api/server_admission.hpp"

namespace cpl {
namespace {

// So many at a time are told in good order why they are refused.
constexpr std::uint64_t told_max = 64;
// No more than this many of them for one that has too many itself: the others may yet find room.
constexpr std::uint64_t told_of_one_max = 32;
// And so few where descriptors are short.
constexpr int told_descriptors = 4;
constexpr std::size_t network_octets = 8;

std::unordered_set<std::string> sources_of(const std::vector<std::string>& addresses) {
  std::unordered_set<std::string> sources;
  for (const std::string& address : addresses) {
    boost::system::error_code none;
    const auto parsed = boost::asio::ip::make_address(address, none);
    if (!none) sources.insert(source_of(parsed));
  }
  return sources;
}

}  // namespace

std::string source_of(const boost::asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  const auto v6 = address.to_v6();
  if (v6.is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_string();
  }
  auto network = v6.to_bytes();
  if (v6.is_loopback()) return v6.to_string();
  std::fill(network.begin() + network_octets, network.end(), std::uint8_t{0});
  return boost::asio::ip::address_v6(network).to_string();
}

ConnectionBook::ConnectionBook(const ServerLimits& limits)
    : served_max_(limits.connections_max),
      of_one_max_(limits.connections_per_address_max),
      proxies_(sources_of(limits.proxies)),
      descriptors_max_(limits.descriptors_max) {}

void ConnectionBook::keep_descriptors(int below) {
  const std::lock_guard lock(mutex_);
  descriptors_max_ = std::max(descriptors_max_, below);
}

// The system gives the lowest number that is free: a high one says that all below it are in use.
Admission ConnectionBook::judge(const std::string& source, int descriptor) const {
  const auto of_one = served_of_.find(source);
  if (of_one != served_of_.end() && of_one->second >= of_one_max_ && !proxies_.contains(source)) {
    return Admission::too_many_of_one;
  }
  return served_ >= served_max_ || descriptor >= descriptors_max_ ? Admission::full
                                                                  : Admission::served;
}

std::unique_ptr<ConnectionBook::Place> ConnectionBook::take(const std::string& source,
                                                            int descriptor) {
  const std::lock_guard lock(mutex_);
  const Admission admission = judge(source, descriptor);
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
  const std::lock_guard lock(mutex_);
  check(place.admission_ == Admission::full);
  place.admission_ = Admission::served;
  --told_;
  --refused_;
  ++served_;
  ++served_of_[place.source_];
}

void ConnectionBook::give_back(const Place& place) {
  const std::lock_guard lock(mutex_);
  if (place.admission_ != Admission::served) {
    --told_;
    return;
  }
  --served_;
  const auto of_one = served_of_.find(place.source_);
  if (--of_one->second == 0) served_of_.erase(of_one);
}

std::uint64_t ConnectionBook::open() const {
  const std::lock_guard lock(mutex_);
  return served_ + told_;
}

std::uint64_t ConnectionBook::refused() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

}  // namespace cpl
