#include "api/server/worker.hpp"

#include <boost/asio/post.hpp>

namespace cpl {
namespace {

// So many connections are woken before others of the thread get a turn.
constexpr std::size_t woken_at_once = 256;

std::chrono::milliseconds sweep_interval_for(const ServerLimits& limits) {
  const auto shortest =
      std::min({limits.idle, limits.header_read, limits.body_read, limits.write, limits.drain});
  return std::clamp(shortest / 8, std::chrono::milliseconds(10), std::chrono::milliseconds(1000));
}

}  // namespace

ServerShared::ServerShared(ServerOptions server_options, HttpHandler http_handler)
    : options(std::move(server_options)),
      handler(std::move(http_handler)),
      sweep_interval(sweep_interval_for(options.limits)),
      connections(options.limits, options.proxies) {}

Connection::Connection(Worker& worker, std::unique_ptr<ConnectionBook::Place> room)
    : worker_(worker), owes_since_(worker.now()), room_(std::move(room)) {
  worker_.add(*this);
}

Connection::~Connection() { worker_.remove(*this); }

void Connection::owe_request() { owes_since_ = worker_.now(); }

void Connection::have_request() {
  owes_since_ = std::chrono::steady_clock::time_point::max();
  has_asked_ = true;
}

bool Connection::owes_more_than(const Connection& other) const {
  if (has_asked_ != other.has_asked_) return !has_asked_;
  return owes_since_ < other.owes_since_;
}

void Connection::give_way() {
  owes_since_ = std::chrono::steady_clock::time_point::max();
  gave_way_ = true;
  cancel();
}

void Connection::allow(std::chrono::milliseconds time) {
  expired_ = false;
  // now() may be one sweep old: a peer never gets less time than it was promised.
  deadline_ = worker_.now() + worker_.shared().sweep_interval + time;
}

void Connection::on_sweep(std::chrono::steady_clock::time_point now) {
  if (now < deadline_) return;
  allow_forever();
  expired_ = true;
  cancel();
}

Worker::Worker(ServerShared& shared)
    : shared_(shared), work_(context_.get_executor()), timer_(context_.get_executor()) {
  sweep();
}

void Worker::run() {
  arm();
  context_.run();
}

void Worker::drain() {
  boost::asio::post(context_, [this] {
    draining_ = true;
    drain_end_ = now_ + shared_.sweep_interval + shared_.options.limits.drain;
    for (Connection* const connection : connections_) connection->on_drain();
    finish_if_drained();
  });
}

bool Worker::make_room() {
  Connection* most = nullptr;
  for (Connection* const connection : connections_) {
    if (!connection->owes_request()) continue;
    if (most == nullptr || connection->owes_more_than(*most)) most = connection;
  }
  if (most != nullptr) most->give_way();
  return most != nullptr;
}

void Worker::add(Connection& connection) {
  connection.place_ = connections_.size();
  connections_.push_back(&connection);
}

void Worker::remove(Connection& connection) {
  connections_.back()->place_ = connection.place_;
  connections_[connection.place_] = connections_.back();
  connections_.pop_back();
  finish_if_drained();
}

void Worker::arm() {
  timer_.expires_after(shared_.sweep_interval);
  timer_.async_wait([this](const boost::system::error_code& error) {
    // A wait that had ended before finish_if_drained() cancelled it comes without an error.
    if (error || drained()) return;
    sweep();
    arm();
  });
}

void Worker::sweep() {
  now_ = std::chrono::steady_clock::now();
  date_ = http_date(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  for (Connection* const connection : connections_) {
    connection->on_sweep(now_);
    if (now_ >= drain_end_) connection->on_drain_end();
  }
}

void Worker::wake_streams() {
  if (wake_asked_.exchange(true)) return;
  boost::asio::post(context_, [this] {
    wake_asked_ = false;
    const bool under_way = to_wake_ > 0;
    to_wake_ = connections_.size();
    if (!under_way) wake_some();
  });
}

// From the last to the first: one that ends in between moves the last one into its place, which
// then is asked twice and never missed. One that comes in between reads what is newest by itself.
void Worker::wake_some() {
  for (std::size_t woken = 0; woken < woken_at_once && to_wake_ > 0; ++woken) {
    --to_wake_;
    if (to_wake_ < connections_.size()) connections_[to_wake_]->on_wake();
  }
  if (to_wake_ > 0) boost::asio::post(context_, [this] { wake_some(); });
}

void Worker::finish_if_drained() {
  if (!drained()) return;
  timer_.cancel();
  work_.reset();
}

}  // namespace cpl
