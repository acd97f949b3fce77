#include "tools/bench/receiver.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <thread>

#include "crypto/encoding.hpp"
#include "crypto/mutex.hpp"
#include "notifier/event/event.hpp"
#include "notifier/send/tls.hpp"
#include "tools/bench/sockets.hpp"

namespace cpl::bench {
namespace {

using Clock = std::chrono::steady_clock;
using ReceiverStream = asio::ssl::stream<Socket>;
using ReceivedRequest = http::request<http::string_body>;
using ReceiverResponse = http::response<http::string_body>;

constexpr std::string_view event_prefix = "msg_";
constexpr std::string_view challenge_member = "\"challenge\":\"";

asio::ssl::context server_context(const Certificate& certificate) {
  auto context = strict_tls_context(asio::ssl::context::tls_server);
  context.use_certificate_chain_file(certificate.certificate_file.string());
  context.use_private_key_file(certificate.key_file.string(), asio::ssl::context::pem);
  return context;
}

std::string text_of(const ReceivedRequest& request, const char* name) {
  return std::string(request[name]);
}

// What is asked for in a challenge; empty where the message is none.
std::string challenge_in(const std::string& body) {
  const auto at = body.find(challenge_member);
  if (at == body.npos) return "";
  const auto begin = at + challenge_member.size();
  return body.substr(begin, body.find('"', begin) - begin);
}

ReceiverResponse answer_to(const ReceivedRequest& request) {
  ReceiverResponse response(http::status::ok, 11);
  response.set(http::field::server, "bare");
  if (request.method() == http::verb::options) response.set("WebHook-Allowed-Origin", "*");
  const std::string challenge = challenge_in(request.body());
  if (!challenge.empty()) {
    response.set(http::field::content_type, "application/json");
    response.body() = "{\"challenge\":\"" + challenge + "\"}";
  }
  response.prepare_payload();
  return response;
}

}  // namespace

class Receiver::Impl {
 public:
  Impl(const Certificate& certificate, std::size_t parties)
      : tls_(server_context(certificate)), next_(parties), acceptor_(context_.get_executor()) {
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), 0);
    acceptor_.open(endpoint.protocol());
    acceptor_.bind(endpoint);
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
    asio::co_spawn(context_.get_executor(), accept(), asio::detached);
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Impl() {
    context_.stop();
    thread_.join();
  }

  std::uint16_t port() const { return port_; }

  void hang(std::size_t parties) {
    const Lock lock(mutex_);
    hanging_ = parties;
  }

  void expect(EntryIndex from) {
    const Lock lock(mutex_);
    std::fill(next_.begin(), next_.end(), from);
    received_ = repeated_ = missing_ = 0;
    latencies_ms_.clear();
    kept_.clear();
    since_ = Clock::now();
  }

  Result<void> await(std::uint64_t events, std::chrono::milliseconds time_max) {
    Lock lock(mutex_);
    const bool came =
        came_.wait_for(lock, time_max, [&] { return received_ >= events || missing_ > 0; });
    if (came && missing_ == 0) return {};
    return Error{Errc::unavailable, "deliveries-failed",
                 missing_ > 0 ? "an event came to a Party before one that precedes it"
                              : "of " + std::to_string(events) + " events only " +
                                    std::to_string(received_) + " came"};
  }

  std::uint64_t received() const {
    const Lock lock(mutex_);
    return received_;
  }
  std::uint64_t repeated() const {
    const Lock lock(mutex_);
    return repeated_;
  }
  std::vector<double> latencies_ms() const {
    const Lock lock(mutex_);
    return latencies_ms_;
  }
  std::vector<Received> kept() const {
    const Lock lock(mutex_);
    return kept_;
  }

 private:
  Awaitable<void> accept() {
    boost::system::error_code error;
    auto token = asio::redirect_error(awaited, error);
    while (true) {
      Socket socket(acceptor_.get_executor());
      co_await acceptor_.async_accept(socket, token);
      if (error) co_return;
      asio::co_spawn(acceptor_.get_executor(), serve(std::move(socket)), asio::detached);
    }
  }

  Awaitable<void> serve(Socket socket) {
    boost::system::error_code error;
    auto token = asio::redirect_error(awaited, error);
    socket.set_option(tcp::no_delay(true), error);
    ReceiverStream stream(std::move(socket), tls_);
    co_await stream.async_handshake(asio::ssl::stream_base::server, token);
    boost::beast::flat_buffer buffer;
    while (!error) {
      ReceivedRequest request;
      co_await http::async_read(stream, buffer, request, token);
      if (error) break;
      if (!take(request)) {
        // Until the other side has had enough.
        ReceivedRequest never;
        co_await http::async_read(stream, buffer, never, token);
        break;
      }
      const ReceiverResponse response = answer_to(request);
      co_await http::async_write(stream, response, token);
    }
  }

  // False: this Party hangs.
  bool take(const ReceivedRequest& request) {
    const auto now = Clock::now();
    const auto party = from_decimal(std::string_view(request.target()).substr(1));
    if (!party || *party >= next_.size()) return true;
    const Lock lock(mutex_);
    if (*party < hanging_) return false;
    const std::string id = text_of(request, "webhook-id");
    if (!id.starts_with(event_prefix)) return true;
    const auto sequence = parse_sequence(std::string_view(id).substr(event_prefix.size()));
    if (sequence) note(*party, *sequence, now, request);
    return true;
  }

  void note(std::size_t party, EntryIndex sequence, Clock::time_point now,
            const ReceivedRequest& request) {
    if (sequence < next_[party]) {
      ++repeated_;
      return;
    }
    if (sequence == next_[party]) {
      ++next_[party].value;
      ++received_;
      const std::chrono::duration<double, std::milli> late = now - since_;
      if (latencies_ms_.size() < latencies_max) latencies_ms_.push_back(late.count());
      if (party + 1 == next_.size() && kept_.size() < kept_max) {
        kept_.push_back({text_of(request, "webhook-id"), text_of(request, "webhook-timestamp"),
                         text_of(request, "webhook-signature"), request.body()});
      }
    } else {
      ++missing_;
    }
    came_.notify_all();
  }

  static constexpr std::size_t latencies_max = 100'000;

  asio::io_context context_{1};
  asio::ssl::context tls_;
  mutable Mutex mutex_;
  Condition came_;
  std::vector<EntryIndex> next_;  // Of each Party. Guarded by mutex_, as are those up to since_.
  std::size_t hanging_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t repeated_ = 0;
  std::uint64_t missing_ = 0;
  std::vector<double> latencies_ms_;
  std::vector<Received> kept_;
  Clock::time_point since_;
  Acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

Receiver::Receiver(const Certificate& certificate, std::size_t parties)
    : impl_(std::make_unique<Impl>(certificate, parties)) {}
Receiver::~Receiver() = default;

std::uint16_t Receiver::port() const { return impl_->port(); }
std::string Receiver::host_of(std::size_t party) const {
  return "party-" + std::to_string(party) + "." + domain;
}
std::string Receiver::url_of(std::size_t party) const {
  return "https://" + host_of(party) + ":" + std::to_string(port()) + "/" + std::to_string(party);
}
void Receiver::hang(std::size_t parties) { impl_->hang(parties); }
void Receiver::expect(EntryIndex from) { impl_->expect(from); }
Result<void> Receiver::await(std::uint64_t events, std::chrono::milliseconds time_max) {
  return impl_->await(events, time_max);
}
std::uint64_t Receiver::received() const { return impl_->received(); }
std::uint64_t Receiver::repeated() const { return impl_->repeated(); }
std::vector<double> Receiver::latencies_ms() const { return impl_->latencies_ms(); }
std::vector<Received> Receiver::kept() const { return impl_->kept(); }

}  // namespace cpl::bench
