// Connects to the first of a host's addresses that lets it (RFC 8305, "Happy Eyeballs"): each is
// tried a little after the one before, or at once when that one has failed. One thread. No
// coroutine itself, since its handlers are lambdas.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "notifier/send/one_shot.hpp"
#include "notifier/send/target_rules.hpp"

namespace cpl {

class AddressRace final : public std::enable_shared_from_this<AddressRace> {
 public:
  using Executor = boost::asio::io_context::executor_type;
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

  struct Outcome {
    std::optional<Socket> socket;  // Connected to `address`; none: all have failed.
    IpAddress address;
    std::vector<IpAddress> failed;    // The others were not tried to the end.
    boost::system::error_code error;  // Of the last that failed.
  };

  static constexpr std::chrono::milliseconds head_start{250};

  // At least one address. Each has `limit` from its own start.
  AddressRace(boost::asio::io_context& context, std::vector<IpAddress> addresses,
              std::uint16_t port, std::chrono::milliseconds limit);

  // Once. The outcome comes by what it returns, which this object outlives.
  std::shared_ptr<OneShot<Outcome>> start();
  // Ends what is under way; no outcome comes any more, and who waits for it is woken without.
  void stop();

 private:
  struct Runner {
    explicit Runner(boost::asio::io_context& context) : socket(context), timer(context) {}
    Socket socket;
    boost::asio::steady_timer timer;
    bool timed_out = false;
  };

  void start_next();
  void finished(std::size_t place, const boost::system::error_code& error);
  void end(Outcome outcome);
  void close_all();

  boost::asio::io_context& context_;
  const std::vector<IpAddress> addresses_;
  const std::uint16_t port_;
  const std::chrono::milliseconds limit_;
  const std::shared_ptr<OneShot<Outcome>> outcome_;
  boost::asio::steady_timer pacer_;
  std::vector<std::unique_ptr<Runner>> runners_;  // Of the addresses that were started.
  std::vector<IpAddress> failed_;
  bool over_ = false;
};

// The order in which to try them: families take turns, the first being the system's choice, each
// address once and no more than a few.
std::vector<IpAddress> addresses_in_turn(const std::vector<IpAddress>& addresses);

}  // namespace cpl
