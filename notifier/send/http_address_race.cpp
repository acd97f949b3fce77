#include "notifier/send/http_address_race.hpp"

#include <algorithm>

namespace cpl {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

constexpr std::size_t addresses_max = 8;

asio::ip::address address_of(const IpAddress& address) {
  if (address.is_v6) return asio::ip::address_v6(address.octets);
  asio::ip::address_v4::bytes_type octets;
  std::copy_n(address.octets.begin(), octets.size(), octets.begin());
  return asio::ip::address_v4(octets);
}

}  // namespace

AddressRace::AddressRace(asio::io_context& context, std::vector<IpAddress> addresses,
                         std::uint16_t port, std::chrono::milliseconds limit)
    : context_(context),
      addresses_(std::move(addresses)),
      port_(port),
      limit_(limit),
      outcome_(std::make_shared<OneShot<Outcome>>(context.get_executor())),
      pacer_(context) {
  check(!addresses_.empty());
}

std::shared_ptr<OneShot<AddressRace::Outcome>> AddressRace::start() {
  start_next();
  return outcome_;
}

void AddressRace::start_next() {
  if (over_ || runners_.size() == addresses_.size()) return;
  const std::size_t place = runners_.size();
  runners_.push_back(std::make_unique<Runner>(context_));
  Runner& runner = *runners_.back();
  runner.timer.expires_after(limit_);
  runner.timer.async_wait([self = shared_from_this(), &runner](const Code& error) {
    if (error || self->over_) return;
    runner.timed_out = true;
    Code ignored;
    runner.socket.close(ignored);
  });
  const tcp::endpoint endpoint(address_of(addresses_[place]), port_);
  runner.socket.async_connect(endpoint, [self = shared_from_this(), place](const Code& error) {
    self->finished(place, error);
  });
  pacer_.expires_after(head_start);
  pacer_.async_wait([self = shared_from_this()](const Code& error) {
    if (!error) self->start_next();
  });
}

void AddressRace::finished(std::size_t place, const Code& error) {
  if (over_) return;
  Runner& runner = *runners_[place];
  runner.timer.cancel();
  if (!error && !runner.timed_out) {
    return end({std::move(runner.socket), addresses_[place], std::move(failed_), {}});
  }
  failed_.push_back(addresses_[place]);
  const Code reason = runner.timed_out ? Code(asio::error::timed_out) : error;
  if (failed_.size() == addresses_.size()) return end({{}, {}, std::move(failed_), reason});
  start_next();
}

void AddressRace::end(Outcome outcome) {
  close_all();
  outcome_->complete(std::move(outcome));
}

void AddressRace::stop() {
  if (over_) return;
  close_all();
  outcome_->abandon();
}

void AddressRace::close_all() {
  over_ = true;
  pacer_.cancel();
  for (const auto& runner : runners_) {
    runner->timer.cancel();
    Code ignored;
    runner->socket.close(ignored);
  }
}

std::vector<IpAddress> addresses_in_turn(const std::vector<IpAddress>& addresses) {
  std::vector<IpAddress> first;  // Of the family of the first one.
  std::vector<IpAddress> second;
  for (const IpAddress& address : addresses) {
    auto& family = address.is_v6 == addresses.front().is_v6 ? first : second;
    if (std::find(family.begin(), family.end(), address) == family.end()) {
      family.push_back(address);
    }
  }
  std::vector<IpAddress> turns;
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) turns.push_back(first[i]);
    if (i < second.size()) turns.push_back(second[i]);
  }
  if (turns.size() > addresses_max) turns.resize(addresses_max);
  return turns;
}

}  // namespace cpl
